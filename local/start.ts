/** `npm start`: a whole cluster on this machine, until Ctrl-C. */
import { Cluster } from './cluster.ts';
import { fillDemo } from './demo.ts';
import { watchSources } from './dev.ts';
import { reason, SetupError } from './errors.ts';
import { withErrors } from './exit.ts';
import { parseStart, START_HELP, type StartOptions } from './options.ts';
import { createOutput, seconds, type Output } from './output.ts';

await withErrors(async () => {
  const options = parseStart(process.argv.slice(2));
  if (options === 'help') return console.log(START_HELP);
  await main(options, createOutput());
});

async function main(options: StartOptions, output: Output): Promise<void> {
  const before = performance.now();
  const cluster = new Cluster({
    ...options,
    code: options.dev ? 'source' : 'built',
    vite: options.dev,
    // In development a lower cost of bcrypt is allowed, and errors may say more.
    ...(options.dev ? { env: { NODE_ENV: 'development' } } : {}),
    output,
  });
  const stopped = stopOnSignals(cluster, output);
  console.log('');
  await cluster.start();
  if (options.demo)
    await fillDemo(cluster, output).catch((error: unknown) => output.warn('demo', reason(error)));
  if (options.dev) watchSources(cluster, output);
  output.line('certificate', `signed by ${cluster.caCertificate} (npm run trust lets browsers accept it)`);
  console.log(
    `\n  ready in ${seconds(performance.now() - before)}  →  ${cluster.origin}     Ctrl-C stops all of it\n`,
  );
  await stopped;
}

/** Resolves when a signal came and everything has ended. Later signals change nothing: the order of the end is kept. */
function stopOnSignals(cluster: Cluster, output: Output): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      output.progress('stopping', 'gateways drain first, the store goes last');
      cluster.stop().then(() => {
        output.line('stopped', 'nothing is left running');
        resolve();
        // Whatever a timer or a watcher still waits for.
        process.exit();
      }, reject);
    };
    let asked = false;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => {
        if (asked) return;
        asked = true;
        stop();
      });
    process.on('uncaughtException', (error) => {
      output.warn('error', error instanceof SetupError ? error.message : (error.stack ?? error.message));
      process.exitCode = 1;
      if (asked) return;
      asked = true;
      stop();
    });
  });
}

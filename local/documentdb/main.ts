import { parseArgs } from 'node:util';
import { DEFAULT_ROOT } from './install.ts';
import { startDocumentDB } from './server.ts';

/** `main --data DIR [--root DIR] [--port N]`: runs the store until SIGTERM or SIGINT; see usage in the message below. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      root: { type: 'string', default: DEFAULT_ROOT },
      data: { type: 'string' },
      port: { type: 'string', default: '0' },
    },
  });
  const port = Number(values.port);
  if (!values.data || !Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new Error('usage: main --data DIR [--root DIR] [--port N]');
  }
  const log = (line: string) => console.error(line);
  const store = await startDocumentDB({ root: values.root, dataDir: values.data, port, log });
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    store.stop().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop).on('SIGINT', stop);
  void store.ended.then((reason) => {
    if (!stopping) fail(new Error(reason));
  });
  console.log(JSON.stringify({ ready: true, url: store.url }));
}

function fail(error: unknown): never {
  const reason = error instanceof Error ? error.message : String(error);
  console.error(reason.replaceAll('\n', ' '));
  process.exit(1);
}

main().catch(fail);

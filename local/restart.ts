/** `npm run restart [-- --data DIR]`: starts every node of a running cluster again, one after the other; nobody is cut off. */
import { requestRestart } from './control.ts';
import { withErrors } from './exit.ts';
import { parseRestart, RESTART_HELP } from './options.ts';
import { createOutput } from './output.ts';
import { pathsOf } from './paths.ts';
import { controlSocket } from './state.ts';

await withErrors(async () => {
  const options = parseRestart(process.argv.slice(2));
  if (options === 'help') return console.log(RESTART_HELP);
  const output = createOutput();
  output.progress('restart', 'one node after the other drains and starts again');
  await requestRestart(controlSocket(pathsOf(options.data)));
  output.line('restart', 'every API node and gateway runs anew');
});

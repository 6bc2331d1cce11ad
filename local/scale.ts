/** `npm run scale -- --gateways 4 --api 3 [--data DIR]`: adds nodes to a running cluster, or drains some. */
import { requestScale } from './control.ts';
import { withErrors } from './exit.ts';
import { parseScale, SCALE_HELP } from './options.ts';
import { createOutput } from './output.ts';
import { pathsOf } from './paths.ts';
import { controlSocket } from './state.ts';

await withErrors(async () => {
  const options = parseScale(process.argv.slice(2));
  if (options === 'help') return console.log(SCALE_HELP);
  const { api, gateways, data } = options;
  const output = createOutput();
  output.progress('scale', 'new nodes start, old ones drain');
  await requestScale(controlSocket(pathsOf(data)), { api, gateways });
  const told = [
    api === undefined ? '' : `${api} API ${api === 1 ? 'node' : 'nodes'}`,
    gateways === undefined ? '' : `${gateways} ${gateways === 1 ? 'gateway' : 'gateways'}`,
  ];
  output.line('scale', told.filter(Boolean).join(', '));
});

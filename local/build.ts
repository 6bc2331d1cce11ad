/** `npm run build`: compiles the server and the client into dist/, as `npm start` does when sources changed. */
import { build } from './compile.ts';
import { withErrors } from './exit.ts';
import { createOutput } from './output.ts';

await withErrors(async () => {
  await build({ output: createOutput() });
});

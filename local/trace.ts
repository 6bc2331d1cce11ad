/** `npm run trace -- ID [--logs FILE|-]… [--json] [--data DIR]`: a message's life, on the running cluster or any store. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { trace } from '../api/trace/run.ts';
import { reason, SetupError } from './errors.ts';
import { withErrors } from './exit.ts';
import { pathsOf } from './paths.ts';
import { readEnvironment } from './state.ts';

const HELP = `npm run trace -- ID [options]

  ID              a message's id (also that of a change or a void)
  --logs FILE     JSON lines of all nodes; - for standard input; can be repeated
  --json          the same for machines
  --data DIR      the data folder of the running cluster (.data)

Without --logs: the logs of the running cluster. With --logs and MONGODB_URL no cluster need run here.`;

await withErrors(async () => {
  const { values, positionals } = readArguments();
  if (values.help) return console.log(HELP);
  if (positionals.length !== 1) throw new SetupError('say which message: npm run trace -- ID (see --help)');
  const [id = ''] = positionals;
  const question = { id, json: values.json, ...(await sources(values.logs, values.data)) };
  const answer = await trace(question).catch((error: unknown) => {
    throw new SetupError(reason(error), { cause: error });
  });
  process.stdout.write(answer);
});

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        logs: { type: 'string', multiple: true, default: [] },
        json: { type: 'boolean', default: false },
        data: { type: 'string', default: '.data' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
  } catch (error) {
    // Node's own sentence goes on with advice for positional arguments.
    const [first = ''] = reason(error).split(/\. (?:To|This)/);
    throw new SetupError(`${first.replace(/\.$/, '')} (see --help)`, { cause: error });
  }
}

async function sources(
  given: readonly string[],
  data: string,
): Promise<{ readonly mongodbUrl: string; readonly logs: readonly string[] }> {
  const url = process.env['MONGODB_URL'];
  if (given.length > 0 && url !== undefined) return { mongodbUrl: url, logs: given };
  const paths = pathsOf(data);
  const { mongodbUrl } = await readEnvironment(paths);
  return { mongodbUrl, logs: given.length > 0 ? given : await nodeLogs(paths.logs) };
}

/** The logs of API nodes and gateways, those that were moved away included; also of nodes that run no more. */
async function nodeLogs(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /^(api|gateway)-.+\.log(\.1)?$/.test(name)).map((name) => join(folder, name));
}

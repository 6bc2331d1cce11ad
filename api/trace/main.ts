/** `trace ID [--logs FILE|-]… [--json]`: a message's life, from the store at MONGODB_URL and the logs of all nodes. */
import { parseArgs } from 'node:util';
import { readApiConfig } from '../../shared/node/config.ts';
import { trace } from './run.ts';

const USAGE =
  'Usage: trace ID [--logs FILE|-]... [--json]   (MONGODB_URL names the store; - is standard input)';

async function run(): Promise<string> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      logs: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
    },
  });
  const [id = '', ...others] = positionals;
  if (id === '' || others.length > 0) throw new Error(USAGE);
  // Of the environment of an API node only this: no secret is needed to read.
  const url = process.env['MONGODB_URL'];
  const { MONGODB_URL: mongodbUrl } = readApiConfig(url === undefined ? {} : { MONGODB_URL: url });
  return trace({ id, mongodbUrl, ...values });
}

try {
  process.stdout.write(await run());
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

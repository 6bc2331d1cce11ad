/** `npm run admin -- --grant NAME | --revoke NAME | --reset NAME [--data DIR]`: on the store of the running cluster. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { reason, SetupError } from './errors.ts';
import { withErrors } from './exit.ts';
import { pathsOf, ROOT } from './paths.ts';
import { loadSecrets } from './secrets.ts';
import { readEnvironment } from './state.ts';

const HELP = `npm run admin -- [one of these]

  --grant NAME    makes a registered user an administrator of the server
  --revoke NAME   takes that back
  --reset NAME    prints a link to set a new password, good once and for an hour
  --data DIR      the data folder of the running cluster (.data)

NAME is a username or an e-mail address.`;

const COMMANDS = ['grant', 'revoke', 'reset'] as const;

await withErrors(async () => {
  const argv = process.argv.slice(2);
  if (argv.includes('--help') || argv.includes('-h')) return console.log(HELP);
  const { data, args } = read(argv);
  const paths = pathsOf(data);
  const { mongodbUrl, redisUrl, origin } = await readEnvironment(paths);
  const { JWT_SECRET, INTERNAL_SECRET, REFRESH_SECRET } = await loadSecrets(paths.secrets);
  const child = spawn(process.execPath, ['--import', 'tsx', join(ROOT, 'api/admin/main.ts'), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
    env: {
      ...process.env,
      NODE_ENV: 'production',
      ...{ MONGODB_URL: mongodbUrl, REDIS_URL: redisUrl, PUBLIC_ORIGIN: origin },
      ...{ JWT_SECRET, INTERNAL_SECRET, REFRESH_SECRET },
    },
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? 1;
});

function read(argv: readonly string[]): { data: string; args: readonly string[] } {
  const options = {
    data: { type: 'string', default: '.data' },
    ...Object.fromEntries(COMMANDS.map((name) => [name, { type: 'string' } as const])),
  } as const;
  if (argv.length === 0)
    throw new SetupError('say what: --grant NAME, --revoke NAME or --reset NAME (see --help)');
  try {
    const { data, ...wishes } = parseArgs({ args: [...argv], options }).values as Record<string, string>;
    return {
      data: data ?? '.data',
      args: Object.entries(wishes).flatMap(([name, who]) => [`--${name}`, who]),
    };
  } catch (error) {
    throw new SetupError(`${reason(error)} (see --help)`, { cause: error });
  }
}

import { parseArgs } from 'node:util';
import { readApiConfig } from '../../shared/node/config.ts';
import { createLogger } from '../../shared/node/logger.ts';
import { ResetTokens } from '../services/reset-tokens.ts';
import { connectStore, ensureIndexes } from '../store/connect.ts';
import { UserStore } from '../store/users.ts';
import { grant, resetLink, revoke } from './commands.ts';

const USAGE = 'Usage: admin --grant NAME | --revoke NAME | --reset NAME';

/** Gives what to print. */
async function run(): Promise<string> {
  const { values } = parseArgs({
    options: { grant: { type: 'string' }, revoke: { type: 'string' }, reset: { type: 'string' } },
  });
  const [wish, ...others] = Object.entries(values);
  if (wish === undefined || others.length > 0) throw new Error(USAGE);
  const config = readApiConfig(process.env);
  const db = await connectStore(config.MONGODB_URL);
  try {
    await ensureIndexes(db, createLogger({ name: 'admin', level: 'silent' }));
    const users = new UserStore(db);
    const [command, name] = wish;
    if (command === 'grant') return await grant(users, name);
    if (command === 'revoke') return await revoke(users, name);
    return await resetLink(users, new ResetTokens(config.REFRESH_SECRET), config.PUBLIC_ORIGIN, name);
  } finally {
    await db.disconnect();
  }
}

try {
  process.stdout.write(`${await run()}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

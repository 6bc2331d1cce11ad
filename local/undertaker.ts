import { run } from './command.ts';

/**
 * A command in front of each child that lets the kernel end it (SIGTERM) when this process dies, however it dies; empty
 * where the system has none (then the next start ends what is left).
 */
export async function deathPrefix(): Promise<readonly string[]> {
  const command = ['setpriv', '--pdeathsig', 'TERM', '--'];
  const [program = '', ...args] = command;
  const { ok } = await run(program, [...args, 'true']);
  return ok ? command : [];
}

import { spawn } from 'node:child_process';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { enclosed, LOCK_HELD, type Enclosure } from './enclosure.ts';
import { DocumentDbUnavailable } from './errors.ts';
import { prepareExtension } from './extension.ts';
import { isInstalled } from './install.ts';
import { readLines, run, type Log } from './run.ts';
import { serverArguments, SOCKET_DIR, SUPERUSER } from './settings.ts';

export type Postgres = {
  /** Directory of its Unix socket, as this process reaches it; for pg's `host`. */
  readonly socketDir: string;
  /** Resolves with the reason when it has ended, be it by `stop` or by itself. */
  readonly ended: Promise<string>;
  /** Fast shutdown: ends sessions, writes a checkpoint; killed after 30 s, which loses nothing acknowledged. */
  stop(): Promise<void>;
};

const BIN = '/usr/lib/postgresql/18/bin';
/** Recovery after a crash replays at most `max_wal_size` (2 GB) of log. */
const START_DEADLINE_MS = 300_000;
const STOP_DEADLINE_MS = 30_000;
const PATH = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };

/**
 * Starts PostgreSQL of an installed root with its data in `dataDir` (made on the first start), and resolves once it
 * takes commands, which after a crash includes its recovery. It dies with this process, even by SIGKILL; call it from
 * the main thread, since the kernel takes the end of the calling thread for the end of the caller. Needs root; rejects
 * with DocumentDbUnavailable when another one has the data, or when PostgreSQL cannot start, with its own reason.
 */
export async function startPostgres(options: { root: string; dataDir: string; log: Log }): Promise<Postgres> {
  const { root, dataDir, log } = options;
  if (process.geteuid?.() !== 0) throw new DocumentDbUnavailable('DocumentDB can only be started by root.');
  if (!(await isInstalled(root))) throw new DocumentDbUnavailable(`DocumentDB is not installed in ${root}.`);
  await mkdir(dataDir, { recursive: true });
  const enclosure: Enclosure = { root, data: dataDir, lock: join(dataDir, 'lock'), user: 'postgres' };
  try {
    await initialise(enclosure, dataDir, log);
    const postgres = await launch(enclosure, log);
    await prepareExtension(postgres.socketDir).catch(async (cause: unknown) => {
      await postgres.stop();
      throw cause;
    });
    return postgres;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const held = reason.includes(`ended with ${LOCK_HELD}`);
    const why = held ? `another one is using ${dataDir}` : reason;
    throw new DocumentDbUnavailable(`PostgreSQL could not be started: ${why}`, cause);
  }
}

/** Makes the data directory, beside its place first: a start killed midway leaves nothing that looks complete. */
async function initialise(enclosure: Enclosure, dataDir: string, log: Log): Promise<void> {
  const made = await access(join(dataDir, 'pg')).then(() => true, () => false); // prettier-ignore
  if (made) return;
  log('DocumentDB: making its data directory');
  await rm(join(dataDir, 'pg.new'), { recursive: true, force: true });
  const options = ['--username', SUPERUSER, '--auth', 'trust', '--encoding', 'UTF8', '--locale', 'C'];
  await run(...enclosed(enclosure, [`${BIN}/initdb`, '-D', '/mnt/pg.new', ...options]), { env: PATH });
  await rename(join(dataDir, 'pg.new'), join(dataDir, 'pg'));
}

async function launch(enclosure: Enclosure, log: Log): Promise<Postgres> {
  const [command, args] = enclosed(enclosure, [`${BIN}/postgres`, '-D', '/mnt/pg', ...serverArguments()]);
  const child = spawn(command, args, { env: PATH, stdio: ['ignore', 'pipe', 'pipe'] });
  const tail: string[] = [];
  let pid = 0;
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code, signal) => {
      resolve([`PostgreSQL ended with ${code ?? signal}`, ...tail.slice(-3)].join(': '));
    });
  });
  const ready = new Promise<void>((resolve) => {
    readLines(child, (line) => {
      pid ||= Number(/^enclosed (\d+)$/.exec(line)?.[1] ?? 0);
      if (line.includes('database system is ready to accept connections')) resolve();
      tail.push(line);
      if (tail.length > 20) tail.shift();
      if (/\b(FATAL|PANIC):/.test(line) && !line.includes('due to administrator command'))
        log(`PostgreSQL: ${line}`);
    });
  });
  const late = setTimeout(() => {
    tail.push('not ready within 5 minutes');
    child.kill('SIGKILL');
  }, START_DEADLINE_MS);
  await Promise.race([ready, ended.then((reason) => Promise.reject(new Error(reason)))]);
  clearTimeout(late);
  return {
    socketDir: `/proc/${pid}/root${SOCKET_DIR}`,
    ended,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      // To PostgreSQL itself: the child here is what waits for it, and passes no signal on.
      signal(pid, 'SIGINT');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** It may have ended in between, which is what was wanted. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { takeLock } from '../local/files.ts';
import { pathsOf } from '../local/paths.ts';
import { reason } from '../local/errors.ts';
import { ApiError } from '../shared/sdk/errors.ts';
import { LoadError } from './errors.ts';
import { layOut, type Layout } from './layout.ts';
import { planMachine, type MachinePlan } from './machine.ts';
import type { LoadOptions } from './options.ts';
import { ensureRooms } from './people/rooms.ts';
import { Store } from './people/store.ts';
import { ensureUsers, type UsersMade } from './people/users.ts';
import { type Progress, thousands } from './progress.ts';
import { Rest } from './rest.ts';

/** All that must be there before the first socket opens. */
export interface Stage {
  readonly machine: MachinePlan;
  readonly layout: Layout;
  readonly rest: Rest;
  readonly store: Store;
  /** Room ids in the order of the layout's rooms. */
  readonly rooms: readonly string[];
  readonly ca: string | undefined;
  readonly users: UsersMade;
  readonly roomsMade: number;
  /** Lets another tester use the accounts. */
  readonly release: () => Promise<void>;
}

/** Users, tokens and rooms on the target, and how this machine shares the work. Rejects with LoadError. */
export async function prepare(options: LoadOptions, progress: Progress): Promise<Stage> {
  const machine = await planMachine(options);
  const layout = layOut(options);
  progress.say(describeMachine(options, machine));
  progress.say(describeLayout(options, layout));
  const ca = await authority(options);
  const rest = new Rest({ origin: options.url, ca, insecure: options.insecure });
  const store = new Store(storePath(options));
  const release = await lock(store.path);
  try {
    // Once, without patience: a target that is not there shall be said at once.
    await rest.open('GET', '/healthz');
    if (!options.fresh) await store.load();
    const users = await ensureUsers(rest, store, options.users, (done) =>
      progress.show(`accounts ${thousands(done)} of ${thousands(options.users)}`),
    );
    const { ids, made } = await ensureRooms(rest, store, layout.rooms, (done) =>
      progress.show(`rooms ${thousands(done)} of ${thousands(layout.rooms.length)}`),
    );
    progress.clear();
    progress.say(`           ${describePeople(users, made, ids.length)}`);
    return { machine, layout, rest, store, rooms: ids, ca, users, roomsMade: made, release };
  } catch (error) {
    await release();
    await rest.close();
    throw explain(error, options.url);
  }
}

/** Two testers must not use the same refresh tokens: each would end the other's sessions. */
async function lock(path: string): Promise<() => Promise<void>> {
  const taken = await takeLock(`${path}.lock`);
  if ('release' in taken) return taken.release;
  throw new LoadError(
    `another load test uses these accounts (process ${taken.heldBy.pid}): wait for it, or name another folder with --data`,
  );
}

const storePath = ({ url, data }: LoadOptions): string => {
  const { hostname, port, protocol } = new URL(url);
  const name = `${hostname.replace(/[^\w.-]/g, '_')}-${port || (protocol === 'https:' ? '443' : '80')}`;
  return join(pathsOf(data).data, 'load', `${name}.json`);
};

async function authority({ ca, data, insecure }: LoadOptions): Promise<string | undefined> {
  if (insecure) return undefined;
  const path = ca ?? join(pathsOf(data).tls, 'ca.crt');
  if (ca === undefined && !existsSync(path)) return undefined;
  return await readFile(path, 'utf8').catch((error: unknown) => {
    throw new LoadError(`the certificate authority cannot be read: ${reason(error)}`);
  });
}

function explain(error: unknown, url: string): unknown {
  if (!(error instanceof ApiError)) return error;
  const cause = rootOf(error.cause);
  const detail = cause === undefined ? error.message : reason(cause);
  const hint = /certificate|self.signed|issuer/i.test(detail)
    ? ' (name its authority with --ca, or use --insecure)'
    : '';
  return new LoadError(`${url}: ${detail}${hint}`, { cause: error });
}

/** What undici calls "fetch failed" has its reason below. */
function rootOf(cause: unknown): unknown {
  return cause instanceof Error && cause.cause !== undefined ? rootOf(cause.cause) : cause;
}

function describeMachine(
  { connections }: LoadOptions,
  { processes, files, cores, sources }: MachinePlan,
): string {
  const from = sources.length === 0 ? 'one address' : `${sources.length} addresses (${sources[0] ?? ''} …)`;
  return `machine    ${thousands(connections)} sockets in ${processes} process${processes === 1 ? '' : 'es'} from ${from}; ${cores} cores, ${thousands(files)} files a process`;
}

function describeLayout(options: LoadOptions, { rooms, lanes, audience }: Layout): string {
  const { mix, users, connections, rate } = options;
  const each = connections / users;
  const sizes = rooms.map(({ members }) => members.length);
  const members = rooms.length === 0 ? 0 : sizes.reduce((sum, size) => sum + size, 0) / rooms.length;
  const parts = [
    `${thousands(users)} users with ${each.toFixed(each < 10 ? 1 : 0)} sockets each`,
    `${thousands(rooms.length)} ${mix === 'dms' ? 'conversations' : rooms.length === 1 ? 'room' : 'rooms'} of ${members.toFixed(members < 10 ? 1 : 0)} users`,
    ...(lanes.length === 0
      ? []
      : [
          `each message to ${audience.toFixed(0)} sockets: ${thousands(rate)}/s make ${thousands(rate * audience)} deliveries/s`,
        ]),
  ];
  return `${mix.padEnd(10)} ${parts.join('; ')}`;
}

function describePeople({ made, reused, renewed }: UsersMade, roomsMade: number, rooms: number): string {
  return `${thousands(made)} accounts made, ${thousands(reused)} used again (${thousands(renewed)} tokens renewed); ${thousands(roomsMade)} rooms made, ${thousands(rooms - roomsMade)} used again`;
}

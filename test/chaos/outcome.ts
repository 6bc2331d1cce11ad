import type { MessagePage, Room } from '../../shared/wire/rest.ts';
import type { TestCluster } from '../support/cluster.ts';
import type { Account } from './account.ts';
import type { FreshRead, Outcome, Row, Unread } from './evidence.ts';
import type { History } from './history.ts';
import type { Population } from './population.ts';
import type { Rows } from './rows.ts';

const RETRY_PAUSE = 500;
const MAX_TRIES = 20;

/** What everyone holds, and what every API node reads out, now. */
export async function look(
  parley: TestCluster,
  people: Population,
  history: History,
  refused: Set<string>,
): Promise<Outcome> {
  const { devices, watchers, outsiders, rooms, host, accounts } = people;
  const nodes = parley.cluster.apiNodes.map((_, n) => parley.api(n));
  const [node] = nodes;
  if (node === undefined) throw new Error('no API node is left to look');
  for (const load of await Promise.allSettled(devices.map((device) => device.loadBack())))
    if (load.status === 'rejected') history.note('run', `loading back: ${String(load.reason)}`);
  const reads = await Promise.all(
    nodes.flatMap((origin) => rooms.map((room) => readRoom(host, origin, room, people.rows))),
  );
  const unread = (await Promise.all(accounts.map((account) => readUnread(account, node, rooms)))).flat();
  const readers = [...watchers, ...outsiders];
  return {
    views: [
      ...devices.flatMap((device) => device.views(refused)),
      ...readers.flatMap((reader) => reader.views()),
    ],
    ...{ reads, unread },
    stopped: devices.flatMap(({ name, stopped }) =>
      stopped === undefined ? [] : [{ device: name, reason: stopped }],
    ),
    arrivals: watchers.flatMap((watcher) => watcher.arrivals()),
  };
}

/** Reads a room page by page from its newest message to its first, from the API node at `origin`. */
async function readRoom(reader: Account, origin: string, room: string, rows: Rows): Promise<FreshRead> {
  const pages: Row[][] = [];
  let query = '?limit=200';
  for (;;) {
    const page = await get<MessagePage>(reader, origin, `/rooms/${room}/messages${query}`);
    pages.push(page.messages.map((message) => rows.of(message)));
    const [from, to] = page.complete;
    if (from > to || from <= 1) return { room, node: origin, rows: pages.reverse().flat() };
    query = `?limit=200&before=${from}`;
  }
}

/** What the API says of the user's unread messages in `rooms`. */
async function readUnread(account: Account, origin: string, rooms: readonly string[]): Promise<Unread[]> {
  const answer = await get<{ rooms: readonly Room[] }>(account, origin, '/rooms');
  return answer.rooms
    .filter(({ id }) => rooms.includes(id))
    .map(({ id, me }) => ({ user: account.id, room: id, readSeq: me.readSeq, unread: me.unread }));
}

async function get<T>(account: Account, origin: string, path: string): Promise<T> {
  for (let tries = 1; ; tries++) {
    const answer = await account.try<T>('GET', path, undefined, origin);
    if (answer?.status === 200) return answer.body;
    if (tries === MAX_TRIES)
      throw new Error(`GET ${path}: ${answer?.status} ${JSON.stringify(answer?.body)}`);
    await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE));
  }
}

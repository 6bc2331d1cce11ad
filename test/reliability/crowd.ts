import { call, type Person } from '../support/person.ts';
import type { Message, MessagePage } from '../../shared/wire/rest.ts';
import { judge, type Stored, type Violation } from './judge.ts';
import { Lane, overRest, overSocket, type Attempt } from './lane.ts';
import type { Ledger } from './ledger.ts';
import type { Network } from './network.ts';
import { Reader } from './reader.ts';
import type { Town } from './town.ts';

/** Sockets that open at once at the start: not what is measured. */
const OPENING = 200;
const POLL = 200;
const PAGE = 200;

/** `sockets` readers, dealt out to the people in turn, all of them ready. */
export async function openReaders(
  { people }: Town,
  sockets: number,
  shared: { readonly network: Network; readonly ledger: Ledger },
): Promise<readonly Reader[]> {
  const readers = Array.from({ length: sockets }, (_, i) => {
    const person = at(people, i % people.length);
    return new Reader({ name: `${person.username}/${Math.floor(i / people.length)}`, person, ...shared });
  });
  for (let i = 0; i < sockets; i += OPENING)
    await Promise.all(readers.slice(i, i + OPENING).map((reader) => reader.start()));
  return readers;
}

export interface Traffic {
  /** Messages a second, of all lanes together. */
  readonly rate: number;
  readonly lanes: number;
  readonly onAttempt?: (attempt: Attempt) => void;
}

/** Starts lanes over all rooms: every other one sends over REST, the rest over sockets. */
export function startLanes(
  town: Town,
  readers: readonly Reader[],
  ledger: Ledger,
  { rate, lanes: count, onAttempt }: Traffic,
): readonly Lane[] {
  const lanes = Array.from({ length: count }, (_, i) => {
    // Spread over the circle of people, so that all rooms are spoken in.
    const index = Math.floor((i * town.people.length) / count);
    const person = at(town.people, index);
    const rooms = town.roomsOf(index);
    const send = i % 2 === 0 ? overRest(person) : overSocket(at(readers, index % readers.length));
    const way = i % 2 === 0 ? 'rest' : 'socket';
    return new Lane({
      ...{ name: `${way} ${i}`, sender: person.id, room: at(rooms, i % rooms.length), send, ledger },
      interval: (1_000 * count) / rate,
      ...(onAttempt === undefined ? {} : { onAttempt }),
    });
  });
  for (const lane of lanes) lane.start();
  return lanes;
}

export interface Judged {
  readonly violations: readonly Violation[];
  /** ms until all views were equal to what is stored, or until the wait was over. */
  readonly settledMs: number;
  readonly messages: number;
  readonly stored: ReadonlyMap<string, readonly Stored[]>;
}

/** Waits until every reader has everything the API has, at most `withinMs`, then judges. */
export async function judgeAll(
  town: Town,
  readers: readonly Reader[],
  ledger: Ledger,
  withinMs: number,
): Promise<Judged> {
  const started = performance.now();
  const rooms = await readRooms(town);
  const heads = new Map([...rooms].map(([room, { head }]) => [room, head]));
  const isSettled = (): boolean => readers.every((reader) => reader.isReady && reader.has(heads));
  while (!isSettled() && performance.now() - started < withinMs)
    await new Promise((resolve) => setTimeout(resolve, POLL));
  const settledMs = performance.now() - started;
  const stored = new Map([...rooms].map(([room, { messages }]) => [room, messages]));
  const violations = judge(ledger, stored, views(readers));
  const messages = [...stored.values()].reduce((sum, { length }) => sum + length, 0);
  return { violations, settledMs, messages, stored };
}

/** One after the other: thousands of sets need not be listed at once. */
function* views(readers: readonly Reader[]): ReturnType<() => Generator<Reader['views'][number]>> {
  for (const reader of readers) yield* reader.views;
}

async function readRooms(town: Town): Promise<Map<string, { head: number; messages: Stored[] }>> {
  const rooms = new Map<string, { head: number; messages: Stored[] }>();
  for (const [i, person] of town.people.entries())
    for (const room of town.roomsOf(i)) if (!rooms.has(room)) rooms.set(room, await readRoom(person, room));
  return rooms;
}

async function readRoom(person: Person, room: string): Promise<{ head: number; messages: Stored[] }> {
  const newest = await page(person, room, '');
  const messages = [...newest.messages];
  for (let [from] = newest.complete; from > 1;) {
    const older = await page(person, room, `&before=${from}`);
    messages.unshift(...older.messages);
    if (older.complete[0] >= from) break;
    [from] = older.complete;
  }
  return { head: newest.head, messages: messages.map(toStored) };
}

const toStored = ({ seq, id, sender, clientId }: Message): Stored => ({
  seq,
  id,
  sender: sender.id,
  clientId,
});

async function page(person: Person, room: string, query: string): Promise<MessagePage> {
  const path = `/rooms/${room}/messages?limit=${PAGE}${query}`;
  const { status, body } = await call<MessagePage>(person.place, 'GET', path, { token: person.token });
  if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
  return body;
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`there is no item ${index}`);
  return item;
}

import { Agent } from 'undici';
import type { TestCluster } from '../support/cluster.ts';
import type { Person } from '../support/person.ts';
import { Account } from './account.ts';
import type { Guest } from './bouncer.ts';
import { Device } from './device.ts';
import { Editor } from './editor.ts';
import type { History } from './history.ts';
import type { Random } from './random.ts';
import { RestSender } from './rest-sender.ts';
import { Rows } from './rows.ts';
import { Watcher } from './watcher.ts';

export interface Population {
  /** Owner of all rooms, who is in all of them all the time. */
  readonly host: Account;
  readonly accounts: readonly Account[];
  readonly devices: readonly Device[];
  readonly senders: readonly RestSender[];
  readonly editors: readonly Editor[];
  /** Never taken out of a room; the steady ones lose their sockets only to faults. */
  readonly watchers: readonly Watcher[];
  readonly steady: ReadonlySet<Watcher>;
  /** Readers who are taken out of rooms and added again. */
  readonly outsiders: readonly Watcher[];
  readonly guests: readonly Guest[];
  readonly rooms: readonly string[];
  readonly channel: string;
  readonly churners: readonly Device[];
  readonly rows: Rows;
  /** Nobody takes the user out of the room, nor does the user leave. */
  isMember(user: string, room: string): boolean;
}
export interface PopulationOptions {
  readonly parley: TestCluster;
  /** Origin for the half of the clients that are behind the weak link. */
  readonly farOrigin: string;
  readonly history: History;
  readonly random: Random;
  readonly clients: number;
  readonly rooms: number;
  readonly refusesLog: boolean;
}

/** Every so many devices belong to the user of the one before. */
const SECOND_DEVICE = 4;
/** Every so many devices leave and join the channel. */
const CHURNER = 3;
const BOTS = 4;
const OUTSIDERS = 2;
/** The device whose user, who has a second one, is taken out as well. */
const BOTHERED = 2;

/** Registers people, opens rooms that all of them are in, and signs their devices in. */
export async function populate(options: PopulationOptions): Promise<Population> {
  const { parley, history, random, clients } = options;
  const bots = await many(BOTS, (i) => register(parley, `bot${i}`));
  const outside = await many(OUTSIDERS, (i) => register(parley, `out${i}`));
  const owners = await many(clients, (i) =>
    i % SECOND_DEVICE === SECOND_DEVICE - 1 ? undefined : register(parley, `c${i}`),
  );
  const accounts = [...bots, ...outside, ...owners.filter((owner) => owner !== undefined)];
  const [host] = bots;
  if (host === undefined) throw new Error('nobody there');
  const rooms = await openRooms(host, accounts, options.rooms);
  const rows = new Rows();
  const devices = owners.map((owner, i) => {
    const account = owner ?? owners[i - 1];
    if (account === undefined) throw new Error('no owner');
    return createDevice(options, i, account, rooms, rows);
  });
  for (const device of devices) await device.signIn();
  for (const device of devices) device.client.watch(accounts.map(({ id }) => id));
  // A user with a second device would take it out of the room as well.
  const churners = devices.filter((_, i) => i % SECOND_DEVICE < SECOND_DEVICE - 2 && i % CHURNER === 0);
  const [channel = '', ...groups] = rooms;
  const guests = guestsOf([...outside.map(({ id }) => id), devices[BOTHERED]?.user ?? ''], groups);
  const isMember = (user: string, room: string): boolean =>
    !guests.some((guest) => guest.user === user && guest.room === room) &&
    !(room === channel && churners.some((device) => device.user === user));
  const watcher = (account: Account, name: string, isFar: boolean): Watcher =>
    new Watcher({
      ...options,
      name,
      account,
      rooms,
      rows,
      origin: isFar ? options.farOrigin : parley.place.origin,
    });
  const watchers = bots.map((bot, i) => watcher(bot, `w${i}`, i % 2 === 1));
  return {
    ...{ host, accounts, devices, rooms, channel, churners, guests, rows, isMember, watchers },
    senders: bots.map((bot) => new RestSender(bot, history)),
    editors: accounts.map((account) => {
      return new Editor(account, history, random, (room) => isMember(account.id, room));
    }),
    steady: new Set(watchers.slice(0, BOTS / 2)),
    outsiders: outside.map((account, i) => watcher(account, `o${i}`, false)),
  };
}

async function openRooms(host: Account, accounts: readonly Account[], count: number): Promise<string[]> {
  const members = accounts.filter((account) => account !== host).map(({ id }) => id);
  return many(count, async (i) => {
    const type = i === 0 ? 'channel' : 'group';
    const body = { type, name: `${type} ${i} of ${host.username}`, members };
    const answer = await host.try<{ id: string }>('POST', '/rooms', body);
    if (answer?.status !== 201) throw new Error(`a room could not be opened: ${answer?.status}`);
    return answer.body.id;
  });
}

/** Each in a room of their own as far as there are enough. */
const guestsOf = (users: readonly string[], rooms: readonly string[]): Guest[] =>
  rooms.length === 0
    ? []
    : users.filter(Boolean).map((user, i) => ({ user, room: rooms[i % rooms.length] ?? '' }));

function createDevice(
  { parley, farOrigin, history, refusesLog }: PopulationOptions,
  i: number,
  { id, username, password }: Account,
  rooms: readonly string[],
  rows: Rows,
): Device {
  const ca = parley.place.ca ?? '';
  return new Device({
    ...{ name: `d${i}`, ca, history, rows, rooms, refusesLog },
    origin: i % 2 === 1 ? farOrigin : parley.place.origin,
    dispatcher: new Agent({ connect: { ca } }),
    user: { id, username, password },
  });
}

async function register(parley: TestCluster, prefix: string): Promise<Account> {
  const person: Person = await parley.register(prefix);
  return new Account(person);
}

async function many<T>(count: number, make: (i: number) => T | Promise<T>): Promise<Awaited<T>[]> {
  const made: Awaited<T>[] = [];
  for (let i = 0; i < count; i++) made.push(await make(i));
  return made;
}

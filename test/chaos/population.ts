import { Agent } from 'undici';
import type { TestCluster } from '../support/cluster.ts';
import type { Person } from '../support/person.ts';
import { Device } from './device.ts';
import type { History } from './history.ts';
import type { Random } from './random.ts';
import { RestSender } from './rest-sender.ts';
import { Watcher } from './watcher.ts';

export interface Population {
  readonly people: readonly Person[];
  readonly devices: readonly Device[];
  readonly senders: readonly RestSender[];
  readonly watchers: readonly Watcher[];
  readonly rooms: readonly string[];
  readonly channel: string;
  readonly churners: readonly Device[];
}

/** Every so many devices belong to the user of the one before. */
const SECOND_DEVICE = 4;
/** Every so many devices leave and join the channel. */
const CHURNER = 3;
const REST_SENDERS = 4;

/** Registers people, opens rooms that all of them are in, and signs their devices in. */
export async function populate(
  parley: TestCluster,
  history: History,
  random: Random,
  size: { readonly clients: number; readonly rooms: number },
): Promise<Population> {
  const bots = await many(REST_SENDERS, (i) => parley.register(`bot${i}`));
  const owners = await many(size.clients, (i) =>
    i % SECOND_DEVICE === SECOND_DEVICE - 1 ? undefined : parley.register(`c${i}`),
  );
  const people = [...bots, ...owners.filter((person) => person !== undefined)];
  const [host] = bots;
  if (host === undefined) throw new Error('nobody there');
  const members = people.filter((person) => person !== host).map(({ id }) => id);
  const rooms = await many(size.rooms, async (i) => {
    const type = i === 0 ? 'channel' : 'group';
    return (await host.createRoom({ type, name: `${type} ${i} of ${host.username}`, members })).id;
  });
  const dispatcher = new Agent({ connect: { ca: parley.place.ca ?? '' } });
  const devices = owners.map((owner, i) => {
    const person = owner ?? owners[i - 1];
    if (person === undefined) throw new Error('no owner');
    const { id, username, password } = {
      id: person.id,
      username: person.username,
      password: person.password,
    };
    return new Device({
      ...{
        name: `d${i}`,
        origin: parley.place.origin,
        ca: parley.place.ca ?? '',
        dispatcher,
        history,
        rooms,
      },
      user: { id, username, password },
    });
  });
  for (const device of devices) await device.signIn();
  return {
    ...{ people, devices, rooms, channel: rooms[0] ?? '' },
    senders: bots.map((bot) => new RestSender(bot, history)),
    watchers: bots.map((bot, i) => new Watcher(`w${i}`, bot, rooms, random, history)),
    // A user with a second device would take it out of the room as well.
    churners: devices.filter((_, i) => i % SECOND_DEVICE < SECOND_DEVICE - 2 && i % CHURNER === 0),
  };
}

async function many<T>(count: number, make: (i: number) => T | Promise<T>): Promise<Awaited<T>[]> {
  const made: Awaited<T>[] = [];
  for (let i = 0; i < count; i++) made.push(await make(i));
  return made;
}

import { createHash } from 'node:crypto';
import type { LoadOptions } from './options.ts';

/** A room that must be there. */
export interface RoomPlan {
  /** The same for the same members: by it a room is found again in the next run. At most 64 characters. */
  readonly key: string;
  readonly type: 'group' | 'dm';
  /** Users by their place; the first makes it. */
  readonly members: readonly number[];
}

/** Who is where. */
export interface Layout {
  readonly rooms: readonly RoomPlan[];
  /** The user of each socket. */
  readonly seats: readonly number[];
  /** The rooms of each user, by their place in `rooms`. */
  readonly roomsOf: readonly (readonly number[])[];
  /** (socket, room) pairs that send, by places. */
  readonly lanes: readonly (readonly [seat: number, room: number])[];
  /** Sockets that hear one message, on average over what is sent. */
  readonly audience: number;
}

/** More add nothing but memory. */
const MAX_LANES = 50_000;

/** The rooms, members, sockets and lanes of a run: the same for the same options. */
export function layOut(
  options: Pick<LoadOptions, 'mix' | 'users' | 'rooms' | 'roomsEach' | 'connections'>,
): Layout {
  const { users, connections, mix } = options;
  const rooms = roomsFor(options);
  const roomsOf: number[][] = Array.from({ length: users }, () => []);
  for (const [room, { members }] of rooms.entries())
    for (const member of members) roomsOf[member]?.push(room);
  const seats = Array.from({ length: connections }, (_, seat) => seat % users);
  const pairs = seats.flatMap((user, seat) => (roomsOf[user] ?? []).map((room) => [seat, room] as const));
  const lanes = mix === 'idle' ? [] : thin(pairs, MAX_LANES);
  const sizes = rooms.map(() => 0);
  for (const [, room] of pairs) sizes[room] = (sizes[room] ?? 0) + 1;
  const heard = lanes.reduce((sum, [, room]) => sum + (sizes[room] ?? 0), 0);
  return { rooms, seats, roomsOf, lanes, audience: lanes.length === 0 ? 0 : heard / lanes.length };
}

function roomsFor({ mix, users, rooms, roomsEach }: Parameters<typeof layOut>[0]): RoomPlan[] {
  if (mix === 'huge') return [group(range(users), 0)];
  if (mix === 'dms') return pairsOf(users, rooms).map(dm);
  const size = Math.min(users, Math.max(2, Math.ceil((users * roomsEach) / rooms)));
  return range(rooms).map((room) => group(circle(room * size, size, users), room));
}

/** `size` users, going round; each round begins one further, so that no two rounds make the same rooms. */
function circle(from: number, size: number, users: number): number[] {
  const members = new Set<number>();
  for (let at = from; members.size < size; at++) members.add((at + Math.floor(at / users)) % users);
  return [...members];
}

function pairsOf(users: number, wanted: number): (readonly [number, number])[] {
  const pairs: (readonly [number, number])[] = [];
  for (let distance = 1; distance <= users / 2; distance++) {
    // Half way round, each pair would come twice.
    const count = distance * 2 === users ? distance : users;
    for (let user = 0; user < count && pairs.length < wanted; user++)
      pairs.push([user, (user + distance) % users]);
  }
  return pairs;
}

const dm = (members: readonly [number, number]): RoomPlan => ({
  key: `dm-${members.toSorted((a, b) => a - b).join('-')}`,
  type: 'dm',
  members,
});

function group(members: readonly number[], index: number): RoomPlan {
  const hash = createHash('sha1').update(members.join(',')).digest('hex').slice(0, 20);
  return { key: `load-${hash}-${index}`, type: 'group', members };
}

function thin<T>(items: readonly T[], max: number): readonly T[] {
  if (items.length <= max) return items;
  const step = items.length / max;
  return range(max).flatMap((i) => items[Math.floor(i * step)] ?? []);
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

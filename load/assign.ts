import type { Assignment, LaneSeat, Seat } from './messages.ts';
import type { LoadOptions } from './options.ts';
import type { Stage } from './setup.ts';

/** Each worker's part: sockets go round the workers, and round the addresses. */
export function assign(options: LoadOptions, stage: Stage, run: string): Assignment[] {
  const { machine, layout, rooms, store, ca } = stage;
  const { processes, sources, address } = machine;
  const seats: Seat[][] = Array.from({ length: processes }, () => []);
  for (const [index, user] of layout.seats.entries())
    seats[index % processes]?.push({
      index,
      user,
      localAddress: sources[index % Math.max(1, sources.length)],
    });
  const lanes: LaneSeat[][] = Array.from({ length: processes }, () => []);
  for (const [lane, [seat, room]] of layout.lanes.entries())
    lanes[seat % processes]?.push({ lane, seat, room: rooms[room] ?? '' });
  return seats.map((mine, worker) => {
    const users = [...new Set(mine.map(({ user }) => user))];
    return {
      ...{ url: options.url, address, ca, insecure: options.insecure, run, textLength: options.size },
      ...{
        worker,
        workers: processes,
        seats: mine,
        lanes: lanes[worker] ?? [],
        laneCount: layout.lanes.length,
      },
      rooms,
      roomsOf: new Map(
        users.map((user) => [user, (layout.roomsOf[user] ?? []).flatMap((room) => rooms[room] ?? [])]),
      ),
      tokens: new Map(users.map((user) => [user, store.saved.users[user]?.accessToken ?? ''])),
    };
  });
}

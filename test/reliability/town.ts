import type { TestCluster } from '../support/cluster.ts';
import type { Person } from '../support/person.ts';

/** Who is there, and which rooms they share. */
export interface Town {
  readonly people: readonly Person[];
  readonly rooms: readonly string[];
  /** The rooms of each person, by their place in `people`. */
  readonly roomsOf: (index: number) => readonly string[];
}

export interface TownSize {
  readonly people: number;
  /** Rooms each person is in. */
  readonly roomsEach: number;
  /** Members a room has, about. */
  readonly members: number;
}

const CONCURRENCY = 8;

/** Registers people and puts each into `roomsEach` rooms; neighbours share one, but no two rooms have the same members. */
export async function settleTown(
  parley: TestCluster,
  { people: count, roomsEach, members }: TownSize,
): Promise<Town> {
  const people = await each(count, (i) => parley.register(`p${i}`));
  const perRing = Math.max(1, Math.round(count / members));
  // Ring r cuts the circle of people into arcs, shifted by a part of an arc against the ring before.
  const roomNumber = (person: number, ring: number): number =>
    ring * perRing +
    (Math.floor(((person + (ring * members) / roomsEach) % count) / (count / perRing)) % perRing);
  const placesOf = (person: number): number[] =>
    Array.from({ length: Math.min(roomsEach, perRing * roomsEach) }, (_, ring) => roomNumber(person, ring));
  const membersOf = new Map<number, Person[]>();
  people.forEach((person, i) => {
    for (const room of placesOf(i)) membersOf.set(room, [...(membersOf.get(room) ?? []), person]);
  });
  const numbers = [...membersOf.keys()];
  const ids = new Map<number, string>();
  await each(numbers.length, async (i) => {
    const number = numbers[i] ?? 0;
    const [host, ...others] = membersOf.get(number) ?? [];
    if (host === undefined) return;
    const body = { type: 'group', name: `room ${number}`, members: others.map(({ id }) => id) } as const;
    ids.set(number, (await host.createRoom(body)).id);
  });
  return {
    people,
    rooms: [...ids.values()],
    roomsOf: (index) => placesOf(index).flatMap((number) => ids.get(number) ?? []),
  };
}

/** `make` for each number below `count`, a few at a time; results in order. */
async function each<T>(count: number, make: (index: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < count) {
      const index = next++;
      results[index] = await make(index);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return results;
}

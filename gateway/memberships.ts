import { ListDigest } from '../shared/node/list-digest.ts';
import type { Room } from './room.ts';

/** [readSeq, v, members] of a room, from the user's list. */
export type Membership = readonly [readSeq: number, v: number, members: number];

/** Rooms up to which a search from the front beats a map, and a map's memory is most of what a user costs. */
const FEW = 16;
const FIELDS = 3;

/** A user's rooms, by id, in the order they were entered. Most have a few: those lie flat, one array of ids and one of numbers. */
export class Memberships {
  #ids: string[] = [];
  /** readSeq, v and members of each, in the order of `#ids`. */
  #numbers: number[] = [];
  #rooms: (Room | undefined)[] = [];
  /** Places in `#ids`, once there are many. */
  #places: Map<string, number> | undefined;

  get size(): number {
    return this.#ids.length;
  }

  has(id: string): boolean {
    return this.#place(id) >= 0;
  }

  get(id: string): Membership | undefined {
    const place = this.#place(id);
    return place < 0 ? undefined : this.#at(place);
  }

  set(id: string, [readSeq, v, members]: Membership): void {
    const place = this.#place(id);
    if (place < 0) return this.#add(id, readSeq, v, members);
    const start = place * FIELDS;
    this.#numbers[start] = readSeq;
    this.#numbers[start + 1] = v;
    this.#numbers[start + 2] = members;
  }

  delete(id: string): boolean {
    const place = this.#place(id);
    if (place < 0) return false;
    this.#ids.splice(place, 1);
    this.#numbers.splice(place * FIELDS, FIELDS);
    this.#rooms.splice(place, 1);
    if (this.#places !== undefined) {
      this.#places = this.#ids.length > FEW ? placesOf(this.#ids) : undefined;
    }
    return true;
  }

  clear(): void {
    this.#ids = [];
    this.#numbers = [];
    this.#rooms = [];
    this.#places = undefined;
  }

  /** The rooms themselves, where they were entered; to be looked through at once, as what is entered or left shows or not. */
  get entered(): readonly (Room | undefined)[] {
    return this.#rooms;
  }

  /** The room of an id that is here: who looks at thousands of them again and again must not look each one up. */
  enter(room: Room): void {
    const place = this.#place(room.id);
    if (place >= 0) this.#rooms[place] = room;
  }

  /** The ids as they now are: what is entered or left meanwhile does not show. */
  keys(): readonly string[] {
    return [...this.#ids];
  }

  *[Symbol.iterator](): Generator<readonly [id: string, membership: Membership]> {
    for (const [place, id] of [...this.#ids].entries()) yield [id, this.#at(place)];
  }

  /** To be compared with that of a list. */
  digest(): string {
    const digest = new ListDigest();
    const numbers = this.#numbers;
    this.#ids.forEach((id, place) => {
      const start = place * FIELDS;
      digest.add(id, numbers[start] ?? 0, numbers[start + 1] ?? 0, numbers[start + 2] ?? 0);
    });
    return digest.toString();
  }

  #add(id: string, ...numbers: Membership): void {
    if (this.#ids.length < FEW) {
      // Copies have no room to grow, which is what a short array mostly consists of.
      this.#ids = [...this.#ids, id];
      this.#numbers = [...this.#numbers, ...numbers];
      this.#rooms = [...this.#rooms, undefined];
      return;
    }
    this.#ids.push(id);
    this.#numbers.push(...numbers);
    this.#rooms.push(undefined);
    if (this.#places === undefined) this.#places = placesOf(this.#ids);
    else this.#places.set(id, this.#ids.length - 1);
  }

  #place(id: string): number {
    return this.#places === undefined ? this.#ids.indexOf(id) : (this.#places.get(id) ?? -1);
  }

  #at(place: number): Membership {
    const start = place * FIELDS;
    const numbers = this.#numbers;
    return [numbers[start] ?? 0, numbers[start + 1] ?? 0, numbers[start + 2] ?? 0];
  }
}

const placesOf = (ids: readonly string[]): Map<string, number> =>
  new Map(ids.map((id, place) => [id, place]));

import { Value } from '../../../../shared/sdk/observable.ts';
import type { Client, Observable, Timeline, TimelineItem } from '../../../../shared/sdk/types.ts';

/** Of each room in which something waits, the last of it. */
export type WaitingIn = ReadonlyMap<string, TimelineItem>;
/** ms between looks while there is no connection: the outbox is read at some time, and tells only who listens to its room. */
const LOOK_INTERVAL = 1_000;
type Source = Pick<Client, 'rooms' | 'connection' | 'room'>;

/**
 * Finds what of one's own waits to be sent, room by room, for the list of rooms. A room's timeline tells, and is listened to
 * while the room is open or something waits in it: who listened to all would keep all of them loaded.
 */
export class WaitingRooms {
  readonly #client: Source;
  readonly #last = new Value<WaitingIn>(new Map());
  readonly #open = new Set<string>();
  readonly #stops = new Map<string, () => void>();

  constructor(client: Source) {
    this.#client = client;
  }

  get last(): Observable<WaitingIn> {
    return this.#last;
  }

  /** What is written in this room is heard of, until the stop that is given. */
  watch(id: string): () => void {
    this.#open.add(id);
    this.#listen(id);
    return () => {
      this.#open.delete(id);
      this.#hear(id, this.#timeline(id).get());
    };
  }

  /** Something may wait in this room although it is not open. */
  look(id: string): void {
    if (this.#timeline(id).get().items.at(-1)?.pending === true) this.#listen(id);
  }

  /** Finds what waits from an earlier visit, which is read at some time before the server is there. Gives the stop. */
  start(): () => void {
    const { rooms, connection } = this.#client;
    const lookAll = (): void => {
      if (connection.get().name === 'online') return;
      for (const { id } of rooms.get()) this.look(id);
    };
    const stops = [rooms.subscribe(lookAll), connection.subscribe(lookAll)];
    const timer = setInterval(lookAll, LOOK_INTERVAL);
    return () => {
      clearInterval(timer);
      for (const stop of stops) stop();
      this.clear();
    };
  }

  clear(): void {
    for (const stop of this.#stops.values()) stop();
    this.#stops.clear();
    this.#last.set(new Map());
  }

  #timeline(id: string): Observable<Timeline> {
    return this.#client.room(id).timeline;
  }

  #listen(id: string): void {
    const timeline = this.#timeline(id);
    const hear = (now: Timeline): void => {
      this.#hear(id, now);
    };
    if (!this.#stops.has(id)) this.#stops.set(id, timeline.subscribe(hear));
    hear(timeline.get());
  }

  #hear(id: string, { items }: Timeline): void {
    const before = this.#last.get().get(id);
    const item = items.at(-1);
    const isOpen = this.#open.has(id);
    // One that was just taken stands here until the room itself tells of it.
    const isTaken = isOpen && item !== undefined && item.key === before?.key;
    const last = item?.pending === true || isTaken ? item : undefined;
    if (last !== before) this.#set(id, last);
    if (last !== undefined || isOpen) return;
    this.#stops.get(id)?.();
    this.#stops.delete(id);
  }

  #set(id: string, item: TimelineItem | undefined): void {
    const next = new Map(this.#last.get());
    if (item === undefined) next.delete(id);
    else next.set(id, item);
    this.#last.set(next);
  }
}

/** The room's log as the rest of the API node sees it: appending, reading, heads, counts. */
import type { Bus } from '../../../shared/node/bus.ts';
import { Journal } from '../../../shared/node/journal.ts';
import type { Logger } from '../../../shared/node/logger.ts';
import type { Message, NoticeEvent } from '../../../shared/wire/rest.ts';
import type { LogEntry, LogStore } from '../../store/log.ts';
import { Appender } from './append.ts';
import { Changes } from './changes.ts';
import type { Counter } from './counter.ts';
import { Follower, type ForgetsFiles } from './follower.ts';
import type { NumberedFrame } from './frames.ts';
import { Heads } from './heads.ts';
import { HintWriter } from './hints.ts';
import { Numbers } from './numbers.ts';
import { Overview, UNREAD_CAP, type Unread, type UnreadQuery } from './overview.ts';
import { present, type Names } from './present.ts';
import { presentRoots } from './threads.ts';
import { LogPublisher } from './publish.ts';
import { LogReader } from './reader.ts';
import { realTime, type Time } from './time.ts';
import type { Breaker } from '../breaker.ts';
import { UNOBSERVED, type Observer } from '../observer.ts';

export interface LogDeps {
  readonly store: LogStore;
  readonly counter: Counter;
  readonly bus: Bus;
  readonly names: Names;
  readonly logger: Logger;
  readonly time?: Time;
  readonly observer?: Observer;
  /** Around publishing. */
  readonly breaker?: Pick<Breaker, 'run'>;
  /** Learns which files went with a deleted message. */
  readonly files?: ForgetsFiles;
  /** Whom a user blocked: what those write is not unread. */
  readonly blockedBy?: (user: string) => Promise<readonly string[]>;
  /** Rooms whose heads are kept in memory. */
  readonly maxRooms?: number;
}

export class Log {
  readonly appender: Appender;
  readonly changes: Changes;
  readonly reader: LogReader;
  readonly publisher: LogPublisher;
  readonly numbers: Numbers;
  readonly journal: Journal;
  readonly #store: LogStore;
  readonly #counter: Counter;
  readonly #logger: Logger;
  readonly #names: Names;
  readonly #heads: Heads;
  readonly #hints: HintWriter;
  readonly #overview: Overview;
  readonly #follower: Follower;
  readonly #observer: Observer;
  #stored = 0;
  readonly #time: Time;

  constructor(deps: LogDeps) {
    this.#store = deps.store;
    this.#counter = deps.counter;
    this.#logger = deps.logger;
    this.#names = deps.names;
    this.#observer = deps.observer ?? UNOBSERVED;
    this.#time = deps.time ?? realTime;
    const follower = new Follower(deps);
    this.#follower = follower;
    this.journal = new Journal(deps.logger);
    this.publisher = new LogPublisher({ ...deps, follower, journal: this.journal });
    const onAhead = (room: string, decided: number): void => this.#hints.ahead(room, decided);
    this.#heads = new Heads({ ...deps, publisher: this.publisher, onAhead });
    this.numbers = new Numbers(deps);
    this.reader = new LogReader({ ...deps, follower, heads: this.#heads });
    this.#hints = new HintWriter({ ...deps, follower, heads: this.#heads });
    this.#overview = new Overview({ ...deps, follower, heads: this.#heads });
    this.appender = new Appender({
      ...deps,
      numbers: this.numbers,
      onLanded: (entries) => this.#landed(entries),
    });
    this.changes = new Changes({ ...deps, appender: this.appender, follower });
  }

  /** Entries this node has stored so far. */
  get stored(): number {
    return this.#stored;
  }

  /** Writes a notice into the room; gives its seq. */
  async notice(room: string, by: string, event: NoticeEvent, text: string): Promise<number> {
    const { entry } = await this.appender.append({ room, kind: 'notice', sender: by, event, text });
    return entry.seq;
  }

  /** The room's decided head. */
  async head(room: string): Promise<number> {
    return (await this.#heads.look(room)).decided;
  }

  /** The highest number known, for clamping what a client claims; cheap where the counter already reaches `claimed`. */
  async top(room: string, claimed: number): Promise<number> {
    const [counter] = await this.#counter.read([room]).catch(() => [undefined]);
    if (counter !== undefined && counter >= claimed) return counter;
    return (await this.#heads.look(room)).top;
  }

  /** The decided heads of many. */
  heads(rooms: readonly string[]): Promise<Map<string, number>> {
    return this.#overview.heads(rooms);
  }

  lastMessages(rooms: readonly string[]): Promise<Map<string, Message>> {
    return this.#overview.lastMessages(rooms);
  }

  unread(user: string, rooms: readonly UnreadQuery[]): Promise<Map<string, Unread>> {
    return this.#overview.unread(user, rooms);
  }

  /** MongoDB's highest seq; the counter is raised to it. */
  async highest(room: string): Promise<number> {
    const top = await this.numbers.raiseToStored(room);
    this.#heads.stored(room, top);
    return top;
  }

  /** A message just sent has no thread yet; one that was changed is shown with what stands in its. */
  async present(entry: LogEntry): Promise<Message> {
    const isFresh = entry.rev === entry.seq;
    const [message] = isFresh
      ? await present([entry], this.#names)
      : await presentRoots([entry], { store: this.#store, names: this.#names });
    if (message === undefined) throw new Error('present gave nothing');
    return message;
  }

  /** In the same order. */
  presentAll(entries: readonly LogEntry[]): Promise<Message[]> {
    return present(entries, this.#names);
  }

  /** Replies of others above `readSeq`, not deleted, counted up to 100; `without` those of some senders. */
  unreadReplies(
    room: string,
    root: number,
    user: string,
    readSeq: number,
    without: readonly string[],
  ): Promise<number> {
    return this.#store.countReplies(room, root, user, readSeq, UNREAD_CAP, without);
  }

  async deleteRoom(room: string): Promise<void> {
    this.#heads.forget(room);
    this.#hints.forget(room);
    await this.#store.deleteRoom(room);
    await this.#counter
      .retire(room)
      .catch((error: unknown) => this.#logger.warn({ err: error, room }, 'a counter stays'));
  }

  /** Finishes what was accepted, publishes what is left, writes the hints. */
  async close(): Promise<void> {
    await this.appender.drain();
    await this.publisher.close();
    await this.#hints.close();
    this.journal.flush();
  }

  /** The order is the promise: stored, followed, published, acknowledged. */
  async #landed(entries: readonly LogEntry[]): Promise<readonly NumberedFrame[]> {
    if (entries.length === 0) return [];
    this.#stored += entries.length;
    // Should it fail, the change stays pending, and whoever reads or publishes it does this part.
    await this.#follower
      .follow(entries.filter(({ kind }) => kind === 'change'))
      .catch((error: unknown) =>
        this.#logger.warn({ err: error }, 'messages could not follow their changes yet'),
      );
    const begun = this.#time.now();
    const frames = await this.publisher.publish(entries);
    this.#observer.took('publish', this.#time.now() - begun);
    for (const entry of entries) {
      this.#heads.note(entry.room, entry.seq);
      this.#hints.note(entry);
    }
    return frames;
  }
}

import { each } from '../../../shared/node/each.ts';
import type { Logger } from '../../../shared/node/logger.ts';
import type { Message } from '../../../shared/wire/rest.ts';
import type { LogEntry, LogStore, RoomHint } from '../../store/log.ts';
import type { Counter } from './counter.ts';
import type { Follower } from './follower.ts';
import type { Heads } from './heads.ts';
import { present, type Names } from './present.ts';

/** Unread is counted so far, then shown as "99+". */
export const UNREAD_CAP = 100;
const CONCURRENCY = 16;
/** Numbers below the head searched for a room's newest message before it counts as having none to show. */
const STRETCH = 1_000;

export interface UnreadQuery {
  readonly room: string;
  readonly readSeq: number;
  readonly head: number;
}
export interface Unread {
  readonly unread: number;
  readonly mentions: number;
}

/** What a room list shows of many rooms at once. A room whose hint is up to date costs no read of its log. */
export class Overview {
  readonly #store: LogStore;
  readonly #counter: Counter;
  readonly #heads: Heads;
  readonly #names: Names;
  readonly #follower: Follower;
  readonly #logger: Logger;
  readonly #blockedBy: (user: string) => Promise<readonly string[]>;

  constructor(deps: {
    readonly store: LogStore;
    readonly counter: Counter;
    readonly heads: Heads;
    readonly names: Names;
    readonly follower: Follower;
    readonly logger: Logger;
    readonly blockedBy?: (user: string) => Promise<readonly string[]>;
  }) {
    this.#store = deps.store;
    this.#counter = deps.counter;
    this.#heads = deps.heads;
    this.#names = deps.names;
    this.#follower = deps.follower;
    this.#logger = deps.logger;
    this.#blockedBy = deps.blockedBy ?? (() => Promise.resolve([]));
  }

  /** The decided head of each room. */
  async heads(rooms: readonly string[]): Promise<Map<string, number>> {
    const hints = await this.#store.hints(rooms);
    return new Map((await this.#withHeads(rooms, hints)).map(({ room, head }) => [room, head]));
  }

  /** The newest message of each room; a room without one is missing. */
  async lastMessages(rooms: readonly string[]): Promise<Map<string, Message>> {
    const hints = await this.#store.hints(rooms);
    const heads = await this.#withHeads(rooms, hints);
    await this.#follower.catchUp(rooms);
    const entries = await each(heads, CONCURRENCY, ({ room, head }) =>
      this.#newest(room, head, hints.get(room)),
    );
    const messages = await present(
      entries.flatMap((entry) => entry ?? []),
      this.#names,
    );
    return new Map(messages.map((message) => [message.room, message]));
  }

  /** The one place where unread and mention counts come from. What those write whom the user blocked does not count. */
  async unread(user: string, rooms: readonly UnreadQuery[]): Promise<Map<string, Unread>> {
    await this.#follower.catchUp(rooms.flatMap(({ room, readSeq, head }) => (head > readSeq ? [room] : [])));
    let blocked: Promise<readonly string[]> | undefined;
    const counts = await each(
      rooms,
      CONCURRENCY,
      async ({ room, readSeq, head }): Promise<[string, Unread]> => {
        if (head <= readSeq) return [room, { unread: 0, mentions: 0 }];
        // Asked at the first room with something new only, and once: whoever has read all pays nothing.
        blocked ??= this.#blockedBy(user);
        const without = await blocked;
        const count = (mentionsOnly: boolean): Promise<number> =>
          this.#store.countUnread(room, user, readSeq, head, UNREAD_CAP, mentionsOnly, without);
        const unread = await count(false);
        return [room, { unread, mentions: unread === 0 ? 0 : await count(true) }];
      },
    );
    return new Map(counts);
  }

  async #withHeads(
    rooms: readonly string[],
    hints: ReadonlyMap<string, RoomHint>,
  ): Promise<{ room: string; head: number }[]> {
    const counters = await this.#counter.read(rooms).catch((error: unknown) => {
      this.#logger.debug({ err: error }, 'no counters: heads come from the store');
      return rooms.map(() => undefined);
    });
    return each(rooms, CONCURRENCY, async (room, i) => {
      const hint = hints.get(room)?.lastSeq;
      if (hint !== undefined && counters[i] === hint) return { room, head: hint };
      return { room, head: (await this.#heads.look(room)).decided };
    });
  }

  async #newest(room: string, head: number, hint: RoomHint | undefined): Promise<LogEntry | undefined> {
    if (hint?.lastMessage !== undefined && hint.lastSeq >= head) return hint.lastMessage;
    // From the known one on, itself included: what moved the head may have changed it.
    const from = Math.max(hint?.lastMessage?.seq ?? 0, head - STRETCH, 1);
    const [newest] = await this.#store.messages(room, from, head, -1, 1);
    if (newest !== undefined || hint?.lastMessage === undefined) return newest;
    // Only changes in all that stretch: the known one, as they left it.
    return (await this.#store.at(room, [hint.lastMessage.seq]))[0];
  }
}

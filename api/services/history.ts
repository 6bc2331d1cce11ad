import type { EditHistory, LogPage, MessagePage } from '../../shared/wire/rest.ts';
import type { LogEntry } from '../store/log.ts';
import type { LogReader, PageQuery } from './log/reader.ts';
import type { MembershipCache } from './membership.ts';
import type { Patience } from './patience.ts';

/** What a member reads of a room. Rejects `not_found` for others, and `unavailable` when the store takes too long. */
export class History {
  readonly #membership: Pick<MembershipCache, 'require'>;
  readonly #reader: LogReader;
  readonly #pages: Pick<Patience, 'ask'>;
  readonly #log: Pick<Patience, 'ask'>;

  /** `log` may wait for numbers to be decided, `pages` never. */
  constructor(deps: {
    readonly membership: Pick<MembershipCache, 'require'>;
    readonly reader: LogReader;
    readonly pages: Pick<Patience, 'ask'>;
    readonly log: Pick<Patience, 'ask'>;
  }) {
    this.#membership = deps.membership;
    this.#reader = deps.reader;
    this.#pages = deps.pages;
    this.#log = deps.log;
  }

  page(user: string, room: string, query: PageQuery, limit: number): Promise<MessagePage> {
    return this.#pages.ask(async () => {
      await this.#membership.require(user, room);
      return this.#reader.page(room, query, limit);
    });
  }

  /** `before`: exclusive. */
  thread(
    user: string,
    room: string,
    root: number,
    before: number | undefined,
    limit: number,
  ): Promise<MessagePage> {
    return this.#pages.ask(async () => {
      await this.#membership.require(user, room);
      return this.#reader.thread(room, root, before, limit);
    });
  }

  /** What a message said before it was edited, and says now. */
  edits(user: string, room: string, seq: number): Promise<EditHistory> {
    return this.#pages.ask(async () => {
      await this.#membership.require(user, room);
      return this.#reader.versions(room, seq);
    });
  }

  /** Pinned messages, the one pinned last first. */
  pins(user: string, room: string): Promise<readonly LogEntry[]> {
    return this.#pages.ask(async () => {
      await this.#membership.require(user, room);
      return this.#reader.pinned(room);
    });
  }

  /** The messages with these numbers, those that are there. */
  at(user: string, room: string, seqs: readonly number[]): Promise<MessagePage> {
    return this.#pages.ask(async () => {
      await this.#membership.require(user, room);
      return this.#reader.at(room, seqs);
    });
  }

  /** The same as they are stored. */
  some(user: string, room: string, seqs: readonly number[]): Promise<readonly LogEntry[]> {
    return this.#pages.ask(async () => {
      await this.#membership.require(user, room);
      return this.#reader.some(room, seqs);
    });
  }

  /** All there is to know behind `after`. */
  log(user: string, room: string, after: number): Promise<LogPage> {
    return this.#log.ask(async () => {
      await this.#membership.require(user, room);
      return this.#reader.log(room, after);
    });
  }
}

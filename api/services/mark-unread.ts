import { notFound, ParleyError } from '../../shared/node/errors.ts';
import type { Room } from '../../shared/wire/rest.ts';
import { countsAsUnread } from '../../shared/wire/unread.ts';
import type { MemberStore } from '../store/members.ts';
import type { History } from './history.ts';
import type { Rooms } from './rooms.ts';
import type { SelfNews } from './self-news.ts';

/** Messages looked through for the newest that can be unread. */
const WINDOW = 100;

/** The one way in which a read cursor moves back. */
export class MarkUnread {
  readonly #members: Pick<MemberStore, 'rewind'>;
  readonly #rooms: Rooms;
  readonly #history: Pick<History, 'page'>;
  readonly #news: SelfNews;
  readonly #blockedBy: (user: string) => Promise<readonly string[]>;

  constructor(deps: {
    readonly members: Pick<MemberStore, 'rewind'>;
    readonly rooms: Rooms;
    readonly history: Pick<History, 'page'>;
    readonly news: SelfNews;
    /** Whom a user blocked: what those write is not unread. */
    readonly blockedBy: (user: string) => Promise<readonly string[]>;
  }) {
    this.#members = deps.members;
    this.#rooms = deps.rooms;
    this.#history = deps.history;
    this.#news = deps.news;
    this.#blockedBy = deps.blockedBy;
  }

  /** From the message `seq` on; without one, the newest by somebody else. What is unread already stays so. */
  async mark(user: string, room: string, seq: number | undefined): Promise<Room> {
    const { member } = await this.#rooms.standing(user, room);
    const from = seq ?? (await this.#newest(user, room));
    if (from <= member.readSeq) await this.#rewind(user, room, from - 1);
    return this.#rooms.get(user, room);
  }

  async #rewind(user: string, room: string, readSeq: number): Promise<void> {
    const rewinds = await this.#members.rewind(room, user, readSeq);
    if (rewinds === undefined) throw notFound('room');
    await this.#news.roomChanged(user, room, { readSeq, rewinds });
  }

  async #newest(user: string, room: string): Promise<number> {
    const { messages } = await this.#history.page(user, room, { kind: 'newest' }, WINDOW);
    const blocked = new Set(await this.#blockedBy(user));
    const last = messages.findLast((message) => countsAsUnread(message, user, blocked));
    if (last === undefined)
      throw new ParleyError('conflict', 'There is no message by somebody else here to mark unread.');
    return last.seq;
  }
}

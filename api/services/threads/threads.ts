import { each } from '../../../shared/node/each.ts';
import { ParleyError } from '../../../shared/node/errors.ts';
import type { Message, ThreadInfo, ThreadList } from '../../../shared/wire/rest.ts';
import type { MemberStore } from '../../store/members.ts';
import type { Follow, FollowPlace, ThreadStore } from '../../store/threads.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { Log } from '../log/index.ts';
import type { MembershipCache } from '../membership.ts';
import type { Patience } from '../patience.ts';
import type { Signals } from '../signals.ts';

/** Threads counted at once. */
const CONCURRENCY = 8;

export interface Page {
  readonly limit: number;
  readonly cursor?: string;
}
interface Standing {
  readonly room: string;
  readonly root: number;
  readonly follow: Follow | undefined;
}

/** Which threads there are, who follows them and how far they have read. `not_found` to who is not in the room. */
export class Threads {
  readonly #store: ThreadStore;
  readonly #members: Pick<MemberStore, 'ofUser'>;
  readonly #membership: Pick<MembershipCache, 'require'>;
  readonly #log: Pick<Log, 'reader' | 'unreadReplies' | 'top'>;
  readonly #signals: Pick<Signals, 'thread'>;
  readonly #patience: Pick<Patience, 'ask'>;
  readonly #blockedBy: (user: string) => Promise<readonly string[]>;

  constructor(deps: {
    readonly store: ThreadStore;
    readonly members: Pick<MemberStore, 'ofUser'>;
    readonly membership: Pick<MembershipCache, 'require'>;
    readonly log: Pick<Log, 'reader' | 'unreadReplies' | 'top'>;
    readonly signals: Pick<Signals, 'thread'>;
    readonly patience: Pick<Patience, 'ask'>;
    /** Whom a user blocked: their replies are not unread. */
    readonly blockedBy: (user: string) => Promise<readonly string[]>;
  }) {
    this.#store = deps.store;
    this.#members = deps.members;
    this.#membership = deps.membership;
    this.#log = deps.log;
    this.#signals = deps.signals;
    this.#patience = deps.patience;
    this.#blockedBy = deps.blockedBy;
  }

  /** What the user follows in the rooms they are in now, the one replied to last first. */
  followed(user: string, { limit, cursor }: Page): Promise<ThreadList> {
    return this.#patience.ask(async () => {
      const before = placeIn(cursor);
      const rooms = (await this.#members.ofUser(user)).map(({ room }) => room);
      const found = await this.#store.followed(user, rooms, before, limit + 1);
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      const standings = shown.map((follow) => ({ room: follow.room, root: follow.root, follow }));
      return {
        threads: await this.#infos(user, standings),
        ...(found.length > limit && last !== undefined
          ? { next: encodeCursor(`${last.lastAt.getTime()}:${last.id}`) }
          : {}),
      };
    });
  }

  /** The room's threads, the one replied to last first. */
  ofRoom(user: string, room: string, { limit, cursor }: Page): Promise<ThreadList> {
    return this.#patience.ask(async () => {
      await this.#membership.require(user, room);
      const found = await this.#store.ofRoom(room, seqIn(cursor), limit + 1);
      const shown = found.slice(0, limit);
      const roots = shown.map(({ root }) => root);
      const follows = await this.#store.of(user, room, roots);
      const last = shown.at(-1);
      return {
        threads: await this.#infos(
          user,
          roots.map((root) => ({ room, root, follow: follows.get(root) })),
        ),
        ...(found.length > limit && last !== undefined ? { next: encodeCursor(`${last.lastSeq}`) } : {}),
      };
    });
  }

  /** One thread, also one that nobody has replied to yet. */
  get(user: string, room: string, root: number): Promise<ThreadInfo> {
    return this.#patience.ask(async () => {
      await this.requireRoot(user, room, root);
      const follow = (await this.#store.of(user, room, [root])).get(root);
      const [info] = await this.#infos(user, [{ room, root, follow }]);
      if (info === undefined) throw new ParleyError('not_found', 'There is no such thread.');
      return info;
    });
  }

  /** By hand; all that stands there already counts as read. */
  async follow(user: string, room: string, root: number, following: boolean): Promise<void> {
    const seq = await this.requireRoot(user, room, root);
    const head = following ? await this.#log.top(room, seq) : 0;
    const { readSeq } = await this.#store.set(room, root, user, following, head);
    await this.#signals.thread(user, { room, thread: root, readSeq, following });
  }

  /** Never back, and never past what is there. */
  async read(user: string, room: string, root: number, seq: number): Promise<void> {
    await this.requireRoot(user, room, root);
    const upTo = Math.min(seq, await this.#log.top(room, seq));
    const follow = await this.#store.read(room, root, user, upTo);
    if (follow === undefined) return;
    const { readSeq, following } = follow;
    await this.#signals.thread(user, { room, thread: root, readSeq, following });
  }

  /** Where a thread is or may begin; gives its seq. Rejects `not_found`, and `invalid` within a thread. */
  async requireRoot(user: string, room: string, root: number): Promise<number> {
    await this.#membership.require(user, room);
    const { thread, seq } = await this.#log.reader.message(room, root);
    if (thread !== undefined)
      throw new ParleyError('invalid', 'A thread starts at a message outside threads.');
    return seq;
  }

  /** In the same order; threads whose root is gone are left out. */
  async #infos(user: string, standings: readonly Standing[]): Promise<ThreadInfo[]> {
    const roots = new Map<string, number[]>();
    for (const { room, root } of standings) roots.set(room, [...(roots.get(room) ?? []), root]);
    const pages = await each([...roots], CONCURRENCY, async ([room, seqs]) => {
      const { messages } = await this.#log.reader.at(room, seqs);
      return messages.map((message): [string, Message] => [`${room}:${message.seq}`, message]);
    });
    const messages = new Map(pages.flat());
    // Asked at the first thread with something new only, and once.
    let asked: Promise<readonly string[]> | undefined;
    const blocked = (): Promise<readonly string[]> => (asked ??= this.#blockedBy(user));
    const infos = await each(standings, CONCURRENCY, async ({ room, root, follow }) => {
      const message = messages.get(`${room}:${root}`);
      return message === undefined ? [] : [await this.#info(user, message, follow, blocked)];
    });
    return infos.flat();
  }

  async #info(
    user: string,
    message: Message,
    follow: Follow | undefined,
    blocked: () => Promise<readonly string[]>,
  ): Promise<ThreadInfo> {
    const { room, seq, lastReply } = message;
    const { following = false, readSeq = lastReply?.seq ?? seq } = follow ?? {};
    const isRead = lastReply === undefined || lastReply.seq <= readSeq;
    const unread = isRead ? 0 : await this.#log.unreadReplies(room, seq, user, readSeq, await blocked());
    return { room, message, following, readSeq, unread };
  }
}

const ours = (): ParleyError => new ParleyError('invalid', 'cursor is not one of ours');

function placeIn(cursor: string | undefined): FollowPlace | undefined {
  if (cursor === undefined) return undefined;
  const found = /^(\d{1,15}):([0-9a-f]{24})$/.exec(decodeCursor(cursor));
  if (found === null) throw ours();
  return { at: new Date(Number(found[1])), id: found[2] ?? '' };
}

function seqIn(cursor: string | undefined): number | undefined {
  if (cursor === undefined) return undefined;
  const text = decodeCursor(cursor);
  if (!/^\d{1,15}$/.test(text)) throw ours();
  return Number(text);
}

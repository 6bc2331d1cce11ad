/**
 * The room's log: one entry per (room, seq), a message, a change or a void. A number is decided once, by the unique
 * key (room, seq); everything above this interface only ever asks what stands there.
 */
import type { Attachment, NoticeEvent } from '../../shared/wire/rest.ts';

export type EntryKind = 'text' | 'notice' | 'change' | 'void';

/** What a change does to its message. */
export type ChangeAction =
  | { readonly type: 'edit'; readonly text: string; readonly mentions?: readonly string[] }
  | { readonly type: 'delete' | 'pin' | 'unpin' }
  | { readonly type: 'react' | 'unreact'; readonly emoji: string };

/** Who reacted with one emoji, the latest last. */
export interface Reaction {
  readonly emoji: string;
  readonly users: readonly string[];
}

export interface LogEntry {
  readonly id: string;
  readonly room: string;
  readonly seq: number;
  readonly kind: EntryKind;
  readonly at: Date;
  /** Seq of a message's last change; its own seq before any. */
  readonly rev: number;
  readonly sender?: string;
  readonly clientId?: string;
  readonly text?: string;
  readonly replyTo?: number;
  readonly thread?: number;
  readonly mentions?: readonly string[];
  readonly event?: NoticeEvent;
  /** Forwarded: the id of who wrote it. */
  readonly forwardedFrom?: string;
  readonly attachments?: readonly Attachment[];
  readonly reactions?: readonly Reaction[];
  readonly pinnedAt?: Date;
  readonly editedAt?: Date;
  readonly deletedAt?: Date;
  /** A change's message, and that message's rev before it. */
  readonly of?: number;
  readonly prev?: number;
  readonly by?: string;
  readonly action?: ChangeAction;
  /** The text there was before an edit or a delete, until the message is deleted. */
  readonly was?: string;
  /** Set on a change until its message has followed. */
  readonly pending?: true;
}

/** Where an entry stands. */
export interface LogPlace {
  readonly room: string;
  readonly seq: number;
}

/**
 * What became of one insert.
 * `taken`: something stands at (room, seq) already, maybe this very entry. `duplicate`: the sender used this clientId
 * before. `conflict`: another change followed the same state. `unknown`: no answer, it may land yet.
 */
export type InsertOutcome = 'stored' | 'taken' | 'duplicate' | 'conflict' | 'unknown';

/** A change, and its message as it stands after it; without `message` when the message is past that already. */
export interface Following {
  readonly change: LogEntry;
  readonly message?: LogEntry;
}

/** What stands in a thread up to some number. */
export interface Tally {
  readonly replies: number;
  readonly seq: number;
  readonly at: Date;
  /** Who replied, the latest first, the first `TALLY_USERS` of them. */
  readonly users: readonly string[];
}
export const TALLY_USERS = 5;

export interface LogStore {
  /** Each entry on its own, durably (majority, journaled): one outcome per entry, in order. Never rejects. */
  insert(entries: readonly LogEntry[]): Promise<readonly InsertOutcome[]>;
  /** What stands at these numbers; numbers where nothing does are missing. */
  at(room: string, seqs: readonly number[]): Promise<readonly LogEntry[]>;
  bySender(room: string, sender: string, clientId: string): Promise<LogEntry | undefined>;
  /** What stands at these places of any rooms, in no particular order; those where nothing does are missing. */
  among(places: readonly LogPlace[]): Promise<readonly LogEntry[]>;
  /** Entries with from ≤ seq ≤ to, ascending, the first `limit` of them. */
  range(room: string, from: number, to: number, limit: number): Promise<readonly LogEntry[]>;
  /** Messages (text, notice) with from ≤ seq ≤ to: the first `limit` ascending, or the last `limit` descending. */
  messages(
    room: string,
    from: number,
    to: number,
    order: 1 | -1,
    limit: number,
  ): Promise<readonly LogEntry[]>;
  /** Pinned messages, the one pinned last first, at most `limit`. */
  pinned(room: string, limit: number): Promise<readonly LogEntry[]>;
  /** The edits of one message, ascending, the last `limit` of them. */
  edits(room: string, of: number, limit: number): Promise<readonly LogEntry[]>;
  /** A thread's root and replies, ascending, newest `limit` at or below `to`. */
  thread(room: string, root: number, to: number, limit: number): Promise<readonly LogEntry[]>;
  /**
   * The replies of these threads in numbers up to `head`, by root; threads without any are missing. A reply deleted by a
   * change above `head` still counts: whoever hears that change counts it off.
   */
  tallies(room: string, roots: readonly number[], head: number): Promise<ReadonlyMap<number, Tally>>;
  /** Replies of others than `user` above `readSeq`, not deleted, counted up to `cap`; `without` those of some senders. */
  countReplies(
    room: string,
    root: number,
    user: string,
    readSeq: number,
    cap: number,
    without?: readonly string[],
  ): Promise<number>;
  /** The numbers that stand above `seq`, ascending, the first `limit`. */
  seqsAbove(room: string, seq: number, limit: number): Promise<readonly number[]>;
  /** The highest seq that stands, at least `firstSeq` of the room. */
  highest(room: string): Promise<number>;
  /** The room's hint: nothing at or below it is undecided; with the newest message at or below it. */
  hints(rooms: readonly string[]): Promise<ReadonlyMap<string, RoomHint>>;
  /** Raises hints, never lowers them; a room whose hint rose waits for the search index from then on. */
  raiseHints(hints: ReadonlyMap<string, RoomHint>): Promise<void>;
  /** Changes whose messages may not have followed yet, ascending by seq, the first `limit`. Normally none. */
  pending(rooms: readonly string[], limit: number): Promise<readonly LogEntry[]>;
  /**
   * Makes each message follow its change where it still has the change's `prev` as its rev; a delete blanks the texts
   * in its earlier changes and in the room's hint; then the change is no longer pending. In this order, so that a death in between is made good.
   */
  follow(followings: readonly Following[]): Promise<void>;
  /** Messages that count as unread for `user` in (readSeq, head], counted up to `cap`; `without` those of some senders. */
  countUnread(
    room: string,
    user: string,
    readSeq: number,
    head: number,
    cap: number,
    mentionsOnly: boolean,
    without?: readonly string[],
  ): Promise<number>;
  deleteRoom(room: string): Promise<void>;
}

export interface RoomHint {
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly lastMessage?: LogEntry;
}

/** Every index of the log beside that of its keys (room, seq); the unique ones are what the promise rests on. */
export const LOG_INDEXES = [
  {
    name: 'room_sender_client',
    key: { room: 1, sender: 1, clientId: 1 },
    unique: true,
    partialFilterExpression: { clientId: { $exists: true } },
  },
  {
    name: 'room_of_prev',
    key: { room: 1, of: 1, prev: 1 },
    unique: true,
    partialFilterExpression: { prev: { $exists: true } },
  },
  {
    name: 'room_pinned',
    key: { room: 1, pinnedAt: -1 },
    partialFilterExpression: { pinnedAt: { $exists: true } },
  },
  {
    name: 'room_thread_seq',
    key: { room: 1, thread: 1, seq: 1 },
    partialFilterExpression: { thread: { $exists: true } },
  },
  { name: 'room_pending', key: { room: 1 }, partialFilterExpression: { pending: { $exists: true } } },
] as const;

export const isMessage = (entry: LogEntry): boolean => entry.kind === 'text' || entry.kind === 'notice';

/** Threads that were looked at, as they are kept from one visit to the next. */
import { findMessage, mergeMessages } from '../wire/merge.ts';
import type { Message } from '../wire/rest.ts';
import { areMessages, newestWithin } from '../wire/snapshot.ts';

export const THREAD_LIMITS = {
  /** Threads kept; of more, those looked at longest ago go. */
  threads: 20,
  /** Replies of each, the newest, and the characters of all as JSON. */
  replies: { messages: 50, size: 128_000 },
} as const;

export interface KeptThread {
  readonly room: string;
  readonly root: number;
  /** When it was looked at last; ms since the epoch, by this machine's clock. */
  readonly at: number;
  /** What it began with. */
  readonly message?: Message;
  /** Every reply from here on is in `replies`. */
  readonly from: number;
  /** Ascending by seq. */
  readonly replies: readonly Message[];
}

/** The newest part of a thread, small enough to be kept. */
export function cutThread(thread: KeptThread): KeptThread {
  const replies = newestWithin(thread.replies, THREAD_LIMITS.replies);
  const cut = replies.length < thread.replies.length;
  return { ...thread, replies, from: cut ? (replies[0]?.seq ?? thread.from) : thread.from };
}

/** What a broken or foreign storage gives is no thread. */
export function isKeptThread(value: unknown): value is KeptThread {
  if (typeof value !== 'object' || value === null) return false;
  const { room, root, at, message, from, replies } = value as Partial<KeptThread>;
  if (typeof room !== 'string' || typeof at !== 'number') return false;
  if (!Number.isSafeInteger(root) || !Number.isSafeInteger(from) || !Array.isArray(replies)) return false;
  if (message !== undefined && !areMessages([message], root ?? 0, root ?? 0)) return false;
  return areMessages(replies, from ?? 0, Infinity);
}

/** Which of all kept threads stay: the latest looked at, of rooms that are kept. */
export function stayingThreads(
  values: readonly unknown[],
  rooms: ReadonlySet<string>,
): readonly KeptThread[] {
  return values
    .filter(isKeptThread)
    .filter(({ room }) => rooms.has(room))
    .sort((a, b) => b.at - a.at)
    .slice(0, THREAD_LIMITS.threads);
}

/** What to keep where another tab may have kept the same thread: of each message what has come furthest. */
export function joinedThread(next: KeptThread, held: unknown): KeptThread {
  if (!isKeptThread(held)) return next;
  const at = Math.max(next.at, held.at);
  const newer = held.replies.filter(
    ({ seq, rev }) => rev > (findMessage(next.replies, seq)?.rev ?? Infinity),
  );
  const root = (held.message?.rev ?? 0) > (next.message?.rev ?? 0) ? held.message : next.message;
  const replies = mergeMessages(next.replies, newer);
  return { ...next, at, replies, ...(root === undefined ? {} : { message: root }) };
}

export const threadKey = (room: string, root: number): string => `${room}:${String(root)}`;

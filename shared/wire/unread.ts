/** Counting what one has not read, from a view that holds it all. The server counts by the same rule. */
import type { Message } from './rest.ts';
import { rangeAt } from './ranges.ts';
import { followsHead, type RoomView } from './view.ts';

/** The highest count there is, to be shown as "99+". */
export const UNREAD_CAP = 100;
const NOBODY: ReadonlySet<string> = new Set();

export interface Unread {
  readonly unread: number;
  readonly mentions: number;
}

/** Whether `message` is one that `user` may have to read: text, by another whom they did not block, outside threads, not deleted. */
export function countsAsUnread(
  message: Message,
  user: string,
  blocked: ReadonlySet<string> = NOBODY,
): boolean {
  return (
    message.kind === 'text' &&
    message.sender.id !== user &&
    !blocked.has(message.sender.id) &&
    message.thread === undefined &&
    message.deletedAt === undefined
  );
}

/** Whether `message` names `user`, alone or with the whole room. */
export function isMention(message: Pick<Message, 'mentions'>, user: string): boolean {
  return message.mentions?.some((mention) => mention === user || mention === 'room') ?? false;
}

/** What of these stands above `readSeq`, each number up to the cap; nothing of whom one `blocked`. `messages` ascending by seq. */
export function countUnread(
  messages: readonly Message[],
  readSeq: number,
  user: string,
  blocked: ReadonlySet<string> = NOBODY,
): Unread {
  let unread = 0;
  let mentions = 0;
  for (let i = messages.length - 1; i >= 0; i -= 1) {
    const message = messages[i];
    if (message === undefined || message.seq <= readSeq) break;
    if (!countsAsUnread(message, user, blocked)) continue;
    unread += 1;
    if (isMention(message, user)) mentions += 1;
  }
  return capped({ unread, mentions });
}

/** Two counts of different messages as one. */
export function addUnread(a: Unread, b: Unread): Unread {
  return capped({ unread: a.unread + b.unread, mentions: a.mentions + b.mentions });
}

/** What stands above `readSeq`; undefined where the view does not hold everything from there to its position. */
export function unreadIn(
  view: RoomView,
  readSeq: number,
  user: string,
  blocked: ReadonlySet<string> = NOBODY,
): Unread | undefined {
  return holdsFrom(view, readSeq + 1) ? countUnread(view.messages, readSeq, user, blocked) : undefined;
}

function capped({ unread, mentions }: Unread): Unread {
  return { unread: Math.min(unread, UNREAD_CAP), mentions: Math.min(mentions, UNREAD_CAP) };
}

function holdsFrom(view: RoomView, seq: number): boolean {
  const { known } = view;
  if (known === undefined || view.ranges.length === 0) return false;
  if (seq > known) return followsHead(view);
  const range = rangeAt(view.ranges, seq);
  return range !== undefined && range.to >= known;
}

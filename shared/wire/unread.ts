/** Counting what one has not read, from a view that holds it all. The server counts by the same rule. */
import type { Message } from './rest.ts';
import { rangeAt } from './ranges.ts';
import type { RoomView } from './view.ts';

/** The highest count there is, to be shown as "99+". */
export const UNREAD_CAP = 100;

export interface Unread {
  readonly unread: number;
  readonly mentions: number;
}

/** Whether `message` is one that `user` may have to read: text, by another, outside threads, not deleted. */
export function countsAsUnread(message: Message, user: string): boolean {
  return (
    message.kind === 'text' &&
    message.sender.id !== user &&
    message.thread === undefined &&
    message.deletedAt === undefined
  );
}

/** Whether `message` names `user`, alone or with the whole room. */
export function isMention(message: Message, user: string): boolean {
  return message.mentions?.some((mention) => mention === user || mention === 'room') ?? false;
}

/** What stands above `readSeq`; undefined where the view does not hold everything from there to its position. */
export function unreadIn(view: RoomView, readSeq: number, user: string): Unread | undefined {
  if (!holdsFrom(view, readSeq + 1)) return undefined;
  let unread = 0;
  let mentions = 0;
  for (let i = view.messages.length - 1; i >= 0 && unread < UNREAD_CAP; i -= 1) {
    const message = view.messages[i];
    if (message === undefined || message.seq <= readSeq) break;
    if (!countsAsUnread(message, user)) continue;
    unread += 1;
    if (isMention(message, user)) mentions += 1;
  }
  return { unread, mentions };
}

function holdsFrom(view: RoomView, seq: number): boolean {
  const { known } = view;
  if (known === undefined || view.ranges.length === 0) return false;
  if (seq > known) return (view.ranges.at(-1)?.to ?? -1) >= known;
  const range = rangeAt(view.ranges, seq);
  return range !== undefined && range.to >= known;
}

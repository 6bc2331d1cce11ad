import type { ThreadInfo } from '../../../../shared/wire/rest.ts';
import { placeKey } from '../../../../shared/wire/writing.ts';
import { plural } from './names.ts';

/** "3 replies · Ann, Bob". The latest first, at most three by name. */
export function threadLine(replies: number, names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  const more = names.length > 3 ? ` +${String(names.length - 3)}` : '';
  return `${plural(replies, 'reply', 'replies')} · ${shown}${more}`;
}

/** "last reply just now", "last reply 5 min ago", "last reply Tue"; `short` as `Dates.short` words it. */
export function lastReply(short: string): string {
  if (short === 'now') return 'last reply just now';
  return `last reply ${short}${short.endsWith(' min') ? ' ago' : ''}`;
}

/** Those with something unread first; each part in the order it came. */
export function unreadFirst(threads: readonly ThreadInfo[]): readonly ThreadInfo[] {
  return [...threads.filter(({ unread }) => unread > 0), ...threads.filter(({ unread }) => unread === 0)];
}

/** How many threads hold something unread. */
export function unreadThreads(threads: readonly ThreadInfo[]): number {
  return threads.filter(({ unread }) => unread > 0).length;
}

/** Where a reply in a thread is written, as a draft's place. */
export function threadPlace(room: string, root: number): string {
  return placeKey({ room, thread: root });
}

import type { TimelineItem } from '../../../../shared/sdk/types.ts';
import { isHidden } from './hidden.ts';
import { excerpt } from './quotes.ts';
import { seqOf } from './rows.ts';

/** What to say aloud of the messages of others behind `after`: one in full, of several how many; empty for none. Nothing of whom one `blocked`. Pure. */
export function newsLine(
  items: readonly TimelineItem[],
  after: number,
  me: string,
  blocked: ReadonlySet<string> = new Set(),
): string {
  const news = items.filter((item) => {
    const { kind, sender, deletedAt } = item.message;
    if (sender.id === me || isHidden(item.message, blocked)) return false;
    return (seqOf(item) ?? 0) > after && kind === 'text' && deletedAt === undefined;
  });
  const [first] = news;
  if (first === undefined) return '';
  if (news.length > 1) return `${String(news.length)} new messages`;
  return `${first.message.sender.displayName}: ${excerpt(first.message)}`;
}

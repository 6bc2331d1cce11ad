import type { Message, UserSummary } from '../../../../shared/wire/rest.ts';
import { excerpt } from './quotes.ts';

/** What stands in the place of a message of whom one blocked. */
export const HIDDEN = 'A message of somebody you blocked';

interface Written {
  readonly kind: Message['kind'];
  readonly sender: Pick<UserSummary, 'id'>;
  readonly deletedAt?: string;
  readonly forwardedFrom?: { readonly sender: Pick<UserSummary, 'id'> };
}

/** Whether these are the words of somebody `blocked`, also where another forwarded them. The one rule for every place that shows messages. */
export function isHidden(
  { kind, sender, deletedAt, forwardedFrom }: Written,
  blocked: ReadonlySet<string>,
): boolean {
  if (blocked.size === 0 || kind !== 'text' || deletedAt !== undefined) return false;
  return blocked.has(sender.id) || (forwardedFrom !== undefined && blocked.has(forwardedFrom.sender.id));
}

/** As `excerpt`, with nothing in it of whom one blocked. */
export function shownExcerpt(
  message: Written & Parameters<typeof excerpt>[0],
  blocked: ReadonlySet<string>,
): string {
  return isHidden(message, blocked) ? HIDDEN : excerpt(message);
}

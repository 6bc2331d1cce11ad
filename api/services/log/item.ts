import { ParleyError } from '../../../shared/node/errors.ts';
import type { LogEntry } from '../../store/log.ts';
import type { Appended, Unnumbered } from './draft.ts';
import type { Queued } from './queue.ts';

/** What is to be appended, and who waits for it. */
export interface Item extends Queued {
  readonly draft: Unnumbered;
  readonly id: string;
  attempts: number;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
}

/** To whoever finds the queue too long. */
export const overloaded = (): ParleyError =>
  new ParleyError('overloaded', 'Too many messages are waiting to be stored.', { retryAfterMs: 1_000 });

/** The document, now that its number is known. */
export function toEntry(item: Item, seq: number): LogEntry {
  return { ...withoutAfter(item.draft), id: item.id, seq, rev: seq, at: new Date() };
}

/** Leaving a field out costs more than all the rest, and most drafts do not have it. */
function withoutAfter(draft: Unnumbered): Omit<Unnumbered, 'after'> {
  if (!('after' in draft)) return draft;
  const { after: _, ...fields } = draft;
  return fields;
}

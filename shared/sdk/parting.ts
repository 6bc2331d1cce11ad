/** What a page that goes has not stored yet, from one visit to the next. */
import { parseEntries, type OutboxEntry } from './outbox-store.ts';

/** Where it stands meanwhile: written within the call, as nothing that takes time is sure to be done any more. */
export interface Parting {
  leave(user: string, text: string): void;
  /** Gives what was left last, once. */
  take(user: string): string | undefined;
  /** Calls `onLeft` whenever another page left something; gives the end of it. */
  listen(user: string, onLeft: () => void): () => void;
}

/** Leaves messages behind those that another page left. */
export function leaveEntries(
  parting: Parting | undefined,
  user: string,
  entries: readonly OutboxEntry[],
): void {
  if (parting === undefined || entries.length === 0) return;
  parting.leave(user, JSON.stringify([...takeEntries(parting, user), ...entries]));
}

/** What another version left may be of another shape; then there is nothing to go on with. */
export function takeEntries(parting: Parting | undefined, user: string): readonly OutboxEntry[] {
  return parseEntries(parting?.take(user));
}

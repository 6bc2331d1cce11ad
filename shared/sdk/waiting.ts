import { NOTHING_SAVED, type OutboxEntry, type Saved } from './outbox-store.ts';

/** Rooms whose last seq is remembered. */
const MAX_LAST = 200;

/** What becomes of what waits; applied to what is stored, and to what is shown. */
export type Change = (saved: Saved) => Saved;

/** What waits to be sent, as it is shown: what was stored last, and upon it the changes that are not stored yet. */
export class Waiting {
  #stored: Saved = NOTHING_SAVED;
  #pending: readonly Change[] = [];
  #shown: Saved = NOTHING_SAVED;

  /** In the order of sending. */
  get entries(): readonly OutboxEntry[] {
    return this.#shown.entries;
  }

  /** Rooms in which something waits. */
  get rooms(): readonly string[] {
    return [...new Set(this.entries.map((entry) => entry.room))];
  }

  find(clientId: string): OutboxEntry | undefined {
    return this.entries.find((entry) => entry.clientId === clientId);
  }

  isStored(clientId: string): boolean {
    return this.#stored.entries.some((entry) => entry.clientId === clientId);
  }

  get unstored(): readonly OutboxEntry[] {
    const stored = new Set(this.#stored.entries.map(({ clientId }) => clientId));
    return this.entries.filter(({ clientId }) => !stored.has(clientId));
  }

  /** What is next in a room, and the seq of what was sent there last. */
  next(room: string): { readonly entry: OutboxEntry | undefined; readonly after: number | undefined } {
    return {
      entry: this.entries.find((entry) => entry.room === room && entry.failed === undefined),
      after: this.#shown.last.find(([id]) => id === room)?.[1],
    };
  }

  /** Shown at once, and stored behind it. */
  begin(change: Change): void {
    this.#pending = [...this.#pending, change];
    this.#shown = change(this.#shown);
  }

  /** It is among what is stored; what that is, is adopted next. */
  end(change: Change): void {
    this.#pending = this.#pending.filter((waiting) => waiting !== change);
  }

  /** As it would be stored, where it could not be. */
  storedWith(change: Change): Saved {
    return change(this.#stored);
  }

  /** What is stored now, by whichever tab. */
  adopt(stored: Saved): void {
    this.#stored = stored;
    this.#shown = this.#pending.reduce((state, change) => change(state), stored);
  }
}

/** Behind all that waits, once. */
export const putLast =
  (entry: OutboxEntry): Change =>
  (saved) => ({ ...saved, entries: [...without(saved, entry.clientId), entry] });

/** As `putLast`, where it is not there already. */
export const putUnlessKnown =
  (entry: OutboxEntry): Change =>
  (saved) =>
    saved.entries.some(({ clientId }) => clientId === entry.clientId) ? saved : putLast(entry)(saved);

export const drop =
  (clientId: string): Change =>
  (saved) => ({ ...saved, entries: without(saved, clientId) });

/** It stands in its room now: the next one there names its number. */
export const settled =
  ({ clientId, room }: OutboxEntry, seq: number): Change =>
  (saved) => ({ entries: without(saved, clientId), last: remember(saved.last, room, seq) });

export const markFailed =
  (clientId: string, failed: NonNullable<OutboxEntry['failed']>): Change =>
  (saved) => ({
    ...saved,
    entries: saved.entries.map((entry) => (entry.clientId === clientId ? { ...entry, failed } : entry)),
  });

function without(saved: Saved, clientId: string): readonly OutboxEntry[] {
  return saved.entries.filter((entry) => entry.clientId !== clientId);
}

function remember(last: Saved['last'], room: string, seq: number): Saved['last'] {
  const before = last.find(([id]) => id === room)?.[1] ?? 0;
  return [...last.filter(([id]) => id !== room), [room, Math.max(before, seq)] as const].slice(-MAX_LAST);
}

import type { LogEntry, LogStore } from '../../store/log.ts';
import { applyChange } from './apply-change.ts';

/** Changes made good in one go; there are more only after a long absence of the store. */
const SLICE = 500;

/** Takes files out of reach. Safe to repeat. */
export interface ForgetsFiles {
  forget(ids: readonly string[]): Promise<void>;
}

/**
 * Makes messages follow their changes. A change is one insert, marked `pending`; its message's document follows, and
 * whoever finds it pending (its node may have died in between) does that part again.
 */
export class Follower {
  readonly #store: LogStore;
  readonly #files: ForgetsFiles | undefined;

  constructor(deps: { readonly store: LogStore; readonly files?: ForgetsFiles }) {
    this.#store = deps.store;
    this.#files = deps.files;
  }

  /**
   * Between fixing up to where rooms are read and reading their messages: applies what is pending. One lookup in an
   * index that is normally empty.
   */
  async catchUp(rooms: readonly string[]): Promise<void> {
    if (rooms.length === 0) return;
    for (let found = SLICE; found === SLICE;) {
      const changes = await this.#store.pending(rooms, SLICE);
      await this.follow(changes);
      found = changes.length;
    }
  }

  /** Changes that are stored: their messages follow. Safe to repeat. */
  async follow(changes: readonly LogEntry[]): Promise<void> {
    if (changes.length === 0) return;
    // First: the mark, which goes last, brings back whoever dies in between.
    const files = changes.flatMap(({ action, attachments = [] }) =>
      action?.type === 'delete' ? attachments.map(({ id }) => id) : [],
    );
    if (files.length > 0) await this.#files?.forget(files);
    const messages = await readMessages(this.#store, changes);
    await this.#store.follow(
      changes.map((change) => {
        const message = messages.get(keyOf(change.room, change.of));
        // Any other rev: the message is past this change, which shows in the next state's `prev`.
        if (message === undefined || message.rev !== change.prev) return { change };
        return { change, message: applyChange(message, change) };
      }),
    );
  }
}

/** The messages that `changes` are about, by `keyOf`. */
export async function readMessages(
  store: LogStore,
  changes: readonly LogEntry[],
): Promise<ReadonlyMap<string, LogEntry>> {
  const rooms = new Map<string, Set<number>>();
  for (const { room, of } of changes)
    if (of !== undefined) rooms.set(room, (rooms.get(room) ?? new Set<number>()).add(of));
  const found = await Promise.all([...rooms].map(([room, seqs]) => store.at(room, [...seqs])));
  return new Map(found.flat().map((entry) => [keyOf(entry.room, entry.seq), entry]));
}

/** A message's place, as a key. */
export const keyOf = (room: string, seq: number | undefined): string => `${room}:${seq ?? 0}`;

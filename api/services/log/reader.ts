import { each } from '../../../shared/node/each.ts';
import { notFound } from '../../../shared/node/errors.ts';
import { INTERNAL_LIMITS, type LogSlice } from '../../../shared/node/internal.ts';
import { LIMITS } from '../../../shared/wire/protocol.ts';
import type { EditHistory, LogPage, Message, MessagePage } from '../../../shared/wire/rest.ts';
import { isMessage, type LogEntry, type LogPlace, type LogStore } from '../../store/log.ts';
import { editHistory } from './edit-history.ts';
import { buildFrames, type FrameDeps } from './frames.ts';
import type { Follower } from './follower.ts';
import type { Heads } from './heads.ts';
import type { Names } from './present.ts';
import { presentRoots } from './threads.ts';

/** Rooms read at once where many are. */
const CONCURRENCY = 8;
/** Entries of one log answer. */
const LOG_SLICE = 500;
/** The widest range of numbers one query looks through: a stretch of voids must not make it endless. */
const MAX_STRETCH = 8_192;

/** A part of a room's log. */
export interface Stretch {
  readonly room: string;
  readonly after: number;
  readonly to: number;
}
export type PageQuery =
  { readonly kind: 'newest' } | { readonly kind: 'before' | 'after' | 'around'; readonly seq: number };

/**
 * Every read fixes the head first, then has messages follow their changes, then reads documents at or below the head, by
 * closed ranges of seq.
 */
export class LogReader {
  readonly #store: LogStore;
  readonly #heads: Heads;
  readonly #names: Names;
  readonly #follower: Follower;

  constructor(deps: FrameDeps & { readonly heads: Heads }) {
    this.#store = deps.store;
    this.#heads = deps.heads;
    this.#names = deps.names;
    this.#follower = deps.follower;
  }

  /** One page of a room's messages, ascending; `complete` says for which numbers it is the whole truth. */
  async page(room: string, query: PageQuery, limit: number): Promise<MessagePage> {
    const { decided: head } = await this.#heads.look(room);
    await this.#follower.catchUp([room]);
    const [entries, complete] = await this.#find(room, query, limit, head);
    return { messages: await this.#present(entries, head), head, complete };
  }

  /** A thread: its root and its newest `limit` replies below `before`. */
  async thread(room: string, root: number, before: number | undefined, limit: number): Promise<MessagePage> {
    const { decided: head } = await this.#heads.look(room);
    await this.#follower.catchUp([room]);
    const to = Math.min(head, (before ?? Infinity) - 1);
    const entries = await this.#store.thread(room, root, to, limit);
    const from = entries.length < limit ? root : (entries[0]?.seq ?? root);
    return {
      messages: await this.#present(entries, head),
      head,
      complete: to < from ? [1, 0] : [from, to],
    };
  }

  /** The messages with these numbers that are there, as they now stand. */
  async at(room: string, seqs: readonly number[]): Promise<MessagePage> {
    const { decided: head } = await this.#heads.look(room);
    await this.#follower.catchUp([room]);
    const entries = (await this.#store.at(room, seqs)).filter(
      (entry) => isMessage(entry) && entry.seq <= head,
    );
    return { messages: await this.#present(entries, head), head, complete: [1, 0] };
  }

  /** Catching up: all there is to know in (after, to]; waits for old numbers to be decided. */
  async log(room: string, after: number): Promise<LogPage> {
    const { decided, top } = await this.#heads.settle(room);
    await this.#follower.catchUp([room]);
    const entries = after >= decided ? [] : await this.#store.range(room, after + 1, decided, LOG_SLICE);
    const to = reached(entries, after, decided, LOG_SLICE);
    const fresh = entries.filter(isMessage);
    const older = [
      ...new Set(
        entries.flatMap((e) => (e.kind === 'change' && e.of !== undefined && e.of <= after ? [e.of] : [])),
      ),
    ];
    const changed = older.length === 0 ? [] : await this.#store.at(room, older);
    const [messages, shown] = await Promise.all([this.#present(fresh, to), this.#present(changed, to)]);
    return { messages, changed: shown, to, head: top };
  }

  /** The same for a gateway: every number of (after, to] with its frame, without a hole. */
  async slice(room: string, after: number, upTo: number | undefined): Promise<LogSlice> {
    const { decided, top } = await this.#heads.settle(room);
    await this.#follower.catchUp([room]);
    const end = Math.min(decided, upTo ?? Infinity);
    const entries =
      after >= end ? [] : await this.#store.range(room, after + 1, end, INTERNAL_LIMITS.logEntries);
    const frames = await buildFrames(entries, {
      store: this.#store,
      names: this.#names,
      follower: this.#follower,
    });
    return {
      entries: frames.map(({ seq, frame }) => [seq, frame] as const),
      to: reached(entries, after, end, INTERNAL_LIMITS.logEntries),
      head: top,
    };
  }

  /**
   * The text messages that these stretches (after, to] of decided numbers tell something new of, as they now stand: the
   * new ones, and older ones that were edited or deleted.
   */
  async stretches(
    wanted: readonly Stretch[],
  ): Promise<(Stretch & { readonly messages: readonly LogEntry[] })[]> {
    await this.#follower.catchUp(wanted.map(({ room }) => room));
    return each(wanted, CONCURRENCY, async ({ room, after, to }) => {
      const entries = to <= after ? [] : await this.#store.range(room, after + 1, to, to - after);
      const older = new Set(
        entries.flatMap((entry) => (isRewording(entry) && entry.of <= after ? [entry.of] : [])),
      );
      const changed = older.size === 0 ? [] : await this.#store.at(room, [...older]);
      return { room, after, to, messages: [...entries, ...changed].filter(({ kind }) => kind === 'text') };
    });
  }

  /** These messages as they now stand, those that are still there, with every change that is known. */
  async among(places: readonly LogPlace[]): Promise<readonly LogEntry[]> {
    await this.#follower.catchUp([...new Set(places.map(({ room }) => room))]);
    return this.#store.among(places);
  }

  /** A room's pinned messages, the one pinned last first. */
  async pinned(room: string): Promise<readonly LogEntry[]> {
    await this.#follower.catchUp([room]);
    return this.#store.pinned(room, LIMITS.pins);
  }

  /** What a message said, oldest first, the last as it now says; nothing of a deleted one. */
  async versions(room: string, seq: number): Promise<EditHistory> {
    await this.#follower.catchUp([room]);
    const edits = await this.#store.edits(room, seq, LIMITS.edits);
    // Read behind them: what it does not know of is not told of either.
    const { at, text = '', rev, kind, deletedAt } = await this.message(room, seq);
    if (deletedAt !== undefined || kind === 'notice') return { versions: [], complete: true };
    return editHistory(
      { at, text },
      edits.filter((edit) => edit.seq <= rev),
    );
  }

  /** The messages with these numbers as they now stand, those that are there. */
  async some(room: string, seqs: readonly number[]): Promise<readonly LogEntry[]> {
    await this.#follower.catchUp([room]);
    return (await this.#store.at(room, seqs)).filter(isMessage);
  }

  /** One message as it now stands; `not_found` for anything else. */
  async message(room: string, seq: number): Promise<LogEntry> {
    const [entry] = await this.#store.at(room, [seq]);
    if (entry === undefined || !isMessage(entry)) throw notFound('message');
    return entry;
  }

  #present(entries: readonly LogEntry[], head: number): Promise<Message[]> {
    return presentRoots(entries, { store: this.#store, names: this.#names }, head);
  }

  async #find(
    room: string,
    query: PageQuery,
    limit: number,
    head: number,
  ): Promise<[readonly LogEntry[], [number, number]]> {
    if (query.kind === 'newest') return this.#below(room, head, limit);
    if (query.kind === 'before') return this.#below(room, Math.min(head, query.seq - 1), limit);
    if (query.kind === 'after') return this.#above(room, query.seq + 1, head, limit);
    const [older, [from, mid]] = await this.#below(room, Math.min(head, query.seq), Math.ceil(limit / 2));
    const [newer, [, to]] = await this.#above(
      room,
      Math.min(head, query.seq) + 1,
      head,
      Math.floor(limit / 2),
    );
    return [
      [...older, ...newer],
      [from, Math.max(mid, to)],
    ];
  }

  /** The last `limit` messages at or below `to`: a closed range, widened while the page is short. */
  async #below(room: string, to: number, limit: number): Promise<[readonly LogEntry[], [number, number]]> {
    if (to < 1) return [[], [1, 0]];
    const found: LogEntry[] = [];
    let low = to + 1;
    for (let width = limit * 2; low > 1 && found.length < limit; width = Math.min(width * 2, MAX_STRETCH)) {
      const high = low - 1;
      low = Math.max(1, high - width + 1);
      found.push(...(await this.#store.messages(room, low, high, -1, limit - found.length)));
    }
    const full = found.length >= limit;
    return [found.reverse(), [full ? (found[0]?.seq ?? 1) : 1, to]];
  }

  async #above(
    room: string,
    from: number,
    to: number,
    limit: number,
  ): Promise<[readonly LogEntry[], [number, number]]> {
    if (to < from || limit < 1) return [[], [1, 0]];
    const found: LogEntry[] = [];
    let high = from - 1;
    for (let width = limit * 2; high < to && found.length < limit; width = Math.min(width * 2, MAX_STRETCH)) {
      const low = high + 1;
      high = Math.min(to, low + width - 1);
      found.push(...(await this.#store.messages(room, low, high, 1, limit - found.length)));
    }
    const full = found.length >= limit;
    return [found, [from, full ? (found.at(-1)?.seq ?? to) : to]];
  }
}

/** A change of what a message says, or of whether it is there. */
function isRewording(entry: LogEntry): entry is LogEntry & { readonly of: number } {
  const type = entry.action?.type;
  return entry.of !== undefined && (type === 'edit' || type === 'delete');
}

/** Up to where `entries`, read from (after, end] with a limit, is everything. */
function reached(entries: readonly LogEntry[], after: number, end: number, limit: number): number {
  if (entries.length >= limit) return entries.at(-1)?.seq ?? after;
  return Math.max(after, end);
}

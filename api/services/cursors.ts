import type { Bus } from '../../shared/node/bus.ts';
import { encodeEnvelope, Kind } from '../../shared/node/envelope.ts';
import { roomChannel, userChannel } from '../../shared/node/keys.ts';
import type { Logger } from '../../shared/node/logger.ts';
import { encodeFrame } from '../../shared/wire/protocol.ts';
import { hasReceipts } from '../../shared/wire/receipts.ts';
import type { Cursor, CursorStore } from '../store/cursors.ts';
import type { Log } from './log/index.ts';
import type { ReadMark } from './room-lists.ts';

/** ms between two receipts of one reader in one room, as others see them. */
const RECEIPT_INTERVAL = 1_000;
/** Receipts that may wait; more are dropped, since the next one says it all again. */
const MAX_RECEIPTS = 10_000;

export interface CursorDeps {
  readonly store: CursorStore;
  readonly log: Pick<Log, 'top'>;
  readonly bus: Bus;
  /** How many members the room has; undefined where the user is not one of them. */
  readonly memberCount: (user: string, room: string) => Promise<number | undefined>;
  /** Brings the users' cached room lists up to date. Never rejects. */
  readonly cacheReads: (reads: readonly ReadMark[]) => Promise<void>;
  readonly logger: Logger;
}

/** What each member has read and received: stored, then told to the user's other devices at once and to others at leisure. */
export class Cursors {
  readonly #deps: CursorDeps;
  readonly #receipts = new Map<string, Cursor>();
  readonly #timer: NodeJS.Timeout;

  constructor(deps: CursorDeps) {
    this.#deps = deps;
    this.#timer = setInterval(() => void this.#sendReceipts(), RECEIPT_INTERVAL);
    this.#timer.unref();
  }

  /** Raises the cursors of those who are members, clamped to what the rooms hold. Rejects only when the store does. */
  async raise(cursors: readonly Cursor[]): Promise<void> {
    const known = (await Promise.all(merge(cursors).map((cursor) => this.#admit(cursor)))).flatMap(
      (one) => one ?? [],
    );
    if (known.length === 0) return;
    await this.#deps.store.raise(known.map(({ cursor }) => cursor));
    const reads = known.flatMap(({ cursor: { user, room, read } }) =>
      read === undefined ? [] : [{ user, room, read }],
    );
    await this.#deps.cacheReads(reads);
    for (const { cursor, members } of known) this.#announce(cursor, members);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#sendReceipts();
  }

  async #admit(cursor: Cursor): Promise<{ cursor: Cursor; members: number } | undefined> {
    const members = await this.#deps.memberCount(cursor.user, cursor.room);
    if (members === undefined) return undefined;
    const top = await this.#deps.log.top(cursor.room, Math.max(cursor.read ?? 0, cursor.got ?? 0));
    const clamped = {
      user: cursor.user,
      room: cursor.room,
      ...(cursor.read === undefined ? {} : { read: Math.min(cursor.read, top) }),
      ...(cursor.got === undefined ? {} : { got: Math.min(cursor.got, top) }),
    };
    return { cursor: clamped, members };
  }

  #announce(cursor: Cursor, members: number): void {
    if (cursor.read !== undefined) this.#publish(userChannel(cursor.user), cursor);
    if (members < 2 || !hasReceipts({ members })) return;
    const key = `${cursor.user}:${cursor.room}`;
    const waiting = this.#receipts.get(key);
    if (waiting === undefined && this.#receipts.size >= MAX_RECEIPTS) return;
    this.#receipts.set(key, waiting === undefined ? cursor : combine(waiting, cursor));
  }

  async #sendReceipts(): Promise<void> {
    const due = [...this.#receipts.values()];
    this.#receipts.clear();
    for (const cursor of due) this.#publish(roomChannel(cursor.room), cursor);
  }

  /** Receipts are hints: one that is lost is made good by the next. */
  #publish(channel: string, { user, room, read, got }: Cursor): void {
    const seq = read ?? 0;
    const frame = encodeFrame({ type: 'read', room, user, seq, ...(got === undefined ? {} : { got }) });
    this.#deps.bus.publish(channel, encodeEnvelope(Kind.read, room, seq, frame)).catch((error: unknown) => {
      this.#deps.logger.debug({ err: error }, 'a receipt was not published');
    });
  }
}

function merge(cursors: readonly Cursor[]): Cursor[] {
  const merged = new Map<string, Cursor>();
  for (const cursor of cursors) {
    const key = `${cursor.user}:${cursor.room}`;
    const first = merged.get(key);
    merged.set(key, first === undefined ? cursor : combine(first, cursor));
  }
  return [...merged.values()];
}

function combine(a: Cursor, b: Cursor): Cursor {
  const read = highest(a.read, b.read);
  const got = highest(a.got, b.got);
  return {
    user: a.user,
    room: a.room,
    ...(read === undefined ? {} : { read }),
    ...(got === undefined ? {} : { got }),
  };
}

function highest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined ? b : Math.max(a, b ?? 0);
}

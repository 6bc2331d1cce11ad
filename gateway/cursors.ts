import { INTERNAL_LIMITS, type InternalCursor } from '../shared/node/internal.ts';
import type { Logger } from '../shared/node/logger.ts';
import type { Uplink } from './uplink.ts';

const FLUSH_INTERVAL = 1_000;
/** Cursors that wait; beyond that new ones are dropped: receipts never hurt messages. */
const MAX_WAITING = 50_000;

interface Cursor {
  readonly user: string;
  readonly room: string;
  read?: number;
  got?: number;
}

/** Read and received marks on their way to the API: the highest of each (user, room), once a second. */
export class Cursors {
  readonly #uplink: Uplink;
  readonly #logger: Logger;
  #waiting = new Map<string, Cursor>();
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> | undefined;

  constructor(uplink: Uplink, logger: Logger) {
    this.#uplink = uplink;
    this.#logger = logger;
  }

  start(): void {
    this.#timer = setInterval(() => void this.flush(), FLUSH_INTERVAL).unref();
  }

  /** Sends what waits, also what came while the last flush was under way. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#flushing;
    await this.flush();
  }

  raise(user: string, room: string, kind: 'read' | 'got', seq: number): void {
    const key = `${user}:${room}`;
    let cursor = this.#waiting.get(key);
    if (cursor === undefined) {
      if (this.#waiting.size >= MAX_WAITING) return;
      cursor = { user, room };
      this.#waiting.set(key, cursor);
    }
    cursor[kind] = Math.max(cursor[kind] ?? 0, seq);
  }

  /** Never rejects; what failed is tried again with the next flush. */
  flush(): Promise<void> {
    this.#flushing ??= this.#flush().finally(() => (this.#flushing = undefined));
    return this.#flushing;
  }

  async #flush(): Promise<void> {
    const cursors: InternalCursor[] = [...this.#waiting.values()];
    this.#waiting = new Map();
    for (let i = 0; i < cursors.length; i += INTERNAL_LIMITS.cursors) {
      await this.#post(cursors.slice(i, i + INTERNAL_LIMITS.cursors));
    }
  }

  async #post(cursors: readonly InternalCursor[]): Promise<void> {
    try {
      await this.#uplink.cursors(cursors);
    } catch (error) {
      this.#logger.warn({ err: error, cursors: cursors.length }, 'cursors could not be sent');
      for (const { user, room, read, got } of cursors) {
        if (read !== undefined) this.raise(user, room, 'read', read);
        if (got !== undefined) this.raise(user, room, 'got', got);
      }
    }
  }
}

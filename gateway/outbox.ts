import type { Flushable, Flusher } from './flusher.ts';
import type { OutFrame } from './out-frame.ts';
import type { Transport } from './wire-writer.ts';

export const OUTBOX_LIMITS = {
  /** Bytes waiting for a reader from which on typing, presence and receipts are dropped. */
  shedBytes: 256 * 1024,
  /** Bytes waiting from which on the reader is too slow to be kept. */
  capBytes: 1024 * 1024,
} as const;

/** Whose outbox it is: the session. One object instead of closures, as there is one per socket. */
export interface OutboxOwner {
  /** Called once, when the cap is passed: closes the socket. */
  onSlow(): void;
  /** Called for each frame dropped. */
  onShed(): void;
}

const NOTHING: readonly OutFrame[] = [];

/**
 * One socket's queue to its client: control and log frames in the order they were pushed. While it is held, what is
 * pushed waits; `release` lets it go behind the frames given there. Never holds more than the cap.
 */
export class Outbox implements Flushable {
  readonly #transport: Transport;
  readonly #flusher: Flusher;
  readonly #owner: OutboxOwner;
  #queue: readonly OutFrame[] = NOTHING;
  /** The same array while it is this outbox's own; undefined while it is shared with other members of a room. */
  #own: OutFrame[] | undefined;
  #bytes = 0;
  #isHeld = true;
  #isDirty = false;
  #isClosed = false;

  /** Begins held. */
  constructor(transport: Transport, flusher: Flusher, owner: OutboxOwner) {
    this.#transport = transport;
    this.#flusher = flusher;
    this.#owner = owner;
  }

  /** Bytes between here and the kernel. */
  get backlog(): number {
    return this.#bytes + this.#transport.backlog;
  }

  /** False if the frame was dropped because the reader is slow and can miss it. */
  push(frame: OutFrame): boolean {
    if (this.#isClosed) return true;
    const backlog = this.backlog + frame.wire.length;
    if (frame.isSheddable && backlog > OUTBOX_LIMITS.shedBytes) {
      this.#owner.onShed();
      return false;
    }
    if (backlog > OUTBOX_LIMITS.capBytes) {
      this.#overflow();
      return true;
    }
    this.#ownQueue().push(frame);
    this.#bytes += frame.wire.length;
    this.#schedule();
    return true;
  }

  /** Several frames, of `bytes` together, in an array that does not change any more: it is kept, not copied, where it can be. */
  pushAll(frames: readonly OutFrame[], bytes: number): void {
    if (this.#isClosed) return;
    // Near the limits each frame counts for itself; what is held is sifted later.
    if (this.#queue.length > 0 || this.backlog + bytes > OUTBOX_LIMITS.shedBytes) {
      for (const frame of frames) this.push(frame);
      return;
    }
    this.#queue = frames;
    this.#own = undefined;
    this.#bytes = bytes;
    this.#schedule();
  }

  /** Ends the hold: `first`, then what waited and is not among it and still `wanted`, then everything later. */
  release(first: readonly OutFrame[], wanted: (frame: OutFrame) => boolean = () => true): void {
    if (this.#isClosed || !this.#isHeld) return;
    this.#isHeld = false;
    const given = new Set(first);
    this.#queue = [...first, ...this.#queue.filter((frame) => !given.has(frame) && wanted(frame))];
    this.#own = undefined;
    this.#bytes = this.#queue.reduce((bytes, frame) => bytes + frame.wire.length, 0);
    if (this.#bytes > OUTBOX_LIMITS.capBytes) this.#overflow();
    else this.#schedule();
  }

  flush(join: (frames: readonly OutFrame[]) => Buffer): void {
    this.#isDirty = false;
    if (this.#isClosed || this.#queue.length === 0) return;
    const frames = this.#queue;
    this.#queue = NOTHING;
    this.#own = undefined;
    this.#bytes = 0;
    this.#transport.write(frames, join(frames));
  }

  /** Sends what waits, `last` included, at once and takes nothing any more: before a planned close. */
  finish(last: readonly OutFrame[]): void {
    if (this.#isClosed) return;
    const frames = this.#isHeld ? last : [...this.#queue, ...last];
    this.discard();
    if (frames.length > 0) this.#transport.write(frames, Buffer.concat(frames.map((frame) => frame.wire)));
  }

  /** Forgets everything; the socket is gone. */
  discard(): void {
    this.#isClosed = true;
    this.#queue = NOTHING;
    this.#own = undefined;
    this.#bytes = 0;
  }

  /** The queue as an array that may be added to. */
  #ownQueue(): OutFrame[] {
    if (this.#own !== undefined) return this.#own;
    const own = [...this.#queue];
    this.#queue = own;
    this.#own = own;
    return own;
  }

  #schedule(): void {
    if (this.#isHeld || this.#isDirty || this.#queue.length === 0) return;
    this.#isDirty = true;
    this.#flusher.schedule(this);
  }

  #overflow(): void {
    this.discard();
    this.#owner.onSlow();
  }
}

import type { OutFrame } from './out-frame.ts';

/** What can be flushed; an outbox. */
export interface Flushable {
  flush(join: (frames: readonly OutFrame[]) => Buffer): void;
}

/** Above so many writes in one flush the next one waits WINDOW, so that frames gather into fewer writes. */
const BUSY_WRITES = 500;
/** ms */
const WINDOW = 8;

/**
 * Flushes all outboxes that got something in this turn of the event loop, at its end: frames of one turn leave each
 * socket in one write. Under load the turn is widened to a few ms, which costs latency only when writes are the bottleneck.
 */
export class Flusher {
  #dirty: Flushable[] = [];
  #isScheduled = false;
  #wasBusy = false;
  #lastFrames: readonly OutFrame[] = [];
  #lastJoined: Buffer = Buffer.alloc(0);
  readonly #onFlush: (writes: number) => void;

  constructor(onFlush: (writes: number) => void = () => undefined) {
    this.#onFlush = onFlush;
  }

  /** Called once per outbox and turn. */
  schedule(outbox: Flushable): void {
    this.#dirty.push(outbox);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    if (this.#wasBusy) setTimeout(this.#run, WINDOW);
    else setImmediate(this.#run);
  }

  readonly #run = (): void => {
    const dirty = this.#dirty;
    this.#dirty = [];
    this.#isScheduled = false;
    this.#wasBusy = dirty.length > BUSY_WRITES;
    for (const outbox of dirty) outbox.flush(this.#join);
    this.#lastFrames = [];
    this.#lastJoined = Buffer.alloc(0);
    this.#onFlush(dirty.length);
  };

  /** The members of a room mostly get the same frames one after the other: those are joined once. */
  readonly #join = (frames: readonly OutFrame[]): Buffer => {
    const [only] = frames;
    if (only !== undefined && frames.length === 1) return only.wire;
    if (this.#isLast(frames)) return this.#lastJoined;
    this.#lastFrames = frames;
    this.#lastJoined = Buffer.concat(frames.map((frame) => frame.wire));
    return this.#lastJoined;
  };

  #isLast(frames: readonly OutFrame[]): boolean {
    return (
      frames.length === this.#lastFrames.length &&
      frames.every((frame, index) => frame === this.#lastFrames[index])
    );
  }
}

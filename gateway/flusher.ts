import type { OutFrame } from './out-frame.ts';

/** What can be flushed; an outbox. */
export interface Flushable {
  flush(join: (frames: readonly OutFrame[]) => Buffer): void;
}

/** Work before the writes that may take more than one turn. */
export interface Job {
  /** Goes on with it until it is done (true) or time is up (false). */
  work(isTimeUp: () => boolean): boolean;
}

/** ms of work in one turn of the event loop; what is left goes on in the next, behind whatever came in meanwhile. */
const SLICE = 8;
/** Writes between two looks at the clock. */
const WRITES_PER_LOOK = 16;
/** Writes and ms of one flush up to which the next one comes at once: neither is what holds anybody up. */
const QUIET_WRITES = 200;
const QUIET = 2;
/** Above both, the next waits as many times as long as the last one worked, so that frames gather into fewer writes. */
const REST = 1;
/** ms */
const LONGEST_WINDOW = 12;

/**
 * Does what a turn of the event loop gave rise to at its end: first the jobs, which fill outboxes, then one write per
 * outbox that got something. When that takes long, it yields to the event loop in between, and the next flush waits a
 * window, which costs latency only when writes are the bottleneck.
 */
export class Flusher {
  #jobs: Job[] = [];
  #dirty: Flushable[] = [];
  /** The flush under way: what it works on, and the places it has come to. */
  #running: readonly Job[] = [];
  #writing: readonly Flushable[] = [];
  #job = 0;
  #written = 0;
  #isActive = false;
  /** ms the flush under way has worked, and the last one did. */
  #worked = 0;
  #lastWorked = 0;
  #lastWrites = 0;
  #sliceEnd = 0;
  #lastFrames: readonly OutFrame[] = [];
  #lastJoined: Buffer = Buffer.alloc(0);
  readonly #onFlush: (writes: number) => void;
  readonly #now: () => number;

  /** `onFlush` hears of the writes of each flush. `now`: monotonic ms. */
  constructor(
    onFlush: (writes: number) => void = () => undefined,
    now: () => number = () => performance.now(),
  ) {
    this.#onFlush = onFlush;
    this.#now = now;
  }

  /** ms the next flush will wait. */
  get window(): number {
    if (this.#lastWrites <= QUIET_WRITES || this.#lastWorked <= QUIET) return 0;
    return Math.min(this.#lastWorked * REST, LONGEST_WINDOW);
  }

  /** A job for the next flush; jobs are done in the order they came. */
  add(job: Job): void {
    this.#jobs.push(job);
    this.#activate();
  }

  /** An outbox to be written; called once for each until it is flushed. */
  schedule(outbox: Flushable): void {
    this.#dirty.push(outbox);
    this.#activate();
  }

  #activate(): void {
    if (this.#isActive) return;
    this.#isActive = true;
    this.#wait();
  }

  #wait(): void {
    const { window } = this;
    if (window > 0) setTimeout(this.#begin, window);
    else setImmediate(this.#begin);
  }

  readonly #begin = (): void => {
    this.#running = this.#jobs;
    this.#jobs = [];
    this.#job = 0;
    this.#written = 0;
    this.#worked = 0;
    this.#slice();
  };

  readonly #slice = (): void => {
    const started = this.#now();
    this.#sliceEnd = started + SLICE;
    const isDone = this.#workOff() && this.#writeOut();
    this.#worked += this.#now() - started;
    if (isDone) this.#end();
    else setImmediate(this.#slice);
  };

  readonly #isTimeUp = (): boolean => this.#now() >= this.#sliceEnd;

  /** True when all jobs of this flush are done; what they filled is then taken to be written. */
  #workOff(): boolean {
    const running = this.#running;
    if (this.#job === running.length) return true;
    while (this.#job < running.length) {
      if (running[this.#job]?.work(this.#isTimeUp) === false) return false;
      this.#job++;
    }
    return true;
  }

  /** True when every outbox of this flush is written. What gets frames again once it is written waits for the next. */
  #writeOut(): boolean {
    if (this.#written === 0) {
      this.#writing = this.#dirty;
      this.#dirty = [];
    }
    const writing = this.#writing;
    while (this.#written < writing.length) {
      writing[this.#written]?.flush(this.#join);
      this.#written++;
      if (this.#written % WRITES_PER_LOOK === 0 && this.#isTimeUp()) break;
    }
    return this.#written === writing.length;
  }

  #end(): void {
    const writes = this.#writing.length;
    this.#running = [];
    this.#writing = [];
    this.#lastFrames = [];
    this.#lastJoined = Buffer.alloc(0);
    this.#lastWorked = this.#worked;
    this.#lastWrites = writes;
    this.#isActive = this.#jobs.length > 0 || this.#dirty.length > 0;
    if (this.#isActive) this.#wait();
    this.#onFlush(writes);
  }

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
    const last = this.#lastFrames;
    if (frames === last) return true;
    return frames.length === last.length && frames.every((frame, index) => frame === last[index]);
  }
}

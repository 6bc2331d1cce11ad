import type { Engine } from './engine.ts';
import { Timer } from './timer.ts';

/** Changes held back at the most; beyond, the oldest rooms' are dropped: the next message moves them again. */
const MAX_ROOMS = 1_000;
/** Rooms whose cursors are told by calls of their own when the page goes. */
const MAX_PARTING = 10;

type CursorEngine = Pick<Engine, 'send' | 'timing' | 'warn'> & {
  readonly api: Pick<Engine['api'], 'markRead'>;
};

/** Tells the server how far one has read and got, not more often than it wants to hear, and again after a loss. */
export class Cursors {
  readonly #engine: CursorEngine;
  readonly #read = new Map<string, number>();
  readonly #got = new Map<string, number>();
  /** Sent a moment ago: lost with the socket, perhaps, or refused. */
  readonly #unsure = new Map<string, number>();
  /** As `#unsure`, of what was read: refused, perhaps. A loss of the socket needs no such care, `ready` tells the cursor. */
  readonly #unsureRead = new Map<string, number>();
  readonly #readTimer = new Timer(() => {
    this.#sendRead();
  });
  readonly #gotTimer = new Timer(() => {
    this.#sendGot();
  });

  readonly #sureTimer = new Timer(() => {
    this.#unsure.clear();
    this.#unsureRead.clear();
  });

  constructor(engine: CursorEngine) {
    this.#engine = engine;
  }

  read(room: string, seq: number): void {
    raise(this.#read, room, seq);
    this.#readTimer.ensure(this.#engine.timing.readInterval);
  }

  /** Everything up to `seq` is on this device. */
  got(room: string, seq: number): void {
    raise(this.#got, room, seq);
    this.#gotTimer.ensure(this.#engine.timing.gotInterval);
  }

  /** The socket is ready again: what could not be told is told now. */
  flush(): void {
    for (const [room, seq] of this.#unsure) raise(this.#got, room, seq);
    this.#sendRead();
    this.#sendGot();
  }

  /** Nobody looks any more: what was read is told without the rest of its wait. */
  hurry(): void {
    this.#sendRead();
  }

  /** The page goes, and its socket with what was put into it last: what may be lost is told once more, by calls that outlive it. */
  part(): void {
    const reads = new Map([...this.#unsureRead, ...this.#read]);
    this.#sendRead();
    for (const [room, seq] of [...reads].slice(-MAX_PARTING))
      this.#engine.api.markRead(room, seq).catch((error: unknown) => {
        this.#engine.warn('a cursor could not be told at the end', error);
      });
  }

  /** A frame was refused, which may have been one of ours: what was sent a moment ago goes once more, in `ms`. */
  again(ms: number): void {
    for (const [room, seq] of this.#unsureRead) raise(this.#read, room, seq);
    for (const [room, seq] of this.#unsure) raise(this.#got, room, seq);
    if (this.#read.size > 0) this.#readTimer.set(Math.max(ms, this.#engine.timing.readInterval));
    if (this.#got.size > 0) this.#gotTimer.set(Math.max(ms, this.#engine.timing.gotInterval));
  }

  /** Out of the room: there is nobody to tell. */
  forget(room: string): void {
    for (const cursors of [this.#read, this.#got, this.#unsure, this.#unsureRead]) cursors.delete(room);
  }

  clear(): void {
    this.#readTimer.stop();
    this.#gotTimer.stop();
    this.#sureTimer.stop();
    this.#unsure.clear();
    this.#unsureRead.clear();
    this.#read.clear();
    this.#got.clear();
  }

  #sendRead(): void {
    for (const [room, seq] of [...this.#read]) {
      if (!this.#engine.send({ type: 'read', room, seq })) return;
      this.#read.delete(room);
      raise(this.#unsureRead, room, seq);
      this.#sureTimer.set(this.#engine.timing.sure);
    }
  }

  #sendGot(): void {
    if (this.#got.size === 0) return;
    if (!this.#engine.send({ type: 'got', rooms: Object.fromEntries(this.#got) })) return;
    for (const [room, seq] of this.#got) raise(this.#unsure, room, seq);
    this.#got.clear();
    this.#sureTimer.set(this.#engine.timing.sure);
  }
}

function raise(cursors: Map<string, number>, room: string, seq: number): void {
  const before = cursors.get(room) ?? 0;
  cursors.delete(room);
  cursors.set(room, Math.max(before, seq));
  const oldest = cursors.keys().next();
  if (cursors.size > MAX_ROOMS && oldest.done !== true) cursors.delete(oldest.value);
}

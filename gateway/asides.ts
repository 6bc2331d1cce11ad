import { type Envelope, Kind } from '../shared/node/envelope.ts';
import type { FanOut } from './fan-out.ts';
import type { LoadMeter } from './load.ts';
import { outFrame } from './out-frame.ts';
import type { Room } from './room.ts';

/** ms between two looks whether the process has time again. */
const LOOK_INTERVAL = 250;
/** Receipts that may wait; more are dropped. */
const MOST = 1_000;
/** Of those, given out at one look: all at once would make the process late again. */
const AT_ONCE = 50;

interface Receipt {
  readonly room: Room;
  readonly body: Buffer;
}

/**
 * What a busy process can do without: typing and others' receipts. While the event loop is late typing is dropped, it would be over
 * anyway; receipts wait, for the last one of a quiet room is followed by none that would say the same.
 */
export class Asides {
  readonly #fanOut: Pick<FanOut, 'deliver'>;
  readonly #load: Pick<LoadMeter, 'shed' | 'isHigh'>;
  #waiting: Receipt[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(fanOut: Pick<FanOut, 'deliver'>, load: Pick<LoadMeter, 'shed' | 'isHigh'>) {
    this.#fanOut = fanOut;
    this.#load = load;
  }

  deliver(room: Room, { kind, body }: Envelope): void {
    if (!this.#load.isHigh) this.#give(room, body);
    else if (kind !== Kind.read || this.#waiting.length >= MOST) this.#load.shed();
    else this.#keep(room, body);
  }

  /** Gives out what waits, once there is time. */
  look(): void {
    if (this.#load.isHigh) return;
    for (const { room, body } of this.#waiting.splice(0, AT_ONCE)) this.#give(room, body);
    if (this.#waiting.length === 0) this.stop();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #keep(room: Room, body: Buffer): void {
    // A copy: what was read from Redis in one go is not to be kept for one receipt of it.
    this.#waiting.push({ room, body: Buffer.from(body) });
    this.#timer ??= setInterval(() => {
      this.look();
    }, LOOK_INTERVAL).unref();
  }

  #give(room: Room, body: Buffer): void {
    this.#fanOut.deliver(room, outFrame(body, true, room.id));
  }
}

import { CloseCode } from '../shared/wire/protocol.ts';
import type { FanOut } from './fan-out.ts';
import { controlFrame, type OutFrame, outFrame, PING } from './out-frame.ts';
import type { Session } from './session.ts';

/** Heartbeats a client may be silent for. */
const SILENT_BEATS = 2.5;

const BEAT = controlFrame({ type: 'beat' });

/** `rooms`: the inside of the object that tells where they stand. */
const beatOf = (rooms: string): OutFrame => outFrame(Buffer.from(`{"type":"beat","rooms":{${rooms}}}`));

/** Sockets in as many buckets as a heartbeat has seconds; each second one bucket is served, so that no second serves all. */
export class Heartbeat {
  readonly #buckets: Set<Session>[];
  readonly #fanOut: FanOut;
  readonly #now: () => number;
  #next = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { seconds: number; fanOut: FanOut; now: () => number }) {
    this.#buckets = Array.from({ length: options.seconds }, () => new Set<Session>());
    this.#fanOut = options.fanOut;
    this.#now = options.now;
  }

  start(): void {
    this.#timer = setInterval(() => this.tick(), 1_000).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Into the emptiest bucket. */
  add(session: Session): void {
    let bucket = this.#buckets[0];
    for (const other of this.#buckets) if (bucket === undefined || other.size < bucket.size) bucket = other;
    if (bucket === undefined) return;
    bucket.add(session);
  }

  remove(session: Session): void {
    for (const bucket of this.#buckets) if (bucket.delete(session)) return;
  }

  /** Serves the next bucket. */
  tick(): void {
    const bucket = this.#buckets[this.#next];
    this.#next = (this.#next + 1) % this.#buckets.length;
    if (bucket === undefined) return;
    for (const session of [...bucket]) this.#serve(session);
  }

  #serve(session: Session): void {
    const now = this.#now();
    if (now - session.lastHeard > SILENT_BEATS * this.#buckets.length * 1_000) {
      return session.close(CloseCode.silent, 'silent for too long');
    }
    if (session.isExpired(Date.now())) return session.close(CloseCode.tokenExpired, 'token expired');
    if (!session.isReady) return;
    const { rooms, isWhole } = this.#moved(session);
    // What could not be told yet has moved since the beat before, as far as the next one is concerned.
    if (isWhole) session.lastBeat = now;
    session.push(rooms === '' ? BEAT : beatOf(rooms));
    session.push(PING);
  }

  /** Rooms that moved since the last beat, as far as this socket was given everything, as a beat tells them; '' if there are none. */
  #moved(session: Session): { readonly rooms: string; readonly isWhole: boolean } {
    let rooms = '';
    let isWhole = true;
    for (const room of session.user?.rooms.entered ?? []) {
      if (room?.position === undefined || room.movedAt < session.lastBeat) continue;
      // Else a room in which there is always something on its way would never be spoken for.
      this.#fanOut.settle(room);
      if (this.#fanOut.isBusy(room) || session.isCatchingUp(room.id)) isWhole = false;
      else rooms += rooms === '' ? room.beat : `,${room.beat}`;
    }
    return { rooms, isWhole };
  }
}

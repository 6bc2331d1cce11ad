import { CloseCode, type SeqByRoom } from '../shared/wire/protocol.ts';
import type { FanOut } from './fan-out.ts';
import type { Hub } from './hub.ts';
import { controlFrame } from './out-frame.ts';
import type { Session } from './session.ts';

/** Heartbeats a client may be silent for. */
const SILENT_BEATS = 2.5;

/** Sockets in as many buckets as a heartbeat has seconds; each second one bucket is served, so that no second serves all. */
export class Heartbeat {
  readonly #buckets: Set<Session>[];
  readonly #bucketOf = new Map<Session, Set<Session>>();
  readonly #hub: Hub;
  readonly #fanOut: FanOut;
  readonly #now: () => number;
  #next = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: { seconds: number; hub: Hub; fanOut: FanOut; now: () => number }) {
    this.#buckets = Array.from({ length: options.seconds }, () => new Set<Session>());
    this.#hub = options.hub;
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
    this.#bucketOf.set(session, bucket);
  }

  remove(session: Session): void {
    this.#bucketOf.get(session)?.delete(session);
    this.#bucketOf.delete(session);
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
    const rooms = this.#moved(session);
    session.lastBeat = now;
    session.push(controlFrame(Object.keys(rooms).length === 0 ? { type: 'beat' } : { type: 'beat', rooms }));
    session.ping();
  }

  /** Rooms that moved since the last beat, as far as this socket was given everything. */
  #moved(session: Session): SeqByRoom {
    const moved: Record<string, number> = {};
    for (const id of session.user?.rooms.keys() ?? []) {
      const room = this.#hub.rooms.get(id);
      if (room?.position === undefined || room.movedAt < session.lastBeat) continue;
      if (this.#fanOut.isBusy(room) || session.catchingUp.has(id)) continue;
      moved[id] = room.position;
    }
    return moved;
  }
}

import type { Logger } from '../shared/node/logger.ts';
import { controlFrame, outFrame, type OutFrame } from './out-frame.ts';
import { OUTBOX_LIMITS } from './outbox.ts';
import type { Room } from './room.ts';
import type { Uplink } from './uplink.ts';
import type { Device } from './user.ts';

/** Numbers a gateway fetches for a reader; more is the reader's own to page through. */
const FETCH_LIMIT = 200;

/** Who resumes: one device. */
export type Reader = Pick<Device, 'backlog' | 'catchingUp' | 'push' | 'isIn'>;
export type ResumeKind = 'none' | 'ring' | 'fetch' | 'gap';

interface Fetched {
  readonly entries: readonly (readonly [seq: number, frame: OutFrame])[];
  readonly to: number;
}

/**
 * Gives a reader what it lacks up to the room's position: from memory, or fetched once for all who wait, or as a `gap`.
 * What lies above the position arrives by itself, live or repaired, because the reader is in the fan-out already; of that
 * only what was forwarded before it came is replayed.
 */
export class Resume {
  readonly #uplink: Uplink;
  readonly #logger: Logger;
  readonly #onResume: (kind: ResumeKind) => void;
  readonly #onGiven: (room: string, how: 'replayed' | 'gap', from: number, to: number) => void;
  /** The latest fetch of each room, while it runs. */
  readonly #fetches = new Map<Room, { after: number; to: number; fetched: Promise<Fetched> }>();

  /** `onGiven` hears which numbers a reader was given, or told of as a gap; nothing where `to` is below `from`. */
  constructor(options: {
    uplink: Uplink;
    logger: Logger;
    onResume?: (kind: ResumeKind) => void;
    onGiven?: (room: string, how: 'replayed' | 'gap', from: number, to: number) => void;
  }) {
    this.#uplink = options.uplink;
    this.#logger = options.logger;
    this.#onResume = options.onResume ?? (() => undefined);
    this.#onGiven = options.onGiven ?? (() => undefined);
  }

  /**
   * The frames to give the reader now; what must be fetched is pushed when it is there. `have`: up to where it misses
   * nothing. `pending`: bytes the caller is about to give it besides. To be called with the room's position set.
   */
  replay(reader: Reader, room: Room, have: number, pending = 0): OutFrame[] {
    const position = room.position ?? 0;
    const kind = this.#kind(room, have, position, reader.backlog + pending);
    this.#onResume(kind);
    if (kind === 'fetch') void this.#fetchFor(reader, room, have, position);
    const from = kind === 'ring' ? have : Math.max(have, position);
    const kept = room.ring.slice(from, room.ring.top);
    if (kind === 'ring') this.#onGiven(room.id, 'replayed', have + 1, position);
    if (kind === 'gap') this.#onGiven(room.id, 'gap', have + 1, position);
    return kind === 'gap' ? [gapFrame(room.id, have + 1, position), ...kept] : kept;
  }

  #kind(room: Room, have: number, position: number, backlog: number): ResumeKind {
    if (have >= room.top) return 'none';
    if (backlog > OUTBOX_LIMITS.capBytes / 2) return have < position ? 'gap' : 'none';
    if (have >= position || room.ring.covers(have, position)) return 'ring';
    return position - have <= FETCH_LIMIT ? 'fetch' : 'gap';
  }

  async #fetchFor(reader: Reader, room: Room, have: number, to: number): Promise<void> {
    reader.catchingUp.add(room.id);
    let reached = have;
    try {
      const fetched = await this.#fetch(room, have, to);
      if (!reader.isIn(room.id)) return;
      for (const [seq, frame] of fetched.entries) if (seq > have && seq <= to) reader.push(frame);
      reached = fetched.to;
      this.#onGiven(room.id, 'replayed', have + 1, Math.min(reached, to));
    } catch (error) {
      this.#logger.warn({ err: error, room: room.id }, 'a missing part could not be fetched');
    } finally {
      reader.catchingUp.delete(room.id);
    }
    const open = Math.max(reached, have) + 1;
    if (open > to || !reader.isIn(room.id)) return;
    this.#onGiven(room.id, 'gap', open, to);
    reader.push(gapFrame(room.id, open, to));
  }

  /** One fetch for all who wait for a part of the same range. */
  #fetch(room: Room, after: number, to: number): Promise<Fetched> {
    const running = this.#fetches.get(room);
    if (running !== undefined && running.after <= after && running.to >= to) return running.fetched;
    const fetched = this.#read(room, after, to);
    const fetch = { after, to, fetched };
    this.#fetches.set(room, fetch);
    const forget = (): void => {
      if (this.#fetches.get(room) === fetch) this.#fetches.delete(room);
    };
    fetched.then(forget, forget);
    return fetched;
  }

  async #read(room: Room, after: number, to: number): Promise<Fetched> {
    const slice = await this.#uplink.log({ room: room.id, after, to });
    if (slice === undefined) return { entries: [], to: after };
    const wanted = slice.entries.filter(([seq]) => seq > after && seq <= to);
    const entries = wanted.map(([seq, text]) => [seq, outFrame(Buffer.from(text), false, room.id)] as const);
    for (const [seq, frame] of entries) room.ring.add(seq, frame);
    return { entries, to: Math.min(slice.to, to) };
  }
}

const gapFrame = (room: string, from: number, to: number): OutFrame =>
  controlFrame({ type: 'gap', room, from, to });

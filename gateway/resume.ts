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
  readonly #fetches = new Map<string, Promise<Fetched>>();

  constructor(options: { uplink: Uplink; logger: Logger; onResume?: (kind: ResumeKind) => void }) {
    this.#uplink = options.uplink;
    this.#logger = options.logger;
    this.#onResume = options.onResume ?? (() => undefined);
  }

  /** `have`: up to where the reader misses nothing. To be called with the room's position set. */
  replay(reader: Reader, room: Room, have: number): void {
    const position = room.position ?? 0;
    const kind = this.#kind(reader, room, have, position);
    this.#onResume(kind);
    if (kind === 'gap') pushGap(reader, room.id, have + 1, position);
    if (kind === 'fetch') void this.#fetchFor(reader, room, have, position);
    const from = kind === 'ring' ? have : Math.max(have, position);
    for (const frame of room.ring.slice(from, room.ring.top)) reader.push(frame);
  }

  #kind(reader: Reader, room: Room, have: number, position: number): ResumeKind {
    if (have >= room.top) return 'none';
    if (reader.backlog > OUTBOX_LIMITS.capBytes / 2) return have < position ? 'gap' : 'none';
    if (have >= position || room.ring.covers(have, position)) return 'ring';
    return position - have <= FETCH_LIMIT ? 'fetch' : 'gap';
  }

  async #fetchFor(reader: Reader, room: Room, have: number, to: number): Promise<void> {
    reader.catchingUp.add(room.id);
    let reached = have;
    try {
      const fetched = await this.#fetch(room, have, to);
      if (!reader.isIn(room.id)) return;
      for (const [, frame] of fetched.entries) reader.push(frame);
      reached = fetched.to;
    } catch (error) {
      this.#logger.warn({ err: error, room: room.id }, 'a missing part could not be fetched');
    } finally {
      reader.catchingUp.delete(room.id);
    }
    if (reached < to && reader.isIn(room.id)) pushGap(reader, room.id, reached + 1, to);
  }

  /** One fetch for all who wait for the same range. */
  #fetch(room: Room, after: number, to: number): Promise<Fetched> {
    const key = `${room.id}:${after}:${to}`;
    const running = this.#fetches.get(key);
    if (running !== undefined) return running;
    const fetch = this.#read(room, after, to).finally(() => this.#fetches.delete(key));
    this.#fetches.set(key, fetch);
    return fetch;
  }

  async #read(room: Room, after: number, to: number): Promise<Fetched> {
    const slice = await this.#uplink.log({ room: room.id, after, to });
    if (slice === undefined) return { entries: [], to: after };
    const wanted = slice.entries.filter(([seq]) => seq > after && seq <= to);
    const entries = wanted.map(([seq, text]) => [seq, outFrame(Buffer.from(text))] as const);
    for (const [seq, frame] of entries) room.ring.add(seq, frame);
    return { entries, to: Math.min(slice.to, to) };
  }
}

function pushGap(reader: Reader, room: string, from: number, to: number): void {
  reader.push(controlFrame({ type: 'gap', room, from, to }));
}

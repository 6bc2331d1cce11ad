import type { Bus } from '../../../shared/node/bus.ts';
import { encodeEnvelope, encodeLogs, Kind } from '../../../shared/node/envelope.ts';
import type { Journal } from '../../../shared/node/journal.ts';
import { roomChannel } from '../../../shared/node/keys.ts';
import type { Logger } from '../../../shared/node/logger.ts';
import type { LogEntry } from '../../store/log.ts';
import type { Breaker } from '../breaker.ts';
import { buildFrames, type FrameDeps, type NumberedFrame } from './frames.ts';
import { realTime, type Time } from './time.ts';

/** ms between tries to publish what could not be published. */
const RETRY_INTERVAL = 1_000;
/** Rooms remembered at the most; beyond that the gateways' own checks against the store find what is missing. */
const MAX_REMEMBERED = 10_000;
const SLICE = 500;

/** Publishes log entries after they are stored, never before; what Redis did not take is remembered and published later. */
export class LogPublisher {
  readonly #bus: Bus;
  readonly #frames: FrameDeps;
  readonly #logger: Logger;
  readonly #journal: Pick<Journal, 'note'>;
  /** Room → the range that holds all its unpublished numbers. */
  readonly #missed = new Map<string, { from: number; to: number }>();
  readonly #time: Time;
  readonly #breaker: Pick<Breaker, 'run'>;
  /** Cancels the next try; undefined while none is due. */
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(
    deps: FrameDeps & {
      readonly bus: Bus;
      readonly logger: Logger;
      readonly journal: Pick<Journal, 'note'>;
      readonly time?: Time;
      /** Where there is none, a bus that hangs is waited for. */
      readonly breaker?: Pick<Breaker, 'run'>;
    },
  ) {
    this.#bus = deps.bus;
    this.#frames = deps;
    this.#logger = deps.logger;
    this.#journal = deps.journal;
    this.#time = deps.time ?? realTime;
    this.#breaker = deps.breaker ?? { run: (work) => work() };
  }

  /** How many rooms have something unpublished. */
  get backlog(): number {
    return this.#missed.size;
  }

  /** Resolves when Redis took each entry or it is remembered, with their frames in order, or none; never rejects. */
  async publish(entries: readonly LogEntry[]): Promise<readonly NumberedFrame[]> {
    for (const { room, seq, kind } of entries)
      this.#journal.note(room, kind === 'void' ? 'voided' : 'stored', seq);
    try {
      const frames = await buildFrames(entries, this.#frames);
      // What was given up may arrive all the same: a frame may come twice.
      await this.#breaker
        .run(() => this.#sendAll(frames))
        .catch(() => {
          for (const { room, seq } of frames) this.#miss(room, seq);
        });
      return frames;
    } catch (error) {
      this.#logger.warn({ err: error }, 'entries could not be published yet');
      for (const entry of entries) this.#miss(entry.room, entry.seq);
      return [];
    }
  }

  /** Tries once more to publish what is left, then stops trying. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#cancel?.();
    await this.#catchUp();
  }

  async #sendAll(frames: readonly NumberedFrame[]): Promise<void> {
    const rooms = new Map<string, NumberedFrame[]>();
    for (const frame of frames) {
      const some = rooms.get(frame.room);
      if (some === undefined) rooms.set(frame.room, [frame]);
      else some.push(frame);
    }
    await Promise.all([...rooms].map(([room, some]) => this.#sendRoom(room, some)));
  }

  /** What a batch has for one room goes together: to Redis and the gateways that is little more than a single frame. */
  async #sendRoom(room: string, frames: readonly NumberedFrame[]): Promise<void> {
    const sent = [...encodeLogs(room, frames)].map(async ({ bytes, frames: some }) => {
      try {
        await this.#bus.publish(roomChannel(room), bytes);
        for (const { seq } of some) this.#journal.note(room, 'published', seq);
      } catch {
        for (const { seq } of some) this.#miss(room, seq);
      }
    });
    await Promise.all(sent);
  }

  #send(room: string, seq: number, frame: string): Promise<void> {
    return this.#bus.publish(roomChannel(room), encodeEnvelope(Kind.log, room, seq, frame));
  }

  #miss(room: string, seq: number): void {
    this.#journal.note(room, 'missed', seq);
    this.#remember(room, seq);
  }

  #remember(room: string, seq: number): void {
    const range = this.#missed.get(room);
    if (range !== undefined) {
      range.from = Math.min(range.from, seq);
      range.to = Math.max(range.to, seq);
    } else if (this.#missed.size < MAX_REMEMBERED) {
      this.#missed.set(room, { from: seq, to: seq });
    }
    this.#schedule();
  }

  #schedule(): void {
    if (this.#closed || this.#cancel !== undefined) return;
    this.#cancel = this.#time.after(RETRY_INTERVAL, () => {
      this.#cancel = undefined;
      void this.#catchUp().then(() => this.#missed.size > 0 && this.#schedule());
    });
  }

  async #catchUp(): Promise<void> {
    for (const [room, range] of [...this.#missed]) {
      this.#missed.delete(room);
      try {
        await this.#republish(room, range.from, range.to);
      } catch (error) {
        this.#remember(room, range.from);
        this.#remember(room, range.to);
        this.#logger.debug({ err: error, backlog: this.#missed.size }, 'still cannot publish');
        return;
      }
    }
  }

  async #republish(room: string, from: number, to: number): Promise<void> {
    for (let next = from; next <= to;) {
      const entries = await this.#frames.store.range(room, next, to, SLICE);
      const frames = await buildFrames(entries, this.#frames);
      for (const { seq, frame } of frames) {
        await this.#send(room, seq, frame);
        this.#journal.note(room, 'late', seq);
      }
      const last = entries.at(-1);
      if (last === undefined || entries.length < SLICE) return;
      next = last.seq + 1;
    }
  }
}

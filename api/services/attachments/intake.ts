import type { Readable } from 'node:stream';
import { ParleyError } from '../../../shared/node/errors.ts';
import { PIECE_BYTES } from '../../store/files.ts';
import { MetadataCleaner } from './metadata/cleaner.ts';
import { HEAD_BYTES } from './sniff.ts';

/** ms without a byte after which an upload counts as stopped. */
const STOPPED = 20_000;
/** Bytes a second below which an upload counts as too slow, once it was waited for so many ms. */
const SLOWEST = 2_048;
const SLOW_AFTER = 60_000;

/** ms: how long a sender is waited for. */
export interface IntakePatience {
  /** Without a byte. */
  readonly stoppedAfter: number;
  /** Altogether, before its pace is judged. */
  readonly slowAfter: number;
}
const PATIENCE: IntakePatience = { stoppedAfter: STOPPED, slowAfter: SLOW_AFTER };

export interface IntakeOptions {
  /** Bytes. */
  readonly limit: number;
  /** Thrown where there are more. */
  readonly refusal: ParleyError;
  readonly patience?: IntakePatience;
  /** Aborted where the upload must not go on; its reason is thrown. */
  readonly signal: AbortSignal;
  readonly onBytes?: (bytes: number) => void;
}

/**
 * A body in pieces as they are stored: without what pictures and films tell beside themselves. It is read no faster than pieces are
 * taken, and never held whole. Throws its refusal as soon as the limit is passed, `invalid` where the body was cut off,
 * stops or comes too slowly.
 */
export class Intake {
  readonly #source: Readable;
  readonly #options: IntakeOptions;
  #head = Buffer.alloc(0);
  #size = 0;
  /** ms spent waiting for the sender. */
  #waited = 0;

  constructor(source: Readable, options: IntakeOptions) {
    this.#source = source;
    this.#options = options;
  }

  /** The first bytes, once they are read. */
  get head(): Buffer {
    return this.#head;
  }

  async *pieces(): AsyncGenerator<Buffer> {
    const parts = this.#source.iterator({ destroyOnReturn: false }) as AsyncIterator<Buffer>;
    try {
      yield* this.#assemble(parts);
    } finally {
      // Lets the source be read on by others; not waited for, as it waits for the sender itself.
      parts.return?.().catch(() => undefined);
    }
  }

  async *#clean(parts: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
    const cleaner = new MetadataCleaner();
    for (let part = await this.#next(parts); part !== undefined; part = await this.#next(parts)) {
      this.#count(part);
      yield* cleaner.push(part);
    }
    yield* cleaner.end();
  }

  async *#assemble(parts: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
    let held: Buffer[] = [];
    let bytes = 0;
    for await (const part of this.#clean(parts)) {
      for (let rest = part; rest.length > 0;) {
        const taken = rest.subarray(0, PIECE_BYTES - bytes);
        rest = rest.subarray(taken.length);
        held.push(taken);
        bytes += taken.length;
        if (bytes < PIECE_BYTES) continue;
        yield Buffer.concat(held, bytes);
        [held, bytes] = [[], 0];
      }
    }
    if (bytes > 0) yield Buffer.concat(held, bytes);
  }

  #count(part: Buffer): void {
    this.#size += part.length;
    if (this.#size > this.#options.limit) throw this.#options.refusal;
    const { slowAfter } = this.#options.patience ?? PATIENCE;
    if (this.#waited > slowAfter && this.#size < (this.#waited / 1_000) * SLOWEST)
      throw new ParleyError('invalid', 'The upload comes too slowly.');
    if (this.#head.length < HEAD_BYTES)
      this.#head = Buffer.concat([this.#head, part.subarray(0, HEAD_BYTES - this.#head.length)]);
    this.#options.onBytes?.(part.length);
  }

  /** undefined at the end. */
  async #next(parts: AsyncIterator<Buffer>): Promise<Buffer | undefined> {
    const { signal, patience = PATIENCE } = this.#options;
    signal.throwIfAborted();
    const since = performance.now();
    const next = parts.next();
    let giveUp: (error: Error) => void = () => undefined;
    const givenUp = new Promise<never>((_resolve, reject) => (giveUp = reject));
    const timer = setTimeout(
      () => giveUp(new ParleyError('invalid', 'The upload stopped.')),
      patience.stoppedAfter,
    );
    const onAbort = (): void => giveUp(signal.reason as Error);
    signal.addEventListener('abort', onAbort);
    try {
      const { done, value } = await Promise.race([next, givenUp]);
      return done === true ? undefined : value;
    } catch (error) {
      next.catch(() => undefined);
      if (error instanceof ParleyError) throw error;
      throw new ParleyError('invalid', 'The upload was cut off.', { cause: error });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      this.#waited += performance.now() - since;
    }
  }
}

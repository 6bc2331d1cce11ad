import type { Cleaner } from './cleaner.ts';

const SIGNATURE_BYTES = 8;
/** Length and type before a chunk's data. */
const HEADER_BYTES = 8;
const CHECKSUM_BYTES = 4;
/** Chunks that tell of people, places, times and programs; no decoder needs them. */
const UNWANTED: ReadonlySet<string> = new Set(['eXIf', 'tEXt', 'zTXt', 'iTXt', 'tIME']);
const LAST = 'IEND';

/**
 * Takes out of a PNG its Exif data and texts, and whatever stands behind its end: cropped screenshots were found to keep
 * there what had been cut away. Everything else stays byte for byte. It holds back less than a chunk's header.
 */
export class PngCleaner implements Cleaner {
  #held: Buffer = Buffer.alloc(0);
  /** Bytes to come that are judged already. */
  #left = SIGNATURE_BYTES;
  #isKept = true;
  #isLast = false;

  push(part: Buffer): readonly Buffer[] {
    let bytes = this.#held.length === 0 ? part : Buffer.concat([this.#held, part]);
    const kept: Buffer[] = [];
    while (bytes.length > 0 && (this.#left > 0 || this.#open(bytes))) {
      const judged = bytes.subarray(0, this.#left);
      if (this.#isKept) kept.push(judged);
      this.#left -= judged.length;
      bytes = bytes.subarray(judged.length);
    }
    this.#held = this.#isLast && this.#left === 0 ? Buffer.alloc(0) : bytes;
    return kept;
  }

  /** A header that was cut off is of no use to anybody. */
  end(): readonly Buffer[] {
    return [];
  }

  /** Reads the header of the next chunk; false where it is not here yet, or nothing more is wanted. */
  #open(bytes: Buffer): boolean {
    if (this.#isLast || bytes.length < HEADER_BYTES) return false;
    const type = bytes.toString('latin1', 4, HEADER_BYTES);
    this.#left = HEADER_BYTES + bytes.readUInt32BE(0) + CHECKSUM_BYTES;
    this.#isKept = !UNWANTED.has(type);
    this.#isLast = type === LAST;
    return true;
  }
}

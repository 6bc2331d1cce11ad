import type { Cleaner } from './cleaner.ts';

/** What is looked into: the film as a whole, and what is said of it; and whatever does not tell its length. */
const SEGMENT = 0x18538067;
const INFO = 0x1549a966;
const TAGS = 0x1254c367;
const UNWANTED: ReadonlySet<number> = new Set([
  TAGS,
  // In INFO: the title, the date, the names of this file, the one before and the one behind.
  0x7ba9,
  0x4461,
  0x7384,
  0x3c83ab,
  0x3e83bb,
  // A checksum over what it stands in, which changes.
  0xbf,
]);
/** Empty, of any length. */
const VOID = 0xec;
const MAX_ID_BYTES = 4;
const MAX_SIZE_BYTES = 8;
const MAX_HEADER_BYTES = MAX_ID_BYTES + MAX_SIZE_BYTES;

interface Element {
  readonly id: number;
  readonly header: number;
  /** Bytes behind the header; undefined where it is not told. */
  readonly size: number | undefined;
}

/**
 * Takes out of Matroska and WebM the tags, the title, the date and the names of files. Such a file says at which of its bytes
 * others stand, so nothing is left out: an element becomes an empty one of its length. It holds back less than a header.
 */
export class MatroskaCleaner implements Cleaner {
  #held: Buffer = Buffer.alloc(0);
  /** Bytes to come that are judged already. */
  #left = 0;
  #isKept = true;

  push(part: Buffer): readonly Buffer[] {
    return this.#clean(this.#held.length === 0 ? part : Buffer.concat([this.#held, part]), false);
  }

  end(): readonly Buffer[] {
    return [...this.#clean(this.#held, true), this.#held];
  }

  #clean(part: Buffer, isEnd: boolean): readonly Buffer[] {
    let bytes = part;
    const kept: Buffer[] = [];
    while (bytes.length > 0) {
      const judged = this.#left > 0 ? this.#pass(bytes) : this.#open(bytes, isEnd);
      if (judged === undefined) break;
      kept.push(judged);
      bytes = bytes.subarray(judged.length);
    }
    this.#held = bytes;
    return kept;
  }

  #pass(bytes: Buffer): Buffer {
    const judged = bytes.subarray(0, this.#left);
    this.#left -= judged.length;
    return this.#isKept ? judged : Buffer.alloc(judged.length);
  }

  /** What to store of the next header; undefined where too little of it is here. */
  #open(bytes: Buffer, isEnd: boolean): Buffer | undefined {
    const element = elementAt(bytes);
    if (element === undefined && bytes.length < MAX_HEADER_BYTES && !isEnd) return undefined;
    if (element === undefined) {
      // No player would go on here.
      [this.#left, this.#isKept] = [Infinity, true];
      return this.#pass(bytes);
    }
    const { id, header, size } = element;
    this.#isKept = size === undefined || !UNWANTED.has(id);
    // What is inside comes as if it stood beside: nothing of it is named like anything elsewhere.
    this.#left = size === undefined || id === SEGMENT || id === INFO ? 0 : size;
    return this.#isKept ? bytes.subarray(0, header) : emptied(header, size ?? 0);
  }
}

/** The element that begins here; undefined where its header is not whole, or none. */
function elementAt(bytes: Buffer): Element | undefined {
  const idBytes = lengthAt(bytes, 0);
  const sizeBytes = lengthAt(bytes, idBytes);
  const header = idBytes + sizeBytes;
  if (idBytes > MAX_ID_BYTES || sizeBytes > MAX_SIZE_BYTES || header > bytes.length) return undefined;
  const id = bytes.readUIntBE(0, idBytes);
  const [first = 0, ...more] = bytes.subarray(idBytes, header);
  const size = more.reduce((sum, byte) => sum * 256 + byte, first & (0xff >> sizeBytes));
  // All ones: not told.
  return { id, header, size: size >= 2 ** (7 * sizeBytes) - 1 ? undefined : size };
}

/** How long the number that begins at `at` is, by its first bit; more than any may be where there is none. */
const lengthAt = (bytes: Buffer, at: number): number => Math.clz32(bytes[at] ?? 0) - 23;

/** The header of nothing, as long as the one before; what is longer than the longest is of its content, and zero. */
function emptied(header: number, size: number): Buffer {
  const cleaned = Buffer.alloc(header);
  const sizeBytes = Math.min(MAX_SIZE_BYTES, header - 1);
  const rest = header - 1 - sizeBytes;
  cleaned[0] = VOID;
  let value = size + rest;
  for (let at = sizeBytes; at >= 1; at--, value = Math.floor(value / 256)) cleaned[at] = value % 256;
  cleaned[1] = (cleaned[1] ?? 0) | (0x100 >> sizeBytes);
  return cleaned;
}

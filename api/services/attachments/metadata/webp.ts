import type { Cleaner } from './cleaner.ts';
import { orientationIn, orientationTiff } from './exif.ts';

const FILE_HEADER_BYTES = 12;
const HEADER_BYTES = 8;
const EXIF = 'EXIF';
const UNWANTED: ReadonlySet<string> = new Set([EXIF, 'XMP ']);
/** Of longer Exif data not even the orientation is kept. */
const MAX_EXIF = 64 * 1024;

/**
 * Takes out of a WebP its Exif data and XMP. The file says its length at its beginning, so nothing is left out: what was said
 * there is overwritten with nothing, but for the way the picture is turned. Everything else stays byte for byte.
 */
export class WebpCleaner implements Cleaner {
  #held: Buffer = Buffer.alloc(0);
  /** Bytes to come that are judged already. */
  #left = FILE_HEADER_BYTES;
  #isKept = true;

  push(part: Buffer): readonly Buffer[] {
    let bytes = this.#held.length === 0 ? part : Buffer.concat([this.#held, part]);
    const kept: Buffer[] = [];
    while (bytes.length > 0) {
      if (this.#left === 0) {
        const head = this.#open(bytes);
        if (head === undefined) break;
        kept.push(head);
        bytes = bytes.subarray(head.length);
      }
      const judged = bytes.subarray(0, this.#left);
      kept.push(this.#isKept ? judged : Buffer.alloc(judged.length));
      this.#left -= judged.length;
      bytes = bytes.subarray(judged.length);
    }
    this.#held = bytes;
    return kept;
  }

  end(): readonly Buffer[] {
    return [Buffer.alloc(this.#held.length)];
  }

  /** What to store of the beginning of the next chunk; undefined where too little of it is here. */
  #open(bytes: Buffer): Buffer | undefined {
    if (bytes.length < HEADER_BYTES) return undefined;
    const type = bytes.toString('latin1', 0, 4);
    const size = bytes.readUInt32LE(4);
    const isExif = type === EXIF && size <= MAX_EXIF;
    if (isExif && bytes.length < HEADER_BYTES + size) return undefined;
    this.#isKept = !UNWANTED.has(type);
    // Chunks have an even length.
    this.#left = (isExif ? 0 : size) + (size % 2);
    const header = bytes.subarray(0, HEADER_BYTES);
    return isExif
      ? Buffer.concat([header, cleanExif(bytes.subarray(HEADER_BYTES, HEADER_BYTES + size))])
      : header;
  }
}

/** As long as it was. */
function cleanExif(payload: Buffer): Buffer {
  const cleaned = Buffer.alloc(payload.length);
  const orientation = orientationIn(payload) ?? 1;
  if (orientation > 1) orientationTiff(orientation).copy(cleaned);
  return cleaned;
}

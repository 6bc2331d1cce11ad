import type { Cleaner } from './cleaner.ts';
import { orientationOf, orientationSegment } from './exif.ts';

/** Where in the file the next byte stands. */
type State =
  /** Before a marker. */
  | 'markers'
  /** In the picture's own data, which runs to the next marker. */
  | 'scan'
  /** Behind the end of a picture. */
  | 'behind'
  /** Where no decoder would go on. */
  | 'broken';

const BEGIN = Buffer.from([0xff, 0xd8, 0xff]);
const END_OF_IMAGE = 0xd9;
const START_OF_SCAN = 0xda;
const APP0 = 0xe0;
const APP1 = 0xe1;
const APP15 = 0xef;
const COMMENT = 0xfe;
/** What decoders need of the segments for applications: pixel density, colours. */
const NEEDED: ReadonlyMap<number, string> = new Map([
  [APP0, 'JFIF\0'],
  [0xe2, 'ICC_PROFILE\0'],
  [0xee, 'Adobe'],
]);

/**
 * Takes out of a JPEG what tells more than the picture: Exif (places, times, cameras, previews), XMP, IPTC, comments, and
 * whatever stands behind its end. The picture's own bytes stay as they are, and so does the way it is turned. What cannot
 * be judged yet is held back: at most one segment, 64 KiB.
 */
export class JpegCleaner implements Cleaner {
  #state: State = 'markers';
  #bytes: Buffer = Buffer.alloc(0);
  /** How much of `#bytes` is judged. */
  #at = 0;
  #kept: Buffer[] = [];

  push(part: Buffer): readonly Buffer[] {
    const held = this.#bytes.subarray(this.#at);
    this.#bytes = held.length === 0 ? part : Buffer.concat([held, part]);
    this.#at = 0;
    this.#kept = [];
    while (this.#at < this.#bytes.length && this.#step());
    return this.#kept;
  }

  /** A segment that was cut off is of no use to anybody. */
  end(): readonly Buffer[] {
    return this.#state === 'scan' ? [this.#bytes.subarray(this.#at)] : [];
  }

  /** False where more bytes must come first. */
  #step(): boolean {
    switch (this.#state) {
      case 'markers':
        return this.#marker();
      case 'scan':
        return this.#scan();
      case 'behind':
        return this.#behind();
      case 'broken':
        return this.#keep(this.#bytes.length);
    }
  }

  /** As decoders do, what stands between segments is skipped. */
  #marker(): boolean {
    const begin = this.#bytes.indexOf(0xff, this.#at);
    this.#at = begin === -1 ? this.#bytes.length : begin;
    const code = this.#bytes[this.#at + 1];
    if (code === undefined) return false;
    if (code === 0x00 || code === 0xff) return this.#skip(this.#at + 1);
    if (!isAlone(code)) return this.#segment(code);
    if (code === END_OF_IMAGE) this.#state = 'behind';
    return this.#keep(this.#at + 2);
  }

  #segment(code: number): boolean {
    if (this.#at + 4 > this.#bytes.length) return false;
    const length = this.#bytes.readUInt16BE(this.#at + 2);
    if (length < 2) {
      this.#state = 'broken';
      return true;
    }
    const end = this.#at + 2 + length;
    if (end > this.#bytes.length) return false;
    const kept = cleanSegment(code, this.#bytes.subarray(this.#at, end));
    if (kept !== undefined) this.#kept.push(kept);
    if (code === START_OF_SCAN) this.#state = 'scan';
    return this.#skip(end);
  }

  #scan(): boolean {
    let end = this.#bytes.indexOf(0xff, this.#at);
    while (end !== -1 && isOfScan(this.#bytes[end + 1])) end = this.#bytes.indexOf(0xff, end + 1);
    if (end === -1) return this.#keep(this.#bytes.length);
    this.#keep(end);
    if (end + 1 === this.#bytes.length) return false;
    this.#state = 'markers';
    return true;
  }

  /** Cameras put more pictures behind the first, each with data of its own. */
  #behind(): boolean {
    const begin = this.#bytes.indexOf(BEGIN, this.#at);
    if (begin !== -1) {
      this.#state = 'markers';
      return this.#skip(begin);
    }
    this.#at = Math.max(this.#at, this.#bytes.length - BEGIN.length + 1);
    return false;
  }

  #keep(end: number): boolean {
    if (end > this.#at) this.#kept.push(this.#bytes.subarray(this.#at, end));
    return this.#skip(end);
  }

  #skip(end: number): boolean {
    this.#at = end;
    return true;
  }
}

/** Markers without a segment. */
const isAlone = (code: number): boolean => code === 0x01 || (code >= 0xd0 && code <= END_OF_IMAGE);

/** Whether 0xff with this behind it belongs to the data of a scan: stuffing, restarts, fill. */
const isOfScan = (code: number | undefined): boolean =>
  code === 0x00 || code === 0xff || (code !== undefined && code >= 0xd0 && code <= 0xd7);

/** What is kept of a segment, its marker included. */
function cleanSegment(code: number, segment: Buffer): Buffer | undefined {
  const payload = segment.subarray(4);
  if (code === APP1) {
    const orientation = orientationOf(payload) ?? 1;
    return orientation === 1 ? undefined : orientationSegment(orientation);
  }
  const isForApplications = (code >= APP0 && code <= APP15) || code === COMMENT;
  if (!isForApplications) return segment;
  const name = NEEDED.get(code);
  return name !== undefined && payload.toString('latin1', 0, name.length) === name ? segment : undefined;
}

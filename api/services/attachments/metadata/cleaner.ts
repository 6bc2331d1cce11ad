import { IsoMediaCleaner } from './iso-media.ts';
import { JpegCleaner } from './jpeg.ts';
import { MatroskaCleaner } from './matroska.ts';
import { PngCleaner } from './png.ts';
import { WebpCleaner } from './webp.ts';

/** Leaves out of a file that comes in parts what its sender would not knowingly give away. Everything held is bounded. */
export interface Cleaner {
  /** What is to be kept of this part, and of what was held back before. */
  push(part: Buffer): readonly Buffer[];
  /** What is still held, at the end. */
  end(): readonly Buffer[];
}

const AS_IT_IS: Cleaner = { push: (part) => [part], end: () => [] };
/** By how files begin; dots stand for anything. Music keeps its titles, and of a camera's raw data nothing may be missing. */
const STARTS: readonly (readonly [start: RegExp, make: () => Cleaner])[] = [
  [/^\xff\xd8\xff/s, () => new JpegCleaner()],
  [/^\x89PNG\r\n/s, () => new PngCleaner()],
  [/^RIFF....WEBP/s, () => new WebpCleaner()],
  [/^....ftyp(?!M4[ABP] |crx )/s, () => new IsoMediaCleaner()],
  [/^[^ -\xff]E\xdf\xa3/s, () => new MatroskaCleaner()],
];
const LONGEST_START = 12;

/** Knows by the first bytes what to do: other kinds of files pass as they are. */
export class MetadataCleaner implements Cleaner {
  #start = Buffer.alloc(0);
  #inner: Cleaner | undefined;

  push(part: Buffer): readonly Buffer[] {
    if (this.#inner !== undefined) return this.#inner.push(part);
    this.#start = Buffer.concat([this.#start, part]);
    return this.#start.length < LONGEST_START ? [] : this.#begin();
  }

  end(): readonly Buffer[] {
    const begun = this.#inner === undefined ? this.#begin() : [];
    return [...begun, ...(this.#inner?.end() ?? [])];
  }

  #begin(): readonly Buffer[] {
    const start = this.#start;
    this.#start = Buffer.alloc(0);
    const text = start.toString('latin1', 0, LONGEST_START);
    const [, make] = STARTS.find(([known]) => known.test(text)) ?? [];
    this.#inner = make?.() ?? AS_IT_IS;
    return this.#inner.push(start);
  }
}

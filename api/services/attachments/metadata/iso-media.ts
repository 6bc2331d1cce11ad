import { Blotter } from './blotter.ts';
import type { Cleaner } from './cleaner.ts';
import { cleanItems, isPicture } from './iso-items.ts';
import { telemetryIn } from './telemetry.ts';

const HEADER_BYTES = 8;
/** Of a box that says its size in 64 bits. */
const LONG_HEADER_BYTES = 16;
/** Players skip a box of this type. */
const NOTHING = Buffer.from('free', 'latin1');
/** What is looked into, by what it stands in. */
const CONTAINERS: Readonly<Record<string, string>> = { moov: '', trak: 'moov', mdia: 'trak' };
/**
 * Where films tell of places, people and cameras; films behind pictures, previews; and what is empty, in which dashcams keep
 * where they were.
 */
const UNWANTED: ReadonlySet<string> = new Set([
  'udta',
  'meta',
  'uuid',
  'free',
  'skip',
  'gps ',
  'mpvd',
  'sefd',
  'pnot',
  'PICT',
]);
/** Boxes that say when a film was made. */
const DATED: ReadonlySet<string> = new Set(['mvhd', 'tkhd', 'mdhd']);
const MAX_DATED = 1_024;
/** The film's own data. */
const MEDIA = 'mdat';
/** The structure of a picture is some KiB; one that cannot be judged is not kept. */
const MAX_ITEMS = 1024 * 1024;

/** A box whose header is here. */
interface Box {
  readonly type: string;
  readonly header: number;
  /** Header and all, Infinity to the file's end. */
  readonly size: number;
}

/**
 * Takes out of the family of MP4, QuickTime, HEIC and AVIF what tells more than the film or the picture. Such a file says in
 * many places at which of its bytes others stand, so nothing is left out: a box becomes an empty one of its length. Everything
 * else stays byte for byte, but for what an action camera wrote into the film's own data about where it was. What cannot be
 * judged yet is held back: the structure of a picture, at most 1 MiB.
 */
export class IsoMediaCleaner implements Cleaner {
  #held: Buffer[] = [];
  #heldBytes = 0;
  /** Bytes that must be here before there is anything to judge. */
  #needed = HEADER_BYTES;
  /** Bytes to come that are judged already. */
  #left = 0;
  #isKept = true;
  /** They are the film's own data. */
  #isMedia = false;
  /** Where in the file the next byte to be judged stands. */
  #at = 0;
  /** The containers around it, the innermost last. */
  readonly #around: { readonly type: string; readonly end: number }[] = [];
  readonly #blotter = new Blotter();

  push(part: Buffer): readonly Buffer[] {
    this.#held.push(part);
    this.#heldBytes += part.length;
    if (this.#left === 0 && this.#heldBytes < this.#needed) return [];
    let bytes = this.#held.length === 1 ? part : Buffer.concat(this.#held);
    const kept: Buffer[] = [];
    while (bytes.length > 0) {
      const judged = this.#left > 0 ? this.#pass(bytes) : this.#open(bytes);
      if (judged === undefined) break;
      kept.push(judged);
      bytes = bytes.subarray(judged.length);
    }
    this.#held = bytes.length === 0 ? [] : [bytes];
    this.#heldBytes = bytes.length;
    return kept;
  }

  /** What was cut off before it could be judged is overwritten. */
  end(): readonly Buffer[] {
    return [this.#left > 0 ? Buffer.concat(this.#held) : Buffer.alloc(this.#heldBytes)];
  }

  /** Undefined where more bytes must come. */
  #pass(bytes: Buffer): Buffer | undefined {
    const here = bytes.subarray(0, this.#left);
    const judged = this.#isMedia ? this.#media(here) : here;
    if (judged.length === 0) return undefined;
    this.#left -= judged.length;
    return this.#take(this.#isKept ? judged : Buffer.alloc(judged.length));
  }

  /** As much of the film's own data as can be judged; what tells of places is to be overwritten. */
  #media(here: Buffer): Buffer {
    const { ranges, open } = telemetryIn(here);
    const within = (end: number): number => this.#at + Math.min(end, this.#left);
    this.#blotter.add(ranges.map(({ start, end }) => ({ start: this.#at + start, end: within(end) })));
    return here.length < this.#left ? here.subarray(0, open) : here;
  }

  /** What to store of the beginning of the next box; undefined where too little of it is here. */
  #open(bytes: Buffer): Buffer | undefined {
    while ((this.#around.at(-1)?.end ?? Infinity) <= this.#at) this.#around.pop();
    const room = (this.#around.at(-1)?.end ?? Infinity) - this.#at;
    const box = room < HEADER_BYTES ? 'none' : boxAt(bytes, room);
    if (box === undefined) return this.#wait(bytes.length < HEADER_BYTES ? HEADER_BYTES : LONG_HEADER_BYTES);
    // No player would go on here.
    if (box === 'none') return this.#skip(room, bytes);
    const parent = this.#around.at(-1)?.type ?? '';
    if (CONTAINERS[box.type] === parent) return this.#enter(box, bytes);
    if (DATED.has(box.type) && box.size <= MAX_DATED)
      return this.#whole(box, bytes, (whole) => withoutDates(whole, box));
    const holdsItems = box.type === 'meta' && parent === '' && box.size <= MAX_ITEMS;
    if (holdsItems) return this.#whole(box, bytes, (whole) => this.#items(whole, box));
    this.#needed = HEADER_BYTES;
    this.#left = box.size - box.header;
    this.#isKept = !UNWANTED.has(box.type);
    this.#isMedia = box.type === MEDIA && parent === '';
    const header = bytes.subarray(0, box.header);
    return this.#take(this.#isKept ? header : emptied(header));
  }

  #enter({ type, header, size }: Box, bytes: Buffer): Buffer {
    this.#needed = HEADER_BYTES;
    this.#around.push({ type, end: this.#at + size });
    return this.#take(bytes.subarray(0, header));
  }

  #whole({ size }: Box, bytes: Buffer, clean: (whole: Buffer) => Buffer): Buffer | undefined {
    if (bytes.length < size) return this.#wait(size);
    this.#needed = HEADER_BYTES;
    return this.#take(clean(Buffer.from(bytes.subarray(0, size))));
  }

  /** Of a picture what it is made of stays; of anything else nothing. */
  #items(whole: Buffer, { header }: Box): Buffer {
    const payload = whole.subarray(header);
    if (!isPicture(payload))
      return Buffer.concat([emptied(whole.subarray(0, header)), Buffer.alloc(payload.length)]);
    this.#blotter.add(cleanItems(payload));
    return whole;
  }

  #skip(length: number, bytes: Buffer): Buffer | undefined {
    this.#needed = HEADER_BYTES;
    this.#left = length;
    this.#isKept = true;
    this.#isMedia = false;
    return this.#pass(bytes);
  }

  #wait(bytes: number): undefined {
    this.#needed = bytes;
    return undefined;
  }

  #take(bytes: Buffer): Buffer {
    const taken = this.#blotter.over(bytes, this.#at);
    this.#at += bytes.length;
    return taken;
  }
}

/** The box that begins here, no longer than there is room for; undefined where more bytes must come, 'none' where it is none. */
function boxAt(bytes: Buffer, room: number): Box | 'none' | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  const short = bytes.readUInt32BE(0);
  const type = bytes.toString('latin1', 4, HEADER_BYTES);
  if (short === 0) return { type, header: HEADER_BYTES, size: room };
  if (short !== 1)
    return short < HEADER_BYTES ? 'none' : { type, header: HEADER_BYTES, size: Math.min(short, room) };
  if (room < LONG_HEADER_BYTES) return 'none';
  if (bytes.length < LONG_HEADER_BYTES) return undefined;
  const long = Number(bytes.readBigUInt64BE(HEADER_BYTES));
  if (long < LONG_HEADER_BYTES) return 'none';
  return { type, header: LONG_HEADER_BYTES, size: Math.min(long, room) };
}

function emptied(header: Buffer): Buffer {
  const cleaned = Buffer.from(header);
  NOTHING.copy(cleaned, 4);
  return cleaned;
}

/** A version and flags, then two times of 4 bytes or, from version 1 on, 8. */
function withoutDates(whole: Buffer, { header }: Box): Buffer {
  const payload = whole.subarray(header);
  payload.subarray(4, payload[0] === 0 ? 12 : 20).fill(0);
  return whole;
}

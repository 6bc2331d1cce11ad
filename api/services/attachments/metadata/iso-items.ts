/** The items of a picture in HEIC and AVIF: what is one, what only tells of it, and where in the file they stand. */
import type { Range } from './blotter.ts';
import { Fields } from './fields.ts';

const HEADER_BYTES = 8;
/** A version and flags. */
const FULL_BYTES = 4;
/** Exif data; XMP and whatever else is written in words; what only an address names. */
const TELLING: ReadonlySet<string> = new Set(['Exif', 'mime', 'uri ']);
/** An item of a type that no reader knows. */
const NOTHING = Buffer.from('free', 'latin1');
/** Boxes, and properties of pictures, that tell of people and times, and what is empty. */
const UNWANTED: ReadonlySet<string> = new Set([
  'uuid',
  'udta',
  'udes',
  'altt',
  'crtt',
  'mdft',
  'free',
  'skip',
]);
/** Offsets within the file, or within the box `idat`. */
const IN_FILE = 0;
const IN_BOX = 1;

interface Child {
  readonly type: string;
  readonly payload: Buffer;
  /** Its type and payload, where they stand. */
  readonly whole: Buffer;
}

/** Whether the payload of a `meta` box describes a picture. */
export function isPicture(meta: Buffer): boolean {
  const handler = children(meta.subarray(FULL_BYTES)).find(({ type }) => type === 'hdlr');
  return handler?.payload.toString('latin1', 8, 12) === 'pict';
}

/** Cleans the payload of a picture's `meta` box in place, and gives what of the file tells more than the picture. */
export function cleanItems(meta: Buffer): readonly Range[] {
  const boxes = children(meta.subarray(FULL_BYTES));
  for (const box of boxes) emptyUnwanted(box);
  const named = (name: string): Buffer | undefined => boxes.find(({ type }) => type === name)?.payload;
  for (const { type, payload } of children(named('iprp') ?? Buffer.alloc(0)))
    if (type === 'ipco') for (const property of children(payload)) emptyUnwanted(property);
  const telling = forgetTelling(named('iinf'));
  const extents = extentsOf(named('iloc'), telling);
  const data = named('idat');
  for (const { start, end, where } of extents)
    if (where === IN_BOX) data?.fill(0, Math.min(start, data.length), Math.min(end, data.length));
  return extents.filter(({ where }) => where === IN_FILE);
}

function emptyUnwanted({ type, whole, payload }: Child): void {
  if (!UNWANTED.has(type)) return;
  NOTHING.copy(whole);
  payload.fill(0);
}

/** The boxes in `bytes`, up to where they are none. */
function children(bytes: Buffer): readonly Child[] {
  const found: Child[] = [];
  for (let at = 0; at + HEADER_BYTES <= bytes.length;) {
    const size = bytes.readUInt32BE(at) || bytes.length - at;
    if (size < HEADER_BYTES || at + size > bytes.length) break;
    const type = bytes.toString('latin1', at + 4, at + HEADER_BYTES);
    const whole = bytes.subarray(at + 4, at + size);
    found.push({ type, payload: whole.subarray(4), whole });
    at += size;
  }
  return found;
}

/** Takes their types from items that only tell of others, so that nobody looks for what is gone; gives their ids. */
function forgetTelling(infos: Buffer = Buffer.alloc(0)): ReadonlySet<number> {
  const telling = new Set<number>();
  const entries = infos.subarray(FULL_BYTES + (infos[0] === 0 ? 2 : 4));
  for (const { type, payload } of children(entries)) {
    const version = payload[0] ?? 0;
    if (type !== 'infe' || version < 2) continue;
    const idBytes = version === 2 ? 2 : 4;
    // Behind the id: how it is protected.
    const at = FULL_BYTES + idBytes + 2;
    if (at + NOTHING.length > payload.length || !TELLING.has(payload.toString('latin1', at, at + 4)))
      continue;
    telling.add(payload.readUIntBE(FULL_BYTES, idBytes));
    NOTHING.copy(payload, at);
  }
  return telling;
}

type Extent = Range & { readonly where: number };

/** Where these items stand, by the payload of `iloc`. */
function extentsOf(locations: Buffer = Buffer.alloc(0), ids: ReadonlySet<number>): readonly Extent[] {
  const version = locations[0] ?? 0;
  const fields = new Fields(locations, FULL_BYTES);
  const sizes = fields.number(2);
  const [offset, length, base, index] = [12, 8, 4, 0].map((shift) => (sizes >> shift) & 15) as [
    number,
    number,
    number,
    number,
  ];
  const wide = version < 2 ? 2 : 4;
  const found: Extent[] = [];
  for (let items = fields.number(wide); items > 0 && fields.isHere; items--) {
    const id = fields.number(wide);
    const where = version === 0 ? IN_FILE : fields.number(2) & 15;
    const isElsewhere = fields.number(2) !== 0;
    const from = fields.number(base);
    const extents = fields.number(2);
    // To the end of the file, which no item of this kind is. It may take no bytes to say so as often as one likes.
    if (length === 0) {
      fields.number((offset + (version > 0 ? index : 0)) * extents);
      continue;
    }
    for (let i = 0; i < extents && fields.isHere; i++) {
      if (version > 0) fields.number(index);
      const start = from + fields.number(offset);
      const end = start + fields.number(length);
      if (ids.has(id) && fields.isHere && !isElsewhere) found.push({ start, end, where });
    }
  }
  return found;
}

/**
 * Reading a BSON document's top level from its bytes, so that commands and replies pass through without being decoded.
 * Every length is checked against the bytes there are: a malformed document throws MalformedBson, never reads past.
 */
export class MalformedBson extends Error {}

export type Element = {
  readonly name: string;
  readonly type: number;
  readonly start: number;
  readonly end: number;
};

/** MongoDB's own limit on how deep documents nest is 180 to 200, depending on the path. */
const MAX_DEPTH = 200;

const FIXED_SIZES: Readonly<Record<number, number>> = {
  0x01: 8, 0x06: 0, 0x07: 12, 0x08: 1, 0x09: 8, 0x0a: 0, 0x10: 4, 0x11: 8, 0x12: 8, 0x13: 16, 0x7f: 0, 0xff: 0,
}; // prettier-ignore

/** Length of the document at `offset`, which must end at or before `limit`, with a zero. */
export function documentLength(bytes: Buffer, offset: number, limit = bytes.length): number {
  if (limit - offset < 5) throw new MalformedBson('a document is cut off');
  const length = bytes.readInt32LE(offset);
  if (length < 5 || length > limit - offset) throw new MalformedBson('a document has an impossible length');
  if (bytes[offset + length - 1] !== 0) throw new MalformedBson('a document has no end');
  return length;
}

/** The elements of the document at `offset`, in order. */
export function* elements(bytes: Buffer, offset = 0): Generator<Element> {
  const limit = offset + documentLength(bytes, offset) - 1;
  let at = offset + 4;
  while (at < limit) {
    const type = bytes[at] ?? 0;
    const nameEnd = zeroAfter(bytes, at + 1, limit);
    const name = bytes.toString('utf8', at + 1, nameEnd);
    const start = nameEnd + 1;
    const end = start + valueSize(bytes, type, start, limit);
    if (end > limit) throw new MalformedBson(`the value of ${name} is cut off`);
    yield { name, type, start, end };
    at = end;
  }
  if (at !== limit) throw new MalformedBson('a document ends within an element');
}

/** Throws unless the document at `offset` is well-formed at every depth. */
export function validate(bytes: Buffer, offset = 0, limit = bytes.length, depth = 0): void {
  if (depth > MAX_DEPTH) throw new MalformedBson('a document nests too deep');
  const end = offset + documentLength(bytes, offset, limit) - 1;
  let at = offset + 4;
  while (at < end) {
    const type = bytes[at] ?? 0;
    const start = zeroAfter(bytes, at + 1, end) + 1;
    const next = start + valueSize(bytes, type, start, end);
    if (next > end) throw new MalformedBson('a value is cut off');
    if (type === 0x03 || type === 0x04) validate(bytes, start, next, depth + 1);
    at = next;
  }
  if (at !== end) throw new MalformedBson('a document ends within an element');
}

function zeroAfter(bytes: Buffer, from: number, limit: number): number {
  const at = bytes.indexOf(0, from);
  if (at < 0 || at >= limit) throw new MalformedBson('a name has no end');
  return at;
}

function valueSize(bytes: Buffer, type: number, start: number, limit: number): number {
  const fixed = FIXED_SIZES[type];
  if (fixed !== undefined) return fixed;
  if (type === 0x0b) return zeroAfter(bytes, zeroAfter(bytes, start, limit) + 1, limit) + 1 - start;
  if (start + 4 > limit) throw new MalformedBson('a length is cut off');
  if (type === 0x03 || type === 0x04) return documentLength(bytes, start, limit);
  const length = bytes.readInt32LE(start);
  if (length < 0 || length > limit - start) throw new MalformedBson('a value has an impossible length');
  switch (type) {
    case 0x02:
    case 0x0d:
    case 0x0e:
      return 4 + length;
    case 0x05:
      return 5 + length;
    case 0x0c:
      return 16 + length;
    case 0x0f:
      return length;
    default:
      throw new MalformedBson(`type ${type} is unknown`);
  }
}

/** The string value of an element of type string. */
export function stringOf(bytes: Buffer, element: Element): string {
  return bytes.toString('utf8', element.start + 4, element.end - 1);
}

/** The number value of an element, or undefined when it is none. */
export function numberOf(bytes: Buffer, element: Element): number | undefined {
  if (element.type === 0x10) return bytes.readInt32LE(element.start);
  if (element.type === 0x12) return Number(bytes.readBigInt64LE(element.start));
  if (element.type === 0x01) return bytes.readDoubleLE(element.start);
  return undefined;
}

/** The first element of that name at the document's top level. */
export function find(bytes: Buffer, name: string): Element | undefined {
  for (const element of elements(bytes)) if (element.name === name) return element;
  return undefined;
}

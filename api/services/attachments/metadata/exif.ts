/** What is kept of a picture's Exif data: how its camera was held. Everything else in it tells of people and places. */

const NAME = Buffer.from('Exif\0\0', 'latin1');
const ORIENTATION_TAG = 0x0112;
const SHORT = 3;
const ENTRY_BYTES = 12;

const isNamed = (payload: Buffer): boolean => payload.subarray(0, NAME.length).equals(NAME);

/** The orientation in the payload of an APP1 segment, 1 to 8; undefined where it is no Exif data or has none. */
export const orientationOf = (payload: Buffer): number | undefined =>
  isNamed(payload) ? orientationIn(payload) : undefined;

/** The same of Exif data with or without its name before it. */
export function orientationIn(payload: Buffer): number | undefined {
  const tiff = isNamed(payload) ? payload.subarray(NAME.length) : payload;
  const order = tiff.toString('latin1', 0, 2);
  if (tiff.length < 8 || (order !== 'II' && order !== 'MM')) return undefined;
  const short = (at: number): number => (order === 'II' ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const directory = order === 'II' ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (directory + 2 > tiff.length) return undefined;
  const entries = short(directory);
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + i * ENTRY_BYTES;
    if (at + ENTRY_BYTES > tiff.length) return undefined;
    if (short(at) !== ORIENTATION_TAG || short(at + 2) !== SHORT) continue;
    const value = short(at + 8);
    return value >= 1 && value <= 8 ? value : undefined;
  }
  return undefined;
}

/** A whole APP1 segment that says this orientation and nothing else. */
export const orientationSegment = (orientation: number): Buffer =>
  Buffer.concat([Buffer.from([0xff, 0xe1, 0x00, 0x22]), NAME, orientationTiff(orientation)]);

/** Exif data that says this orientation and nothing else. */
export function orientationTiff(orientation: number): Buffer {
  return Buffer.concat([
    // Big-endian TIFF: one directory at 8 with one entry, and none behind it.
    Buffer.from('MM\0*\0\0\0\x08\0\x01', 'latin1'),
    Buffer.from([0x01, 0x12, 0x00, SHORT, 0, 0, 0, 1, 0, orientation, 0, 0]),
    Buffer.alloc(4),
  ]);
}

import type { Range } from './blotter.ts';

/** How the samples of an action camera's track (`gpmd`) begin: a device, of which first comes its id. */
const DEVICE = Buffer.from('DEVC', 'latin1');
const DEVICE_ID = Buffer.from('DVID', 'latin1');
/** Name, type, and in 3 bytes the size of what repeats and how often it does. */
const HEADER_BYTES = 8;
const START_BYTES = HEADER_BYTES + DEVICE_ID.length;
/** What is made of others. */
const NESTED = 0;

export interface Telemetry {
  readonly ranges: readonly Range[];
  /** Where one may begin, of which too little is here to tell; the length where none does. */
  readonly open: number;
}

/** Where in these bytes of a film's own data an action camera wrote down places, speed and more, without their headers. */
export function telemetryIn(bytes: Buffer): Telemetry {
  const ranges: Range[] = [];
  for (let at = bytes.indexOf(DEVICE); at !== -1; at = bytes.indexOf(DEVICE, at + 1)) {
    if (at + START_BYTES > bytes.length) return { ranges, open: at };
    if (!isDevice(bytes, at)) continue;
    const length = bytes.readUInt8(at + 5) * bytes.readUInt16BE(at + 6);
    ranges.push({ start: at + HEADER_BYTES, end: at + HEADER_BYTES + length });
  }
  for (let length = Math.min(DEVICE.length - 1, bytes.length); length > 0; length--)
    if (bytes.subarray(-length).equals(DEVICE.subarray(0, length)))
      return { ranges, open: bytes.length - length };
  return { ranges, open: bytes.length };
}

const isDevice = (bytes: Buffer, at: number): boolean =>
  bytes[at + 4] === NESTED && bytes.subarray(at + HEADER_BYTES, at + START_BYTES).equals(DEVICE_ID);

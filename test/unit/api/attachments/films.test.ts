import { expect } from 'chai';
import fc from 'fast-check';
import { clean, cleanAnyhow, cutList } from './cleaning.ts';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
function number(value: number, bytes: number): Buffer {
  const made = Buffer.alloc(bytes);
  made.writeUIntBE(value, Math.max(0, bytes - 6), Math.min(6, bytes));
  return made;
}
const box = (type: string, ...parts: readonly Buffer[]): Buffer => {
  const payload = Buffer.concat(parts);
  return Buffer.concat([number(payload.length + 8, 4), latin1(type), payload]);
};
/** Says its size in 64 bits. */
const longBox = (type: string, payload: Buffer): Buffer =>
  Buffer.concat([number(1, 4), latin1(type), number(payload.length + 16, 8), payload]);
/** A box that says when, in 4 or 8 bytes each. */
const dated = (type: string, version: 0 | 1, rest: string): Buffer =>
  box(type, number(version * 2 ** 24, 4), Buffer.alloc(version === 0 ? 8 : 16, 0xda), latin1(rest));

const brand = (name: string): Buffer => box('ftyp', latin1(`${name}\0\0\0\0isom`));
const place = box('udta', box('\xa9xyz', latin1('+51.5-0.1 over Anntown')));
const keys = box('meta', box('hdlr', latin1('mdta')), latin1('com.apple.quicktime.make Spycam'));
const stbl = box('minf', box('stbl', latin1('samples, udta and all')));
const track = box(
  'trak',
  dated('tkhd', 1, 'track one'),
  place,
  box('mdia', dated('mdhd', 0, 'scale'), stbl),
  keys,
);
const moov = box(
  'moov',
  dated('mvhd', 0, 'rate'),
  track,
  keys,
  place,
  box('uuid', latin1('XMP of Ann')),
  number(0, 4),
);
const mdat = box('mdat', latin1('the film itself, in which udta is only a word'), Buffer.alloc(3_000, 7));

/** What an action camera's track of telemetry is made of: name, type, the size of what repeats, how often, padding. */
const entry = (name: string, type: string, ...parts: readonly Buffer[]): Buffer => {
  const payload = Buffer.concat(parts);
  const head = Buffer.concat([latin1(name), latin1(type), number(1, 1), number(payload.length, 2)]);
  return Buffer.concat([head, payload, Buffer.alloc(-payload.length & 3)]);
};
const sample = entry(
  ...(['DEVC', '\0'] as const),
  entry('DVID', 'L', number(1, 4)),
  entry('STRM', '\0', entry('STNM', 'c', latin1('over Anntown')), entry('GPS5', 'l', Buffer.alloc(20, 9))),
);

const WORDS = ['Ann', 'Spycam', '\xa9xyz', 'dashcam', '\xda'];
const lacks = (bytes: Buffer): void => {
  for (const word of WORDS) expect(bytes.includes(latin1(word)), word).to.equal(false);
};

describe('what a film tells beside the film', () => {
  it('goes from MP4 and QuickTime, wherever it stands, and nothing moves', () => {
    const dashcam = box('free', latin1('GPS of a dashcam'));
    for (const bytes of [
      Buffer.concat([brand('isom'), moov, mdat]),
      Buffer.concat([brand('qt  '), box('wide'), mdat, dashcam, moov]),
      Buffer.concat([brand('mp42'), dashcam, mdat, longBox('uuid', latin1('Ann')), moov, keys]),
    ]) {
      const kept = cleanAnyhow(bytes);
      expect(kept.length).to.equal(bytes.length);
      lacks(kept);
      for (const part of [mdat, stbl, latin1('rate'), latin1('track one'), latin1('scale')])
        expect(kept.indexOf(part)).to.equal(bytes.indexOf(part));
      expect(clean(kept).equals(kept), 'again').to.equal(true);
    }
  });

  it('becomes an empty box of the same length', () => {
    const kept = clean(Buffer.concat([brand('isom'), box('moov', place), mdat]));
    const empty = box('free', Buffer.alloc(place.length - 8));
    expect(kept.equals(Buffer.concat([brand('isom'), box('moov', empty), mdat]))).to.equal(true);
  });

  it('goes also where a box claims more than there is room for', () => {
    const long = Buffer.from(place);
    long.writeUInt32BE(1_000_000, 0);
    const kept = cleanAnyhow(Buffer.concat([brand('isom'), box('moov', long), mdat]));
    lacks(kept);
    expect(kept.subarray(-mdat.length).equals(mdat)).to.equal(true);
  });

  it('stays in music, whose titles are meant to be seen, and in raw data of cameras', () => {
    for (const name of ['M4A ', 'M4B ', 'crx ']) {
      const bytes = Buffer.concat([brand(name), moov, mdat]);
      expect(clean(bytes).equals(bytes), name).to.equal(true);
    }
  });

  it('goes from Matroska and WebM, of known length or not', () => {
    for (const isTold of [true, false]) {
      const bytes = film(isTold);
      const kept = cleanAnyhow(bytes);
      expect(kept.length).to.equal(bytes.length);
      lacks(kept);
      for (const word of ['lavf', 'pictures', 'more pictures', 'codec'])
        expect(kept.indexOf(word), word).to.equal(bytes.indexOf(word)).and.above(0);
      expect(clean(kept).equals(kept), 'again').to.equal(true);
    }
  });

  it('becomes an empty element of the same length, whatever its header', () => {
    for (const sizeBytes of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const kept = clean(
        Buffer.concat([
          ebml,
          element(SEGMENT, [element(TAGS, latin1('Ann'), sizeBytes), element(CUES, latin1('cues'), 1)]),
        ]),
      );
      const inside = kept.subarray(kept.length - (4 + sizeBytes + 3) - 9, -9);
      const lengthBytes = Math.clz32(inside[1] ?? 0) - 23;
      expect(inside[0]).to.equal(0xec);
      const told = inside
        .subarray(1, 1 + lengthBytes)
        .reduce((sum, byte, i) => sum * 256 + (i === 0 ? byte & (0xff >> lengthBytes) : byte), 0);
      expect(1 + lengthBytes + told, String(sizeBytes)).to.equal(inside.length);
    }
  });

  it('cannot be hidden behind broken bytes in a way that stops the upload', () => {
    const heads = fc.constantFrom(
      brand('isom'),
      Buffer.concat([brand('isom'), number(100, 4), latin1('moov')]),
      Buffer.concat([
        brand('heic'),
        number(80, 4),
        latin1('meta\0\0\0\0'),
        box('hdlr', Buffer.alloc(8), latin1('pict')),
      ]),
      ebml,
      Buffer.concat([ebml, number(SEGMENT, 4), latin1('\x01\xff\xff\xff\xff\xff\xff\xff')]),
    );
    fc.assert(
      fc.property(heads, fc.uint8Array({ maxLength: 300 }), cutList, (head, rest, cuts) => {
        const bytes = Buffer.concat([head, rest]);
        const kept = clean(bytes, cuts);
        return kept.length === bytes.length && kept.equals(clean(bytes));
      }),
      { numRuns: 1_000 },
    );
  });

  it('goes from what an action camera films along, wherever it stands among the frames', () => {
    const frames = latin1('frames with the word DEVC\0\x01\0\x04 and DVID in them');
    for (const media of [
      box('mdat', frames, sample, frames, sample, sample, frames),
      longBox('mdat', Buffer.concat([sample, frames])),
      // To the file's end.
      Buffer.concat([number(0, 4), latin1('mdat'), frames, sample, frames, latin1('DEV')]),
    ]) {
      const bytes = Buffer.concat([brand('mp41'), media]);
      const kept = cleanAnyhow(bytes);
      expect(kept.length).to.equal(bytes.length);
      for (const word of ['GPS5', 'Anntown', 'STRM'])
        expect(kept.includes(latin1(word)), word).to.equal(false);
      expect(kept.toString('latin1').split(frames.toString('latin1')).length).to.equal(
        bytes.toString('latin1').split(frames.toString('latin1')).length,
      );
    }
  });

  it('is looked for in the film’s own data only, and no further than that goes', () => {
    const long = Buffer.from(sample);
    long.writeUInt16BE(60_000, 6);
    const bytes = Buffer.concat([brand('mp41'), box('mdat', long), box('moov', stbl)]);
    expect(cleanAnyhow(bytes).subarray(-stbl.length).equals(stbl)).to.equal(true);
    const elsewhere = Buffer.concat([brand('mp41'), box('moov', box('trak', box('mdia', sample)))]);
    expect(clean(elsewhere).includes(latin1('GPS5'))).to.equal(true);
  });
});

const SEGMENT = 0x18538067;
const TAGS = 0x1254c367;
const CUES = 0x1c53bb6b;
const UNTOLD = latin1('\x01\xff\xff\xff\xff\xff\xff\xff');

function element(id: number, content: Buffer | readonly Buffer[], sizeBytes = 8): Buffer {
  const payload = Buffer.isBuffer(content) ? content : Buffer.concat(content);
  const size = number(payload.length, sizeBytes);
  size[0] = (size[0] ?? 0) | (0x100 >> sizeBytes);
  return Buffer.concat([idOf(id), size, payload]);
}
const idOf = (id: number): Buffer => number(id, Math.ceil((32 - Math.clz32(id)) / 8));
const ebml = element(0x1a45dfa3, element(0x4282, latin1('webm'), 1), 1);

function film(isTold: boolean): Buffer {
  const info = element(0x1549a966, [
    element(0xbf, number(0xdada, 4), 1),
    element(0x7ba9, latin1('Ann at home'), 1),
    element(0x4461, Buffer.alloc(8, 0xda), 1),
    element(0x7384, latin1('/home/Ann/film.mkv'), 2),
    element(0x4d80, latin1('lavf'), 4),
  ]);
  const block = element(0xa3, latin1('pictures'), 1);
  const clusters = isTold
    ? [element(0x1f43b675, block), element(0x1f43b675, element(0xa3, latin1('more pictures'), 2), 3)]
    : [idOf(0x1f43b675), UNTOLD, block, idOf(0x1f43b675), UNTOLD, element(0xa3, latin1('more pictures'), 2)];
  const parts = [
    info,
    element(0x1654ae6b, latin1('codec'), 2),
    ...clusters,
    element(TAGS, latin1('LOCATION Anntown by Spycam'), 3),
  ];
  return Buffer.concat([ebml, ...(isTold ? [element(SEGMENT, parts)] : [idOf(SEGMENT), UNTOLD, ...parts])]);
}

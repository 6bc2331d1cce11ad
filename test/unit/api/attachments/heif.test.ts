import { expect } from 'chai';
import sharp from 'sharp';
import { clean, cleanAnyhow } from './cleaning.ts';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
function number(value: number, bytes: number): Buffer {
  const made = Buffer.alloc(bytes);
  made.writeUIntBE(value, 0, bytes);
  return made;
}
const box = (type: string, ...parts: readonly Buffer[]): Buffer => {
  const payload = Buffer.concat(parts);
  return Buffer.concat([number(payload.length + 8, 4), latin1(type), payload]);
};
const full = (type: string, version: number, ...parts: readonly Buffer[]): Buffer =>
  box(type, number(version * 2 ** 24, 4), ...parts);

const PICTURE = 'the picture itself, no Exif data';
const TELLING = 'Ann of Somewhere';
const INSIDE = 'XMP by Ann';

/** A picture with Exif data behind it and XMP within its structure, as `iloc` of this version says it. */
function heic(version: 0 | 1 | 2): Buffer {
  const wide = version === 2 ? 4 : 2;
  const info = (id: number, type: string): Buffer =>
    full('infe', version === 2 ? 3 : 2, number(id, wide), number(0, 2), latin1(`${type}\0`));
  const infos = [info(1, 'hvc1'), info(2, 'Exif'), ...(version === 0 ? [] : [info(3, 'mime')])];
  const location = (id: number, where: number, base: number, offset: number, length: number): Buffer =>
    Buffer.concat([
      number(id, wide),
      ...(version === 0 ? [] : [number(where, 2)]),
      number(0, 2),
      number(base, 4),
      number(1, 2),
      number(offset, 4),
      number(length, 4),
    ]);
  const meta = (at: number): Buffer => {
    const locations = [
      location(1, 0, at, 0, PICTURE.length),
      location(2, 0, at, PICTURE.length, TELLING.length),
      ...(version === 0 ? [] : [location(3, 1, 0, 2, INSIDE.length)]),
    ];
    return full(
      'meta',
      0,
      full('hdlr', 0, number(0, 4), latin1('pict'), Buffer.alloc(13)),
      full('iloc', version, number(0x4440, 2), number(locations.length, wide), ...locations),
      full('iinf', 0, number(infos.length, 2), ...infos),
      box('iprp', box('ipco', box('ispe', latin1('size')), full('udes', 0, latin1('en\0Ann on a boat\0')))),
      box('idat', latin1(version === 0 ? '....' : `..${INSIDE}..`)),
      box('free', latin1('Ann')),
    );
  };
  const type = box('ftyp', latin1('heic\0\0\0\0mif1'));
  const at = type.length + meta(0).length + 8;
  return Buffer.concat([
    type,
    meta(at),
    box('mdat', latin1(PICTURE + TELLING)),
    box('mpvd', latin1('a film of Ann')),
  ]);
}

describe('what HEIC and AVIF tell beside the picture', () => {
  it('goes wherever they say that it stands, and nothing moves', () => {
    for (const version of [0, 1, 2] as const) {
      const bytes = heic(version);
      const kept = cleanAnyhow(bytes);
      expect(kept.length).to.equal(bytes.length);
      for (const word of ['Ann', 'Exif\0', 'mime']) expect(kept.includes(word), word).to.equal(false);
      for (const word of [PICTURE, 'hvc1', 'size', '..'])
        expect(kept.indexOf(word), word).to.equal(bytes.indexOf(word)).and.above(0);
      expect(clean(kept).equals(kept), 'again').to.equal(true);
    }
  });

  it('goes from an AVIF, while every pixel stays', async () => {
    const drawn = sharp({ create: { width: 90, height: 60, channels: 3, background: '#3366cc' } });
    const bytes = await drawn
      .withExif({ IFD0: { Copyright: 'Ann of Somewhere' }, IFD3: { GPSLatitudeRef: 'N' } })
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/">Ann</x:xmpmeta>')
      .avif()
      .toBuffer();
    expect(bytes.includes('Ann of Somewhere') && bytes.includes('xmpmeta')).to.equal(true);
    const kept = clean(bytes);
    expect(kept.length).to.equal(bytes.length);
    for (const word of ['Ann', 'GPS', 'xmpmeta']) expect(kept.includes(word), word).to.equal(false);
    const pixels = (one: Buffer): Promise<Buffer> => sharp(one).raw().toBuffer();
    expect((await pixels(kept)).equals(await pixels(bytes))).to.equal(true);
    const { exif, xmp, width, height } = await sharp(kept).metadata();
    expect({ exif, xmp, width, height }).to.deep.equal({
      exif: undefined,
      xmp: undefined,
      width: 90,
      height: 60,
    });
  });

  it('takes the picture with it where its structure is too long to be judged', () => {
    const meta = full(
      'meta',
      0,
      full('hdlr', 0, number(0, 4), latin1('pict'), Buffer.alloc(13)),
      Buffer.alloc(2 ** 20, 65),
    );
    const kept = clean(Buffer.concat([box('ftyp', latin1('heic')), meta]));
    expect(kept.includes('pict') || kept.includes('AAAA')).to.equal(false);
  });

  it('does not end in a count that says more than there is', () => {
    const most = Buffer.alloc(4, 0xff);
    for (const sizes of [0, 0x4440, 0xffff, 0x7777, 0x0044, 0x8000])
      for (const version of [0, 1, 2]) {
        const iloc = full('iloc', version, number(sizes, 2), most, Buffer.alloc(40, 0xff));
        const hdlr = full('hdlr', 0, number(0, 4), latin1('pict'), Buffer.alloc(13));
        const infe = full('infe', 2, number(0xffff, 2), number(0, 2), latin1('Exif\0'));
        const meta = full('meta', 0, hdlr, full('iinf', 0, number(1, 2), infe), iloc);
        const bytes = Buffer.concat([box('ftyp', latin1('heic')), meta]);
        expect(clean(bytes).length).to.equal(bytes.length);
      }
  });
});

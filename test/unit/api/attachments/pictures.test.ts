import { deflateSync } from 'node:zlib';
import { expect } from 'chai';
import sharp from 'sharp';
import { Pictures } from '../../../../api/services/attachments/pictures.ts';

/** A PNG that claims these dimensions over a few bytes of nothing. */
function bomb(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const data = deflateSync(Buffer.alloc(1_000_000));
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    chunk('IHDR', header),
    chunk('IDAT', data),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function crc(bytes: Buffer): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0);
  }
  return (value ^ 0xffffffff) >>> 0;
}

describe('pictures', () => {
  const pictures = new Pictures();
  const look = (type: string, bytes: Buffer) => pictures.look(type, async () => bytes);

  it('are measured and made small as their camera was held', async () => {
    const image = sharp({ create: { width: 900, height: 300, channels: 3, background: '#123456' } });
    for (const [orientation, width, height] of [
      [1, 900, 300],
      [6, 300, 900],
      [8, 300, 900],
      [3, 900, 300],
    ] as const) {
      const bytes = await image.clone().withMetadata({ orientation }).jpeg().toBuffer();
      const picture = await look('image/jpeg', bytes);
      expect([picture?.width, picture?.height], String(orientation)).to.deep.equal([width, height]);
      const small = await sharp(picture?.thumb).metadata();
      expect(small.orientation ?? 1).to.equal(1);
      expect(Math.sign((small.width ?? 0) - (small.height ?? 0))).to.equal(Math.sign(width - height));
    }
  });

  it('with more pixels than can be decoded are not decoded', async () => {
    expect(await look('image/png', bomb(20_000, 20_000))).to.equal(undefined);
    expect(await look('image/png', bomb(65_000, 1_000))).to.equal(undefined);
  });

  it('of another kind than they begin like, or broken, are none', async () => {
    const png = await sharp({ create: { width: 5, height: 5, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    expect(await look('image/jpeg', png)).to.equal(undefined);
    expect(await look('image/png', png.subarray(0, png.length / 2))).to.equal(undefined);
    expect(await look('image/gif', Buffer.from('GIF89a and nothing more'))).to.equal(undefined);
  });
});

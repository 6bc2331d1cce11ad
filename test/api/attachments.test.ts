import { expect } from 'chai';
import sharp from 'sharp';
import type { MessagePage } from '../../shared/wire/rest.ts';
import type { Account, ApiNode } from '../support/api-node.ts';
import { useFilesDesk } from '../support/files-desk.ts';

const LIMIT = 3 * 1024 * 1024;

describe('attachments over REST', () => {
  const desk = useFilesDesk({ ATTACHMENT_MAX_BYTES: String(LIMIT) });
  let api: ApiNode;
  let other: ApiNode;
  let ann: Account;
  let bob: Account;
  let png: Buffer;
  before(async () => {
    ({ api, other, ann, bob } = desk.scene);
    png = await sharp({ create: { width: 900, height: 300, channels: 3, background: '#3366cc' } })
      .png()
      .toBuffer();
  });

  it('are streamed in and out, byte for byte, over several pieces', async () => {
    const bytes = Buffer.from(Array.from({ length: 700_001 }, (_, i) => (i * 7) % 251));
    const file = await desk.upload(bytes, { name: 'a.bin' });
    expect(file).to.deep.equal({
      id: file.id,
      name: 'a.bin',
      type: 'application/octet-stream',
      size: 700_001,
    });
    expect((await desk.send([file.id])).status).to.equal(201);
    const response = await desk.get(file.id, bob);
    expect(response.status).to.equal(200);
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).to.equal(true);
  });

  it('have dimensions and a small picture where they are pictures', async () => {
    const file = await desk.upload(png, { name: 'wide.png' });
    expect(file).to.deep.equal({
      id: file.id,
      name: 'wide.png',
      type: 'image/png',
      size: png.length,
      width: 900,
      height: 300,
    });
    const { status, body } = await desk.send([file.id]);
    expect(status).to.equal(201);
    expect(body.attachments).to.deep.equal([file]);
    const page = await other.call<MessagePage>('GET', `/rooms/${desk.room}/messages`, { token: bob.token });
    expect(page.body.messages.at(-1)?.attachments).to.deep.equal([file]);
    const thumb = await desk.get(file.id, bob, {}, other, '?thumb=1');
    expect(thumb.headers.get('content-type')).to.equal('image/webp');
    const { width, height, format } = await sharp(Buffer.from(await thumb.arrayBuffer())).metadata();
    expect({ width, height, format }).to.deep.equal({ width: 640, height: 213, format: 'webp' });
  });

  it('have ranges, and are not sent twice to who has them', async () => {
    const file = await desk.upload('0123456789', { name: 'digits' });
    const part = async (range: string) => {
      const response = await desk.get(file.id, ann, { headers: { range } });
      return [response.status, response.headers.get('content-range'), await response.text()];
    };
    expect(await part('bytes=2-4')).to.deep.equal([206, 'bytes 2-4/10', '234']);
    expect(await part('bytes=-3')).to.deep.equal([206, 'bytes 7-9/10', '789']);
    expect(await part('bytes=8-')).to.deep.equal([206, 'bytes 8-9/10', '89']);
    const refused = await desk.get(file.id, ann, { headers: { range: 'bytes=10-' } });
    expect([refused.status, refused.headers.get('content-range')]).to.deep.equal([416, 'bytes */10']);
    expect(refused.headers.get('content-type')).to.match(/^application\/problem\+json/);
    expect(await refused.json()).to.include({ status: 416, code: 'invalid' });
    const etag = (await desk.get(file.id, ann)).headers.get('etag') ?? '';
    expect((await desk.get(file.id, ann, { headers: { 'if-none-match': etag } })).status).to.equal(304);
  });

  it('of HTML and SVG are downloads, whatever they are called', async () => {
    for (const [text, type] of [
      ['<!doctype html><script>alert(1)</script>', 'text/html'],
      ['<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', 'image/svg+xml'],
    ] as const) {
      const file = await desk.upload(text, { name: 'picture.png' });
      expect(file.type).to.equal(type);
      const { headers } = await desk.get(file.id, ann);
      expect(headers.get('content-disposition')).to.match(/^attachment/);
      expect(headers.get('x-content-type-options')).to.equal('nosniff');
      expect(headers.get('content-security-policy')).to.include('sandbox');
    }
  });

  it('larger than the limit are refused, announced or not', async () => {
    expect((await desk.post(Buffer.alloc(LIMIT + 1))).body.code).to.equal('too_large');
    const body = new ReadableStream({
      start(stream) {
        for (let i = 0; i < 4; i++) stream.enqueue(new Uint8Array(1024 * 1024));
        stream.close();
      },
    });
    const init = { method: 'POST', headers: { authorization: `Bearer ${ann.token}` }, body, duplex: 'half' };
    const response = await fetch(
      `${api.origin}/api/v1/attachments?room=${desk.room}&name=x`,
      init as RequestInit,
    );
    expect(response.status).to.equal(413);
  });

  it('have a name on one line, of which something can be seen, without separators of paths', async () => {
    for (const [name, kept] of [
      ['  a\u200bb\u202egnp.exe\n', 'abgnp.exe'],
      ['../etc\\pass\twd', '.._etc_pass wd'],
      ['👩‍💻 می‌خواهم.txt', '👩‍💻 می‌خواهم.txt'],
    ] as const)
      expect((await desk.upload('x', { name })).name).to.equal(kept);
    for (const name of [
      '',
      ' ',
      '\u200b',
      ' \u2060\ufeff',
      '\u202e\u202c',
      '\u3164',
      '\u2800\u00ad',
      '\u0001',
    ]) {
      const { status, body } = await desk.post('x', { name });
      expect([status, body.code], escape(name)).to.deep.equal([400, 'invalid']);
    }
  });

  it('are read, not written, with the cookie of a browser', async () => {
    const file = await desk.upload('cookie');
    const headers = { cookie: `parley_access=${ann.token}` };
    const address = `${api.origin}/api/v1/attachments`;
    expect((await fetch(`${address}/${file.id}`, { headers })).status).to.equal(200);
    const init = { method: 'POST', headers, body: 'x' };
    expect((await fetch(`${address}?room=${desk.room}&name=x`, init)).status).to.equal(401);
  });

  it('keep what is said of sound with sound only', async () => {
    const said = { duration: '1.5', waveform: '0,50,100' };
    const voice = await desk.upload(Buffer.from('OggS\0\x02 OpusHead'), said);
    expect(voice).to.include({ type: 'audio/ogg', duration: 1.5 });
    expect(voice.waveform).to.deep.equal([0, 50, 100]);
    expect(await desk.upload('text', said)).to.not.have.any.keys('duration', 'waveform');
    expect((await desk.post('x', { waveform: '101' })).body.code).to.equal('invalid');
  });

  it('of a camera tell nothing but the picture, turned as it was held', async () => {
    const bytes = await sharp(png)
      .withExif({ IFD0: { Copyright: 'Ann of Somewhere' }, IFD3: { GPSLatitudeRef: 'N' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const file = await desk.upload(bytes, { name: 'holiday.jpg' });
    expect(file).to.include({ type: 'image/jpeg', width: 300, height: 900 });
    const stored = Buffer.from(await (await desk.get(file.id, ann)).arrayBuffer());
    expect(stored.length).to.equal(file.size).and.below(bytes.length);
    const { autoOrient, orientation } = await sharp(stored).metadata();
    expect({ ...autoOrient, orientation }).to.deep.equal({ width: 300, height: 900, orientation: 6 });
    for (const word of ['Ann of Somewhere', 'GPS']) expect(stored.includes(word), word).to.equal(false);
    const small = Buffer.from(await (await desk.get(file.id, ann, {}, other, '?thumb=1')).arrayBuffer());
    const { width, height } = await sharp(small).metadata();
    expect({ width, height }).to.deep.equal({ width: 213, height: 640 });
  });

  it('that claim to be huge pictures are plain files', async () => {
    const huge = Buffer.from(png);
    huge.writeUInt32BE(60_000, 16);
    huge.writeUInt32BE(60_000, 20);
    const file = await desk.upload(huge, { name: 'bomb.png' });
    expect(file).to.deep.equal({
      id: file.id,
      name: 'bomb.png',
      type: 'application/octet-stream',
      size: huge.length,
    });
    expect((await desk.get(file.id, ann)).headers.get('content-disposition')).to.match(/^attachment/);
    expect((await desk.get(file.id, ann, {}, api, '?thumb=1')).status).to.equal(404);
  });
});

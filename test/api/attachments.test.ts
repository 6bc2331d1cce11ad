import { once } from 'node:events';
import { request, type ClientRequest } from 'node:http';
import { expect } from 'chai';
import { mongo } from 'mongoose';
import sharp from 'sharp';
import type {
  Attachment,
  Message,
  MessagePage,
  Problem,
  Room,
  ServerConfig,
} from '../../shared/wire/rest.ts';
import { startApi, type Account, type ApiNode } from '../support/api-node.ts';
import { useScene } from '../support/scene.ts';

const LIMIT = 3 * 1024 * 1024;

describe('attachments over REST', () => {
  let api: ApiNode;
  let other: ApiNode;
  let ann: Account;
  let bob: Account;
  let eve: Account;
  let room: string;
  let png: Buffer;
  let client: mongo.MongoClient;
  useScene(
    (scene) => {
      ({ api, other, ann, bob, eve } = scene);
      client = new mongo.MongoClient(scene.servers.mongodbUrl);
    },
    { ATTACHMENT_MAX_BYTES: String(LIMIT) },
  );
  before(async () => {
    png = await sharp({ create: { width: 900, height: 300, channels: 3, background: '#3366cc' } })
      .png()
      .toBuffer();
  });
  after(() => client?.close());
  beforeEach(async () => {
    const body = { type: 'group', name: 'Files', members: [bob.id] };
    room = (await api.call<Room>('POST', '/rooms', { token: ann.token, body })).body.id;
  });

  const files = () => client.db().collection('attachments');
  const post = async (bytes: string | Buffer, query: Record<string, string> = {}, by = ann) => {
    const params = new URLSearchParams({ room, name: 'file.bin', ...query });
    const body = typeof bytes === 'string' ? bytes : new Uint8Array(bytes);
    const init = { method: 'POST', headers: { authorization: `Bearer ${by.token}` }, body };
    const response = await fetch(`${api.origin}/api/v1/attachments?${params.toString()}`, init);
    return { status: response.status, body: (await response.json()) as Attachment & Problem };
  };
  const upload = async (bytes: string | Buffer, query: Record<string, string> = {}, by = ann) => {
    const { status, body } = await post(bytes, query, by);
    expect(status, JSON.stringify(body)).to.equal(201);
    return body as Attachment;
  };
  const get = (id: string, by: Account, init: RequestInit = {}, node = other, query = '') =>
    fetch(`${node.origin}/api/v1/attachments/${id}${query}`, {
      ...init,
      headers: { authorization: `Bearer ${by.token}`, ...(init.headers as Record<string, string>) },
    });
  let sent = 0;
  const send = (attachments: readonly string[], by = ann, text = '', clientId = `c${++sent}`) =>
    api.call<Message & Problem>('POST', `/rooms/${room}/messages`, {
      token: by.token,
      body: { clientId, text, attachments },
    });

  it('stay when their caption is taken away, which only a message with files allows', async () => {
    const { body: message } = await send([(await upload('one')).id], ann, 'a caption');
    const edit = (seq: number) =>
      api.call<Message & Problem>('PATCH', `/rooms/${room}/messages/${seq}`, {
        token: ann.token,
        body: { text: '' },
      });
    const edited = await edit(message.seq);
    expect(edited.status).to.equal(200);
    expect(edited.body.text).to.equal('');
    expect(edited.body.attachments).to.deep.equal(message.attachments);
    const bare = await send([], ann, 'words only');
    const refused = await edit(bare.body.seq);
    expect([refused.status, refused.body.code]).to.deep.equal([400, 'invalid']);
  });

  it('are streamed in and out, byte for byte, over several pieces', async () => {
    const bytes = Buffer.from(Array.from({ length: 700_001 }, (_, i) => (i * 7) % 251));
    const file = await upload(bytes, { name: 'a.bin' });
    expect(file).to.deep.equal({
      id: file.id,
      name: 'a.bin',
      type: 'application/octet-stream',
      size: 700_001,
    });
    expect((await send([file.id])).status).to.equal(201);
    const response = await get(file.id, bob);
    expect(response.status).to.equal(200);
    expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).to.equal(true);
  });

  it('have dimensions and a small picture where they are pictures', async () => {
    const file = await upload(png, { name: 'wide.png' });
    expect(file).to.deep.equal({
      id: file.id,
      name: 'wide.png',
      type: 'image/png',
      size: png.length,
      width: 900,
      height: 300,
    });
    const { status, body } = await send([file.id]);
    expect(status).to.equal(201);
    expect(body.attachments).to.deep.equal([file]);
    const page = await other.call<MessagePage>('GET', `/rooms/${room}/messages`, { token: bob.token });
    expect(page.body.messages.at(-1)?.attachments).to.deep.equal([file]);
    const thumb = await get(file.id, bob, {}, other, '?thumb=1');
    expect(thumb.headers.get('content-type')).to.equal('image/webp');
    const { width, height, format } = await sharp(Buffer.from(await thumb.arrayBuffer())).metadata();
    expect({ width, height, format }).to.deep.equal({ width: 640, height: 213, format: 'webp' });
  });

  it('of others, unknown or unsent, are not found', async () => {
    const file = await upload('hello');
    for (const who of [bob, eve]) expect((await get(file.id, who)).status).to.equal(404);
    expect((await get(file.id, ann)).status).to.equal(200);
    await send([file.id]);
    expect((await get(file.id, bob)).status).to.equal(200);
    expect((await get(file.id, eve)).status).to.equal(404);
    expect((await get('0'.repeat(24), ann)).status).to.equal(404);
    expect((await post('x', {}, eve)).body.code).to.equal('not_found');
    expect((await fetch(`${api.origin}/api/v1/attachments/${file.id}`)).status).to.equal(401);
  });

  it('have ranges, and are not sent twice to who has them', async () => {
    const file = await upload('0123456789', { name: 'digits' });
    const part = async (range: string) => {
      const response = await get(file.id, ann, { headers: { range } });
      return [response.status, response.headers.get('content-range'), await response.text()];
    };
    expect(await part('bytes=2-4')).to.deep.equal([206, 'bytes 2-4/10', '234']);
    expect(await part('bytes=-3')).to.deep.equal([206, 'bytes 7-9/10', '789']);
    expect(await part('bytes=8-')).to.deep.equal([206, 'bytes 8-9/10', '89']);
    const refused = await get(file.id, ann, { headers: { range: 'bytes=10-' } });
    expect([refused.status, refused.headers.get('content-range')]).to.deep.equal([416, 'bytes */10']);
    expect(refused.headers.get('content-type')).to.match(/^application\/problem\+json/);
    expect(await refused.json()).to.include({ status: 416, code: 'invalid' });
    const etag = (await get(file.id, ann)).headers.get('etag') ?? '';
    expect((await get(file.id, ann, { headers: { 'if-none-match': etag } })).status).to.equal(304);
  });

  it('of HTML and SVG are downloads, whatever they are called', async () => {
    for (const [text, type] of [
      ['<!doctype html><script>alert(1)</script>', 'text/html'],
      ['<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', 'image/svg+xml'],
    ] as const) {
      const file = await upload(text, { name: 'picture.png' });
      expect(file.type).to.equal(type);
      const { headers } = await get(file.id, ann);
      expect(headers.get('content-disposition')).to.match(/^attachment/);
      expect(headers.get('x-content-type-options')).to.equal('nosniff');
      expect(headers.get('content-security-policy')).to.include('sandbox');
    }
  });

  it('larger than the limit are refused, announced or not', async () => {
    expect((await post(Buffer.alloc(LIMIT + 1))).body.code).to.equal('too_large');
    const body = new ReadableStream({
      start(stream) {
        for (let i = 0; i < 4; i++) stream.enqueue(new Uint8Array(1024 * 1024));
        stream.close();
      },
    });
    const init = { method: 'POST', headers: { authorization: `Bearer ${ann.token}` }, body, duplex: 'half' };
    const response = await fetch(`${api.origin}/api/v1/attachments?room=${room}&name=x`, init as RequestInit);
    expect(response.status).to.equal(413);
  });

  it('belong to one message of their sender, which a retry finds again', async () => {
    const file = await upload('once');
    expect((await send([file.id], bob)).body.code).to.equal('not_found');
    const first = await send([file.id], ann, '', 'same');
    expect(first.status).to.equal(201);
    const again = await send([file.id], ann, '', 'same');
    expect([again.status, again.body.seq]).to.deep.equal([200, first.body.seq]);
    expect((await send([file.id])).body.code).to.equal('not_found');
  });

  it('go with their message, and with who is removed from the room', async () => {
    const [gone, kept] = [await upload('gone'), await upload('kept')];
    const { body: message } = await send([gone.id], ann, '', 'deleted');
    await send([kept.id]);
    await api.call('DELETE', `/rooms/${room}/messages/${message.seq}`, { token: ann.token });
    expect((await get(gone.id, ann)).status).to.equal(404);
    const again = await send([gone.id], ann, '', 'deleted');
    expect([again.status, again.body.attachments]).to.deep.equal([200, undefined]);
    expect((await get(kept.id, bob, {}, api)).status).to.equal(200);
    await api.call('DELETE', `/rooms/${room}/members/${bob.id}`, { token: ann.token });
    expect((await get(kept.id, bob, {}, api)).status).to.equal(404);
  });

  it('are read, not written, with the cookie of a browser', async () => {
    const file = await upload('cookie');
    const headers = { cookie: `parley_access=${ann.token}` };
    const address = `${api.origin}/api/v1/attachments`;
    expect((await fetch(`${address}/${file.id}`, { headers })).status).to.equal(200);
    const init = { method: 'POST', headers, body: 'x' };
    expect((await fetch(`${address}?room=${room}&name=x`, init)).status).to.equal(401);
  });

  it('keep what is said of sound with sound only', async () => {
    const said = { duration: '1.5', waveform: '0,50,100' };
    const voice = await upload(Buffer.from('OggS\0\x02 OpusHead'), said);
    expect(voice).to.include({ type: 'audio/ogg', duration: 1.5 });
    expect(voice.waveform).to.deep.equal([0, 50, 100]);
    expect(await upload('text', said)).to.not.have.any.keys('duration', 'waveform');
    expect((await post('x', { waveform: '101' })).body.code).to.equal('invalid');
  });

  it('of a camera tell nothing but the picture, turned as it was held', async () => {
    const bytes = await sharp(png)
      .withExif({ IFD0: { Copyright: 'Ann of Somewhere' }, IFD3: { GPSLatitudeRef: 'N' } })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const file = await upload(bytes, { name: 'holiday.jpg' });
    expect(file).to.include({ type: 'image/jpeg', width: 300, height: 900 });
    const stored = Buffer.from(await (await get(file.id, ann)).arrayBuffer());
    expect(stored.length).to.equal(file.size).and.below(bytes.length);
    const { autoOrient, orientation } = await sharp(stored).metadata();
    expect({ ...autoOrient, orientation }).to.deep.equal({ width: 300, height: 900, orientation: 6 });
    for (const word of ['Ann of Somewhere', 'GPS']) expect(stored.includes(word), word).to.equal(false);
    const small = Buffer.from(await (await get(file.id, ann, {}, other, '?thumb=1')).arrayBuffer());
    const { width, height } = await sharp(small).metadata();
    expect({ width, height }).to.deep.equal({ width: 213, height: 640 });
  });

  it('that claim to be huge pictures are plain files', async () => {
    const huge = Buffer.from(png);
    huge.writeUInt32BE(60_000, 16);
    huge.writeUInt32BE(60_000, 20);
    const file = await upload(huge, { name: 'bomb.png' });
    expect(file).to.deep.equal({
      id: file.id,
      name: 'bomb.png',
      type: 'application/octet-stream',
      size: huge.length,
    });
    expect((await get(file.id, ann)).headers.get('content-disposition')).to.match(/^attachment/);
    expect((await get(file.id, ann, {}, api, '?thumb=1')).status).to.equal(404);
  });

  it('come five at a time from one user, through all nodes together', async () => {
    const held = await Promise.all(
      Array.from({ length: 5 }, (_, i) => begin((i % 2 === 0 ? api : other).origin, room, ann.token)),
    );
    await until(async () => (await files().countDocuments({ state: 'uploading' })) === 5);
    const { status, body } = await post('one more');
    expect([status, body.code]).to.deep.equal([429, 'rate_limited']);
    const sixth = await post('of somebody else', {}, bob);
    expect(sixth.status).to.equal(201);
    for (const upload of held) upload.destroy();
    await until(async () => (await files().countDocuments({ state: 'uploading' })) === 0);
    expect((await post('one more')).status).to.equal(201);
  });

  it('that nobody sent are kept for a day, and then swept', async function () {
    this.timeout(60_000);
    const [unsent, sentOne] = [await upload('not yet'), await upload('at once')];
    await send([sentOne.id]);
    const record = () => files().findOne({ _id: new mongo.ObjectId(unsent.id) });
    const left = Number((await record())?.['sweepAt']) - Date.now();
    expect(left / 3_600_000).to.be.closeTo(24, 0.1);
    const ids = { $in: [unsent.id, sentOne.id].map((id) => new mongo.ObjectId(id)) };
    await files().updateMany({ _id: ids }, { $set: { sweepAt: new Date() } });
    await until(async () => (await record()) === null);
    expect((await get(unsent.id, ann)).status).to.equal(404);
    const pieces = { files_id: new mongo.ObjectId(unsent.id) };
    expect(await client.db().collection('attachments.chunks').countDocuments(pieces)).to.equal(0);
    expect((await get(sentOne.id, bob)).status).to.equal(200);
  });
});

describe('space for files', () => {
  let api: ApiNode;
  let ann: Account;
  let room: string;
  before(async function () {
    this.timeout(240_000);
    const env = { ATTACHMENT_MAX_BYTES: '3000', ATTACHMENT_USER_BYTES: '5000' };
    api = await startApi({ env });
    ann = await api.register('ann');
    const body = { type: 'group', name: 'Files' };
    room = (await api.call<Room>('POST', '/rooms', { token: ann.token, body })).body.id;
  });
  after(() => api?.stop());

  const post = async (bytes: number, by = ann) => {
    const init = {
      method: 'POST',
      headers: { authorization: `Bearer ${by.token}` },
      body: new Uint8Array(bytes),
    };
    const response = await fetch(`${api.origin}/api/v1/attachments?room=${room}&name=x`, init);
    return { status: response.status, body: (await response.json()) as Attachment & Problem };
  };
  const config = async (by = ann) =>
    (await api.call<ServerConfig>('GET', '/config', { token: by.token })).body;

  it('is told beforehand, and fills', async () => {
    expect(await config()).to.deep.equal({ files: { maxBytes: 3_000, quota: { bytes: 5_000, used: 0 } } });
    expect((await post(3_001)).body.code).to.equal('too_large');
    const first = await post(3_000);
    expect(first.status).to.equal(201);
    const second = await post(2_001);
    expect([second.status, second.body.code]).to.deep.equal([413, 'quota_exceeded']);
    expect(second.body.detail).to.include('4.8 KiB');
    expect((await post(2_000)).status).to.equal(201);
    expect((await post(1)).body.code).to.equal('quota_exceeded');
    expect((await config()).files.quota?.used).to.equal(5_000);
  });

  it('is there again once a message with a file is deleted', async () => {
    const bob = await api.register('bob');
    await api.call('POST', `/rooms/${room}/members`, { token: ann.token, body: { users: [bob.id] } });
    const mine = await post(3_000, bob);
    const said = await api.call<Message>('POST', `/rooms/${room}/messages`, {
      token: bob.token,
      body: { clientId: 'c', text: '', attachments: [mine.body.id] },
    });
    expect((await post(3_000, bob)).body.code).to.equal('quota_exceeded');
    await api.call('DELETE', `/rooms/${room}/messages/${said.body.seq}`, { token: bob.token });
    expect((await config(bob)).files.quota?.used).to.equal(0);
    expect((await post(3_000, bob)).status).to.equal(201);
  });

  it('is nobody else’s business', async () => {
    expect((await api.refused('GET', '/config')).code).to.equal('unauthorized');
  });
});

/** An upload that has begun and does not go on. */
async function begin(origin: string, room: string, token: string): Promise<ClientRequest> {
  const headers = { authorization: `Bearer ${token}`, 'content-length': 1_000 };
  const upload = request(`${origin}/api/v1/attachments?room=${room}&name=held`, { method: 'POST', headers });
  upload.on('error', () => undefined);
  upload.write(Buffer.alloc(10));
  await once(upload, 'socket');
  return upload;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50));
}

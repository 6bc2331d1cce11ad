import { expect } from 'chai';
import sharp from 'sharp';
import type { Attachment, Message, MessagePage, Problem, Room } from '../../shared/wire/rest.ts';
import { startApi, type Account, type ApiNode } from '../support/api-node.ts';
import { startServers } from '../support/servers.ts';

const LIMIT = 3 * 1024 * 1024;

describe('attachments over REST', () => {
  let api: ApiNode;
  let other: ApiNode;
  let ann: Account;
  let bob: Account;
  let eve: Account;
  let room: string;
  let png: Buffer;
  before(async function () {
    this.timeout(240_000);
    const servers = await startServers();
    const env = { ATTACHMENT_MAX_BYTES: String(LIMIT) };
    [api, other] = await Promise.all([startApi({ servers, env }), startApi({ servers, env })]);
    [ann, bob, eve] = await Promise.all([api.register('ann'), api.register('bob'), api.register('eve')]);
    png = await sharp({ create: { width: 900, height: 300, channels: 3, background: '#3366cc' } })
      .png()
      .toBuffer();
  });
  after(async () => {
    await Promise.all([api?.stop(), other?.stop()]);
  });
  beforeEach(async () => {
    const body = { type: 'group', name: 'Files', members: [bob.id] };
    room = (await api.call<Room>('POST', '/rooms', { token: ann.token, body })).body.id;
  });

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
});

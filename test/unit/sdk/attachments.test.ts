import { expect } from 'chai';
import {
  memoryStorage,
  type RoomHandle,
  type SendBytes,
  type UploadRequest,
} from '../../../shared/sdk/index.ts';
import type { Attachment, UserSummary } from '../../../shared/wire/rest.ts';
import type { FakeRoom } from '../../support/fake-rooms.ts';
import { eventually, PATIENT, until, World } from './world.ts';

const PHOTO: Attachment = { id: 'a1', name: 'lake.png', type: 'image/png', size: 3, width: 4, height: 3 };

describe('Files in the engine', () => {
  let world: World;
  let ada: UserSummary;
  let room: FakeRoom;

  beforeEach(async () => {
    world = new World();
    await world.open();
    ada = world.server.addUser('ada');
    room = world.server.addRoom('plans', [ada, world.server.addUser('bob')]);
  });
  afterEach(() => world.close());

  const file = new Blob(['abc'], { type: 'image/png' });
  const handleWith = async (sendBytes: SendBytes): Promise<RoomHandle> =>
    (await world.online('ada', { sendBytes })).room(room.id);
  const failure = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);
  const answering =
    (status: number, body: unknown, retryAfter: string | null = null): SendBytes =>
    async () => ({ status, text: JSON.stringify(body), retryAfter });

  it('go up as raw bytes with room and name, and tell how far they are', async () => {
    const requests: UploadRequest[] = [];
    const handle = await handleWith(async (request) => {
      requests.push(request);
      request.onProgress(2);
      // With the request's head, some browsers report more than the file.
      request.onProgress(4);
      return { status: 201, text: JSON.stringify(PHOTO), retryAfter: null };
    });
    const heard: number[][] = [];
    const attachment = await handle.upload(file, {
      name: 'at the lake.png',
      onProgress: (sent, total) => heard.push([sent, total]),
    });
    expect(attachment).to.deep.equal(PHOTO);
    expect(heard).to.deep.equal([
      [2, 3],
      [3, 3],
    ]);
    const url = new URL(requests[0]!.url);
    expect(url.pathname).to.equal('/api/v1/attachments');
    expect(Object.fromEntries(url.searchParams)).to.deep.equal({ room: room.id, name: 'at the lake.png' });
    expect(requests[0]!.headers['content-type']).to.equal('image/png');
    expect(requests[0]!.headers['authorization']).to.match(/^Bearer ./);
  });

  it('say of a voice message how long and how loud it is', async () => {
    let url = '';
    const handle = await handleWith(async (request) => {
      url = request.url;
      return { status: 201, text: JSON.stringify(PHOTO), retryAfter: null };
    });
    await handle.upload(file, { name: 'voice.webm', voice: { duration: 2.5, waveform: [0, 50, 100] } });
    const query = new URL(url).searchParams;
    expect([query.get('duration'), query.get('waveform')]).to.deep.equal(['2.5', '0,50,100']);
  });

  it('go up again with a fresh token when theirs was refused', async () => {
    const tokens: unknown[] = [];
    const handle = await handleWith(async ({ headers }) => {
      tokens.push(headers['authorization']);
      const status = tokens.length === 1 ? 401 : 201;
      return { status, text: JSON.stringify(PHOTO), retryAfter: null };
    });
    expect(await handle.upload(file, { name: 'lake.png' })).to.deep.equal(PHOTO);
    expect(new Set(tokens).size).to.equal(2);
  });

  it('reject as every call does', async () => {
    const large = await handleWith(answering(413, { code: 'too_large', detail: 'At most 1 MiB.' }));
    expect(await failure(large.upload(file, { name: 'x' }))).to.include({
      code: 'too_large',
      message: 'At most 1 MiB.',
      status: 413,
    });
    const busy = await handleWith(answering(429, { code: 'rate_limited' }, '2'));
    expect(await failure(busy.upload(file, { name: 'x' }))).to.include({
      code: 'rate_limited',
      retryAfterMs: 2_000,
    });
    const away = await handleWith(() => Promise.reject(new Error('reset')));
    expect(await failure(away.upload(file, { name: 'x' }))).to.include({ code: 'unavailable', status: 0 });
  });

  it('are given up with the signal’s reason', async () => {
    const stop = new AbortController();
    const handle = await handleWith(
      ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(new Error('aborted')));
          stop.abort(new Error('changed my mind'));
        }),
    );
    const error = await failure(handle.upload(file, { name: 'x', signal: stop.signal }));
    expect(error).to.have.property('message', 'changed my mind');
  });

  it('stand in the row while it waits, go out by their ids, and outlive a reload', async () => {
    const storage = memoryStorage();
    const first = await world.online('ada', { storage });
    const handle = first.room(room.id);
    await handle.open();
    world.server.onSend = () => ({ code: 'unavailable', retry: true });
    handle.send('', { attachments: [PHOTO] });
    await eventually(() => world.server.frames.some((frame) => frame.type === 'send'));
    expect(handle.timeline.get().items.at(-1)?.message.attachments).to.deep.equal([PHOTO]);
    first.close();

    world.server.onSend = () => undefined;
    const sentBefore = world.server.frames.length;
    const again = (await world.online('ada', { storage, timing: PATIENT })).room(room.id);
    await again.open();
    await until(again.timeline, ({ items }) => items.at(-1)?.state?.name === 'sent');
    const frame = world.server.frames.slice(sentBefore).find(({ type }) => type === 'send');
    expect(frame).to.deep.include({ text: '', attachments: ['a1'] });
  });

  it('stand in the row of a message that is forwarded, which goes out by its number alone', async () => {
    const handle = (await world.online('ada')).room(room.id);
    await handle.open();
    world.server.onSend = () => ({ code: 'unavailable', retry: true });
    const { id, username, displayName } = ada;
    handle.forward({
      room: 'elsewhere',
      seq: 7,
      id: 'm7',
      kind: 'text',
      sender: { id, username, displayName },
      text: 'Look',
      at: new Date().toISOString(),
      rev: 7,
      attachments: [PHOTO],
    });
    await eventually(() => world.server.frames.some((frame) => frame.type === 'send'));
    expect(handle.timeline.get().items.at(-1)?.message).to.deep.include({
      text: 'Look',
      attachments: [PHOTO],
    });
    const frame = world.server.frames.find(({ type }) => type === 'send');
    expect(frame).to.deep.include({ text: '', forward: { room: 'elsewhere', seq: 7 } });
    expect(frame).to.not.have.property('attachments');
  });
});

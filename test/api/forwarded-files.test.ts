import { expect } from 'chai';
import { mongo } from 'mongoose';
import sharp from 'sharp';
import type { Message, Problem, SearchResults } from '../../shared/wire/rest.ts';
import type { Account, ApiNode } from '../support/api-node.ts';
import { until, useFilesDesk } from '../support/files-desk.ts';

const QUOTA = 100_000;

describe('files of forwarded messages', () => {
  const desk = useFilesDesk({ ATTACHMENT_USER_BYTES: String(QUOTA) });
  let api: ApiNode;
  let other: ApiNode;
  let ann: Account;
  let bob: Account;
  let eve: Account;
  /** Bob's and eve's, without ann. */
  let there: string;
  before(() => {
    ({ api, other, ann, bob, eve } = desk.scene);
  });
  beforeEach(async () => {
    there = await desk.createRoom(bob, [eve]);
  });

  const forward = ({ room, seq }: Pick<Message, 'room' | 'seq'>, by = bob, to = there, more: object = {}) =>
    desk.say(by, to, { forward: { room, seq }, ...more });
  const status = async (id: string, by: Account, query = '') =>
    (await desk.get(id, by, {}, other, query)).status;
  const sent = async (bytes: string | Buffer, text = ''): Promise<Message> =>
    (await desk.send([(await desk.upload(bytes)).id], ann, text)).body;
  const record = (id: string) => desk.records.findOne({ _id: new mongo.ObjectId(id) });
  const fileOf = ({ attachments }: Pick<Message, 'attachments'>): string => attachments?.[0]?.id ?? '';

  it('are there for who is in the other room, and only for them', async () => {
    const original = await sent('a plan', 'Look');
    const { status: answer, body } = await forward(original);
    expect(answer).to.equal(201);
    expect(body).to.deep.include({ text: 'Look', forwardedFrom: { sender: original.sender } });
    const [file] = body.attachments ?? [];
    expect(file).to.deep.equal({ ...original.attachments?.[0], id: file?.id });
    expect(file?.id).to.not.equal(fileOf(original));
    for (const who of [bob, eve]) expect(await (await desk.get(fileOf(body), who)).text()).to.equal('a plan');
    expect(await status(fileOf(body), ann), 'not in there').to.equal(404);
    expect(await status(fileOf(original), eve), 'not in here').to.equal(404);
    expect(await desk.pieces(fileOf(body)), 'no byte is copied').to.equal(0);
    await api.call('DELETE', `/rooms/${there}/members/${eve.id}`, { token: bob.token });
    expect(await status(fileOf(body), eve), 'out').to.equal(404);
  });

  it('go along without a word, pictures with their small ones and recordings with their waveform', async () => {
    const png = await sharp({ create: { width: 90, height: 30, channels: 3, background: '#3366cc' } })
      .png()
      .toBuffer();
    const picture = await desk.upload(png, { name: 'wide.png' });
    const said = { name: 'voice.ogg', duration: '1.5', waveform: '0,50,100' };
    const voice = await desk.upload(Buffer.from('OggS\0\x02 OpusHead'), said);
    const original = (await desk.send([picture.id, voice.id])).body;
    const { body } = await forward(original);
    const without = (message: Message) => message.attachments?.map((file) => ({ ...file, id: '' }));
    expect(without(body)).to.deep.equal(without(original)).and.have.length(2);
    const thumb = Buffer.from(await (await desk.get(fileOf(body), eve, {}, other, '?thumb=1')).arrayBuffer());
    expect((await sharp(thumb).metadata()).width).to.equal(90);
    const part = await desk.get(body.attachments?.[1]?.id ?? '', eve, { headers: { range: 'bytes=0-3' } });
    expect([part.status, await part.text()]).to.deep.equal([206, 'OggS']);
  });

  it('are found by what they are', async function () {
    this.timeout(60_000);
    const voice = await desk.upload(Buffer.from('OggS\0\x02 OpusHead'), { name: 'hum.ogg', waveform: '1,2' });
    const { body } = await forward((await desk.send([voice.id])).body);
    const find = async (has: string): Promise<readonly Message[]> => {
      const path = `/search?has=${has}&room=${there}`;
      return (await api.call<SearchResults>('GET', path, { token: eve.token })).body.results;
    };
    await until(async () => (await find('voice')).length > 0);
    expect(await find('voice')).to.deep.equal([body]);
    expect((await find('file')).length).to.equal(1);
    expect(await find('image')).to.deep.equal([]);
  });

  it('stay when the original is deleted, and when its room is; the bytes go with the last', async () => {
    const room = await desk.createRoom(ann, [bob]);
    const file = await desk.upload('kept', { room });
    const original = (await desk.say(ann, room, { attachments: [file.id] })).body;
    const first = (await forward(original)).body;
    const second = (await forward(first, eve, await desk.createRoom(eve))).body;
    await desk.unsay(original);
    await desk.swept(async () => (await record(file.id)) === null);
    expect(await (await desk.get(fileOf(first), bob)).text()).to.equal('kept');
    await api.call('DELETE', `/rooms/${there}`, { token: bob.token });
    await desk.swept(async () => (await record(fileOf(first))) === null);
    expect(await status(fileOf(first), bob)).to.equal(404);
    expect(await (await desk.get(fileOf(second), eve)).text()).to.equal('kept');
    expect(await desk.pieces(file.id)).to.equal(1);
    await desk.unsay(second, eve);
    await desk.swept(async () => (await record(fileOf(second))) === null);
    expect(await desk.pieces(file.id)).to.equal(0);
  });

  it('go when the message they were forwarded in is deleted, and the original stays', async () => {
    const original = await sent('mine');
    const { body } = await forward(original);
    await desk.unsay(body, bob);
    expect(await status(fileOf(body), eve)).to.equal(404);
    await desk.swept(async () => (await record(fileOf(body))) === null);
    expect(await (await desk.get(fileOf(original), ann)).text()).to.equal('mine');
  });

  it('stand in one message however often it is sent, also once the original is gone', async () => {
    const original = await sent('once');
    const again = { clientId: 'the same' };
    const answers = await Promise.all([1, 2, 3].map(() => forward(original, bob, there, again)));
    expect(answers.map((answer) => answer.status).sort()).to.deep.equal([200, 200, 201]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).to.equal(1);
    const rows = { room: new mongo.ObjectId(there) };
    expect(await desk.records.countDocuments(rows)).to.equal(1);
    await desk.unsay(original);
    const late = await forward(original, bob, there, again);
    expect([late.status, late.body]).to.deep.equal([200, answers[0]?.body]);
    await desk.unsay(late.body, bob);
    const gone = await forward(original, bob, there, again);
    expect([gone.status, gone.body.attachments]).to.deep.equal([200, undefined]);
    expect(await desk.records.countDocuments({ ...rows, state: 'ready' })).to.equal(0);
  });

  it('are settled by a sweep that finds their message, and removed by one that finds none', async () => {
    const original = await sent('left over');
    const { body } = await forward(original);
    // As a node leaves it that dies before the message is stored.
    const row = await record(fileOf(body));
    const orphan = new mongo.ObjectId();
    await desk.records.insertOne({ ...row, _id: orphan, claim: 'never sent', sweepAt: new Date() });
    await desk.age(fileOf(body));
    await desk.swept(async () => (await desk.records.countDocuments({ _id: orphan })) === 0);
    await desk.swept(async () => (await record(fileOf(body)))?.['sweepAt'] === undefined);
    expect(await (await desk.get(fileOf(body), eve)).text()).to.equal('left over');
  });

  it('are refused to who may not see them, and beside files of one’s own', async () => {
    const original = await sent('secret');
    const refusal = async (answer: Promise<{ status: number; body: Problem }>) => {
      const { status: code, body } = await answer;
      return [code, body.code];
    };
    expect(await refusal(forward(original, eve))).to.deep.equal([404, 'not_found']);
    const own = await desk.upload('own', {}, ann);
    const both = forward(original, ann, desk.room, { attachments: [own.id] });
    expect(await refusal(both)).to.deep.equal([400, 'invalid']);
    await desk.unsay(original);
    expect(await refusal(forward(original))).to.deep.equal([404, 'not_found']);
    expect(await desk.records.countDocuments({ room: new mongo.ObjectId(there) })).to.equal(0);
  });

  it('count once for who sends them on, and are refused where there is no space', async () => {
    const [cat, dan] = [await api.register('cat'), await api.register('dan')];
    const here = await desk.createRoom(cat, [dan]);
    const files = [await desk.upload(Buffer.alloc(60_000), { room: here }, cat)];
    const one = (await desk.say(cat, here, { attachments: [files[0]?.id] })).body;
    await api.call('POST', `/rooms/${here}/members`, { token: cat.token, body: { users: [ann.id] } });
    const theirs = await desk.upload(Buffer.alloc(50_000), { room: here }, ann);
    const two = (await desk.say(ann, here, { attachments: [theirs.id] })).body;
    const used = async (): Promise<number | undefined> =>
      (await api.call<{ files: { quota?: { used: number } } }>('GET', '/config', { token: dan.token })).body
        .files.quota?.used;
    const first = await forward(one, dan, here);
    expect((await forward(one, dan, await desk.createRoom(dan))).status).to.equal(201);
    expect(await used()).to.equal(60_000);
    const { status: answer, body } = await forward(two, dan, here);
    expect([answer, body.code]).to.deep.equal([413, 'quota_exceeded']);
    expect((await forward(one, cat, here)).status, 'one’s own counts already').to.equal(201);
    expect(first.status).to.equal(201);
  });
});

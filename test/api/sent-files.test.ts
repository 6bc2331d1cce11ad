import { once } from 'node:events';
import { request, type ClientRequest } from 'node:http';
import { expect } from 'chai';
import { mongo } from 'mongoose';
import type { Message, Problem } from '../../shared/wire/rest.ts';
import type { Account, ApiNode } from '../support/api-node.ts';
import { until, useFilesDesk } from '../support/files-desk.ts';

describe('files in messages', () => {
  const desk = useFilesDesk();
  let api: ApiNode;
  let other: ApiNode;
  let ann: Account;
  let bob: Account;
  let eve: Account;
  before(() => {
    ({ api, other, ann, bob, eve } = desk.scene);
  });

  it('stay when their caption is taken away, which only a message with files allows', async () => {
    const { body: message } = await desk.send([(await desk.upload('one')).id], ann, 'a caption');
    const edit = (seq: number) =>
      api.call<Message & Problem>('PATCH', `/rooms/${desk.room}/messages/${seq}`, {
        token: ann.token,
        body: { text: '' },
      });
    const edited = await edit(message.seq);
    expect(edited.status).to.equal(200);
    expect(edited.body.text).to.equal('');
    expect(edited.body.attachments).to.deep.equal(message.attachments);
    const bare = await desk.send([], ann, 'words only');
    const refused = await edit(bare.body.seq);
    expect([refused.status, refused.body.code]).to.deep.equal([400, 'invalid']);
  });

  it('of others, unknown or unsent, are not found', async () => {
    const file = await desk.upload('hello');
    for (const who of [bob, eve]) expect((await desk.get(file.id, who)).status).to.equal(404);
    expect((await desk.get(file.id, ann)).status).to.equal(200);
    await desk.send([file.id]);
    expect((await desk.get(file.id, bob)).status).to.equal(200);
    expect((await desk.get(file.id, eve)).status).to.equal(404);
    expect((await desk.get('0'.repeat(24), ann)).status).to.equal(404);
    expect((await desk.post('x', {}, eve)).body.code).to.equal('not_found');
    expect((await fetch(`${api.origin}/api/v1/attachments/${file.id}`)).status).to.equal(401);
  });

  it('belong to one message of their sender, which a retry finds again', async () => {
    const file = await desk.upload('once');
    expect((await desk.send([file.id], bob)).body.code).to.equal('not_found');
    const first = await desk.send([file.id], ann, '', 'same');
    expect(first.status).to.equal(201);
    const again = await desk.send([file.id], ann, '', 'same');
    expect([again.status, again.body.seq]).to.deep.equal([200, first.body.seq]);
    expect((await desk.send([file.id])).body.code).to.equal('not_found');
  });

  it('go with their message, and with who is removed from the room', async () => {
    const [gone, kept] = [await desk.upload('gone'), await desk.upload('kept')];
    const { body: message } = await desk.send([gone.id], ann, '', 'deleted');
    await desk.send([kept.id]);
    await api.call('DELETE', `/rooms/${desk.room}/messages/${message.seq}`, { token: ann.token });
    expect((await desk.get(gone.id, ann)).status).to.equal(404);
    const again = await desk.send([gone.id], ann, '', 'deleted');
    expect([again.status, again.body.attachments]).to.deep.equal([200, undefined]);
    expect((await desk.get(kept.id, bob, {}, api)).status).to.equal(200);
    await api.call('DELETE', `/rooms/${desk.room}/members/${bob.id}`, { token: ann.token });
    expect((await desk.get(kept.id, bob, {}, api)).status).to.equal(404);
  });

  it('come five at a time from one user, through all nodes together', async () => {
    const held = await Promise.all(
      Array.from({ length: 5 }, (_, i) => begin((i % 2 === 0 ? api : other).origin, desk.room, ann.token)),
    );
    const hers = { owner: new mongo.ObjectId(ann.id), state: 'uploading' };
    await until(async () => (await desk.records.countDocuments(hers)) === 5);
    const { status, body } = await desk.post('one more');
    expect([status, body.code]).to.deep.equal([429, 'rate_limited']);
    const sixth = await desk.post('of somebody else', {}, bob);
    expect(sixth.status).to.equal(201);
    for (const upload of held) upload.destroy();
    await until(async () => (await desk.records.countDocuments(hers)) === 0);
    expect((await desk.post('one more')).status).to.equal(201);
  });

  it('that nobody sent are kept for a day, and then swept', async function () {
    this.timeout(60_000);
    const [unsent, sentOne] = [await desk.upload('not yet'), await desk.upload('at once')];
    await desk.send([sentOne.id]);
    const record = () => desk.records.findOne({ _id: new mongo.ObjectId(unsent.id) });
    const left = Number((await record())?.['sweepAt']) - Date.now();
    expect(left / 3_600_000).to.be.closeTo(24, 0.1);
    await desk.age(unsent.id, sentOne.id);
    await until(async () => (await record()) === null);
    expect((await desk.get(unsent.id, ann)).status).to.equal(404);
    expect(await desk.pieces(unsent.id)).to.equal(0);
    expect((await desk.get(sentOne.id, bob)).status).to.equal(200);
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

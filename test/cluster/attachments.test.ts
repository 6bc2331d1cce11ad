import { request } from 'node:http';
import { expect } from 'chai';
import { mongo } from 'mongoose';
import type { Attachment } from '../../shared/wire/rest.ts';
import { call, type Person } from '../support/person.ts';
import { useCluster } from '../support/use-cluster.ts';

/** ms until a lease has ended and a sweep has come by. */
const PATIENCE = 90_000;

describe('files in a cluster', () => {
  const on = useCluster('rough');
  let client: mongo.MongoClient;
  let ann: Person;
  before(async () => {
    client = new mongo.MongoClient(on.parley.cluster.mongodbUrl);
    [ann] = await on.people('ann');
  });
  after(() => client?.close());

  const upload = async (by: Person, room: string, text: string): Promise<Attachment> => {
    const raw = { headers: { authorization: `Bearer ${by.token}` }, body: text };
    const path = `/attachments?room=${room}&name=note.txt`;
    const { status, body } = await call<Attachment>(on.parley.place, 'POST', path, { raw });
    expect(status).to.equal(201);
    return body;
  };

  it('go over the socket, to members alone', async () => {
    const [bob, eve] = await on.people('bob', 'eve');
    const room = (await ann.createRoom({ type: 'group', name: 'Files', members: [bob.username] })).id;
    const file = await upload(ann, room, 'a note');
    const [mine, his, hers] = [ann.socket(), bob.socket(), eve.socket()];
    try {
      for (const [socket, who] of [
        [mine, ann],
        [his, bob],
        [hers, eve],
      ] as const)
        await socket.hello(who.token);
      mine.send({ type: 'send', room, clientId: 'with-a-file', text: '', attachments: [file.id] });
      const { seq } = await mine.next('ack');
      const message = await his.next('message', (frame) => frame.seq === seq);
      expect(message.attachments).to.deep.equal([file]);
      const read = (who: Person) =>
        call(on.parley.place, 'GET', `/attachments/${file.id}`, { token: who.token });
      expect([(await read(bob)).body, (await read(eve)).status]).to.deep.equal(['a note', 404]);
      const own = await upload(ann, room, 'not sent yet');
      for (const [socket, clientId, attachments] of [
        [mine, 'twice', [file.id]],
        [his, 'of-another', [own.id]],
        [his, 'of-nobody', ['0'.repeat(24)]],
        [hers, 'stranger', [own.id]],
      ] as const) {
        socket.send({ type: 'send', room, clientId, text: 'mine?', attachments });
        const error = await socket.next('error', (frame) => frame.clientId === clientId);
        expect(error, clientId).to.include({ code: 'not_found', retry: false });
      }
    } finally {
      for (const socket of [mine, his, hers]) socket.ws.terminate();
    }
  });

  const pieces = (): Promise<number> => client.db().collection('attachments.chunks').countDocuments({});
  const until = async (isSo: () => Promise<boolean>, what: string): Promise<void> => {
    const deadline = Date.now() + PATIENCE;
    while (!(await isSo())) {
      if (Date.now() > deadline) expect.fail(what);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };

  it('an upload whose API node is killed leaves no piece behind', async function () {
    this.timeout(3 * PATIENCE);
    const room = (await ann.createRoom({ type: 'group', name: 'Files' })).id;
    const upload = request(`${on.parley.api(0)}/api/v1/attachments?room=${room}&name=half.bin`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ann.token}`, 'content-length': 5_000_000 },
    });
    const before = await pieces();
    const broken = new Promise((resolve) => upload.once('error', resolve));
    upload.write(Buffer.alloc(1_500_000, 7));
    await until(async () => (await pieces()) > before + 2, 'no piece was stored');
    await on.parley.cluster.kill('api-1', 'SIGKILL');
    await broken;
    expect(await pieces()).to.be.above(before + 2);
    await until(async () => (await pieces()) === before, 'pieces stay');
  });
});

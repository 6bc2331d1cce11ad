import { expect } from 'chai';
import type { LogPage, Message, MessagePage, Room } from '../../shared/wire/rest.ts';
import type { Account, ApiNode } from '../support/api-node.ts';
import { useScene } from '../support/scene.ts';

describe('pins over REST', () => {
  let api: ApiNode;
  let other: ApiNode;
  let ann: Account;
  let bob: Account;
  let eve: Account;
  let room: string;
  useScene((scene) => ({ api, other, ann, bob, eve } = scene));
  const create = async (body: object): Promise<string> =>
    (await api.call<Room>('POST', '/rooms', { token: ann.token, body })).body.id;
  beforeEach(async () => {
    room = await create({ type: 'group', name: 'Pins', members: [bob.id] });
  });

  let sent = 0;
  const send = async (by: Account, text = 'worth keeping', to = room): Promise<Message> => {
    const body = { clientId: `c${++sent}`, text };
    return (await api.call<Message>('POST', `/rooms/${to}/messages`, { token: by.token, body })).body;
  };
  const pin = (by: Account, { room: of, seq }: Pick<Message, 'room' | 'seq'>, method = 'PUT', node = api) =>
    node.call<Message>(method, `/rooms/${of}/messages/${seq}/pin`, { token: by.token });
  const pins = async (by: Account, of = room): Promise<readonly Message[]> =>
    (await other.call<{ messages: readonly Message[] }>('GET', `/rooms/${of}/pins`, { token: by.token })).body
      .messages;
  const newest = async (by: Account): Promise<readonly Message[]> =>
    (await other.call<MessagePage>('GET', `/rooms/${room}/messages`, { token: by.token })).body.messages;

  it('are a state of the message, listed with the latest pin first', async () => {
    const [first, second] = [await send(ann), await send(ann)];
    const { status, body } = await pin(bob, second);
    expect(status).to.equal(200);
    expect(body.pinnedAt).to.be.a('string');
    expect(body.rev).to.be.above(second.seq);
    const later = (await pin(ann, first)).body;
    expect(await pins(bob)).to.deep.equal([later, body]);
    expect((await newest(bob)).find(({ seq }) => seq === second.seq)).to.deep.equal(body);
  });

  it('come back with the log to who was away', async () => {
    const message = await send(ann);
    const { body } = await pin(bob, message);
    const path = `/rooms/${room}/log?after=${message.seq}`;
    const log = (await other.call<LogPage>('GET', path, { token: ann.token })).body;
    expect(log.changed).to.deep.equal([body]);
    expect(log.messages.map(({ event }) => event)).to.deep.equal([
      { name: 'pinned', by: bob.id, value: String(message.seq) },
    ]);
    expect(log.messages[0]?.text).to.match(/pinned a message$/);
  });

  it('may be repeated and taken back, with one notice', async () => {
    const message = await send(ann);
    const first = (await pin(ann, message)).body;
    expect((await pin(bob, message, 'PUT', other)).body).to.deep.equal(first);
    const taken = (await pin(bob, message, 'DELETE')).body;
    expect(taken).to.not.have.property('pinnedAt');
    expect((await pin(ann, message, 'DELETE', other)).body).to.deep.equal(taken);
    expect(await pins(ann)).to.deep.equal([]);
    expect((await newest(bob)).filter(({ event }) => event?.name === 'pinned')).to.have.length(1);
  });

  it('stay through edits, and go with the message', async () => {
    const message = await send(ann);
    await pin(ann, message);
    const path = `/rooms/${room}/messages/${message.seq}`;
    const { body } = await api.call<Message>('PATCH', path, { token: ann.token, body: { text: 'better' } });
    expect(body.pinnedAt).to.be.a('string');
    expect(await pins(bob)).to.deep.equal([body]);
    expect((await api.call<Message>('DELETE', path, { token: ann.token })).body).to.not.have.property(
      'pinnedAt',
    );
    expect(await pins(bob)).to.deep.equal([]);
    expect((await pin(ann, message)).status).to.equal(409);
  });

  it('are for members, in public channels for owners and admins', async () => {
    const message = await send(ann);
    for (const method of ['PUT', 'DELETE']) expect((await pin(eve, message, method)).status).to.equal(404);
    expect((await api.refused('GET', `/rooms/${room}/pins`, { token: eve.token })).code).to.equal(
      'not_found',
    );
    const open = await create({ type: 'channel', name: `pins-${Date.now()}`, members: [bob.id] });
    const said = await send(bob, 'pin me', open);
    expect((await pin(bob, said)).status).to.equal(403);
    expect((await pin(ann, said)).status).to.equal(200);
    expect((await pin(bob, said, 'DELETE')).status).to.equal(403);
    expect(await pins(bob, open)).to.have.length(1);
    const closed = await create({ type: 'channel', name: 'pins', public: false, members: [bob.id] });
    expect((await pin(bob, await send(bob, 'pin me', closed))).status).to.equal(200);
    const dm = await create({ type: 'dm', user: bob.id });
    expect((await pin(bob, await send(ann, 'between us', dm))).status).to.equal(200);
  });

  it('are of messages: not of notices, changes, or what is not there', async () => {
    const message = await send(ann);
    const [notice] = await newest(ann);
    expect((await pin(ann, notice as Message)).status).to.equal(403);
    for (const seq of [message.seq + 1, 999_999])
      expect((await pin(ann, { room, seq })).status).to.equal(404);
    expect((await pin(ann, { room, seq: 0 })).status).to.equal(400);
    expect((await api.call('PUT', `/rooms/${room}/messages/x/pin`, { token: ann.token })).status).to.equal(
      400,
    );
    expect((await api.call('PUT', `/rooms/${room}/messages/${message.seq}/pin`)).status).to.equal(401);
  });

  it('are at most 100 in a room', async function () {
    this.timeout(60_000);
    const messages = await Promise.all(Array.from({ length: 101 }, () => send(ann)));
    const last = messages.pop() as Message;
    const answers = await Promise.all(messages.map((message) => pin(ann, message)));
    expect(answers.every(({ status }) => status === 200)).to.equal(true);
    expect((await pin(ann, last)).status).to.equal(409);
    await pin(ann, messages[0] as Message, 'DELETE');
    expect((await pin(ann, last)).status).to.equal(200);
    expect(await pins(ann)).to.have.length(100);
  });
});

import { expect } from 'chai';
import type { Message, Room } from '../../shared/wire/rest.ts';
import type { Account, ApiNode } from '../support/api-node.ts';
import { useScene } from '../support/scene.ts';

describe('one’s own settings of a room', () => {
  let api: ApiNode;
  let other: ApiNode;
  let ann: Account;
  let bob: Account;
  let eve: Account;
  useScene((scene) => ({ api, other, ann, bob, eve } = scene));

  let count = 0;
  const group = async (): Promise<Room> =>
    (
      await api.call<Room>('POST', '/rooms', {
        token: ann.token,
        body: { type: 'group', name: `Prefs ${++count}`, members: [bob.id] },
      })
    ).body;
  const say = async (by: Account, room: string): Promise<number> =>
    (
      await api.call<Message>('POST', `/rooms/${room}/messages`, {
        token: by.token,
        body: { clientId: `c${++count}`, text: 'hello' },
      })
    ).body.seq;
  const get = async (by: Account, room: string, node = api): Promise<Room> =>
    (await node.call<Room>('GET', `/rooms/${room}`, { token: by.token })).body;
  const prefer = (by: Account, room: string, me: object) =>
    api.call<Room>('PATCH', `/rooms/${room}`, { token: by.token, body: { me } });
  const unread = (by: Account, room: string, body: object = {}) =>
    other.call<Room>('POST', `/rooms/${room}/unread`, { token: by.token, body });
  const read = (by: Account, room: string, seq: number) =>
    api.call('POST', `/rooms/${room}/read`, { token: by.token, body: { seq } });
  /** The user's own version, as gateways are told it. */
  const version = async (by: Account): Promise<number> => {
    const { users } = await api.internal<{ users: Record<string, { self?: { v: number } }> }>('/room-lists', {
      users: { [by.id]: [] },
    });
    return users[by.id]?.self?.v ?? 0;
  };

  it('put a room away up to its head, and take it out again', async () => {
    const { id } = await group();
    const seq = await say(ann, id);
    expect((await prefer(bob, id, { archived: true })).body.me.archivedSeq).to.equal(seq);
    expect((await get(ann, id)).me).not.to.have.property('archivedSeq');
    expect((await get(bob, id, other)).me.archivedSeq).to.equal(seq);
    expect((await prefer(bob, id, { archived: false })).body.me.archivedSeq).to.equal(0);
  });

  it('mute a room until a time, which can be taken back', async () => {
    const { id } = await group();
    const mutedUntil = new Date(Date.now() + 3_600_000).toISOString();
    expect((await prefer(bob, id, { mutedUntil })).body.me).to.include({ mutedUntil, notify: 'all' });
    expect((await prefer(bob, id, { mutedUntil: '' })).body.me).not.to.have.property('mutedUntil');
    for (const wrong of ['yesterday', new Date(0).toISOString(), '2999-01-01T00:00:00Z', 5])
      expect((await prefer(bob, id, { mutedUntil: wrong })).status, String(wrong)).to.equal(400);
  });

  it('raise the version by which a device that was away sees that it missed something', async () => {
    const { id } = await group();
    const before = await version(bob);
    await prefer(bob, id, { favourite: true });
    const after = await version(bob);
    expect(after).to.be.greaterThan(before);
    expect(await version(eve)).to.equal(0);
  });

  it('are nobody else’s: a stranger finds no room', async () => {
    const { id } = await group();
    expect((await prefer(eve, id, { archived: true })).status).to.equal(404);
    expect((await unread(eve, id)).status).to.equal(404);
  });

  it('mark a room unread from its newest message by another, though one answered since', async () => {
    const { id } = await group();
    const seq = await say(ann, id);
    const own = await say(bob, id);
    await read(bob, id, own);
    expect((await get(bob, id)).me).to.include({ unread: 0, readSeq: own });
    const marked = (await unread(bob, id)).body;
    expect(marked.me).to.include({ unread: 1, readSeq: seq - 1, rewinds: 1 });
    expect((await get(bob, id)).me).to.include({ unread: 1 });
    await read(bob, id, own);
    expect((await get(bob, id)).me).to.include({ unread: 0, readSeq: own, rewinds: 1 });
  });

  it('mark a room unread from a message on, never forward', async () => {
    const { id } = await group();
    const first = await say(ann, id);
    await say(ann, id);
    const last = await say(ann, id);
    await read(bob, id, last);
    expect((await unread(bob, id, { seq: first + 1 })).body.me).to.include({ unread: 2, readSeq: first });
    expect((await unread(bob, id, { seq: last })).body.me).to.include({ unread: 2, readSeq: first });
    for (const seq of [0, -1, 'x', 1.5]) expect((await unread(bob, id, { seq })).status).to.equal(400);
  });

  it('cannot mark unread what nobody else has written', async () => {
    const { id } = await group();
    await say(bob, id);
    expect((await unread(bob, id)).status).to.equal(409);
  });
});

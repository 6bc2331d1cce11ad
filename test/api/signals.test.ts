import { expect } from 'chai';
import { Redis } from 'ioredis';
import { Kind } from '../../shared/node/envelope.ts';
import {
  counterKey,
  roomChannel,
  roomListEpochKey,
  roomListKey,
  roomVersionKey,
  userChannel,
} from '../../shared/node/keys.ts';
import type { Message, Room, Session } from '../../shared/wire/rest.ts';
import { PASSWORD, type Account, type ApiNode } from '../support/api-node.ts';
import { envelopesIn } from '../support/bus-frames.ts';
import { useScene } from '../support/scene.ts';

interface Heard {
  readonly channel: string;
  readonly kind: number;
  readonly room: string;
  readonly number: number;
  readonly body: string;
}

describe('what the API tells gateways', () => {
  let api: ApiNode;
  let redis: Redis;
  let subscriber: Redis;
  let ann: Account;
  let bob: Account;
  let heard: Heard[] = [];
  useScene(({ api: node, servers }) => {
    api = node;
    redis = new Redis(servers.redisUrl);
    subscriber = new Redis(servers.redisUrl);
    subscriber.on('messageBuffer', (channel: Buffer, message: Buffer) => {
      for (const envelope of envelopesIn(message))
        heard.push({ ...envelope, channel: channel.toString(), body: envelope.body.toString() });
    });
  });
  after(() => {
    redis?.disconnect();
    subscriber?.disconnect();
  });
  beforeEach(async () => {
    [ann, bob] = await Promise.all([api.register('ann'), api.register('bob')]);
    await subscriber.subscribe(userChannel(ann.id), userChannel(bob.id));
    heard = [];
  });

  const post = <T>(by: Account, path: string, body?: object) =>
    api.call<T>('POST', path, { token: by.token, ...(body === undefined ? {} : { body }) });
  const group = async (): Promise<Room> => {
    const { body } = await post<Room>(ann, '/rooms', { type: 'group', name: 'Signals', members: [bob.id] });
    await subscriber.subscribe(roomChannel(body.id));
    return body;
  };
  /** What came on a channel; asked after the API's answer, so it has been published. A round trip lets it arrive. */
  const on = async (channel: string, kind: number): Promise<Heard[]> => {
    await subscriber.ping();
    return heard.filter((one) => one.channel === channel && one.kind === kind);
  };

  it('tells a user’s own devices of drafts and scheduled messages', async () => {
    const room = await group();
    const { body: draft } = await api.call<object>('PUT', `/rooms/${room.id}/draft`, {
      token: ann.token,
      body: { text: 'Dear' },
    });
    const root = await post<Message>(ann, `/rooms/${room.id}/messages`, { clientId: 'root', text: 'root' });
    const { body: inThread } = await api.call<object>('PUT', `/rooms/${room.id}/draft`, {
      token: ann.token,
      body: { text: 'Also', thread: root.body.seq },
    });
    const at = new Date(Date.now() + 60_000).toISOString();
    await post(ann, `/rooms/${room.id}/scheduled`, { clientId: 'later', text: 'later', at });
    const told = (await on(userChannel(ann.id), Kind.prefs)).map(({ body }) => JSON.parse(body) as object);
    expect(told).to.deep.equal([
      { type: 'draft', ...draft },
      { type: 'draft', ...inThread },
      { type: 'scheduled' },
    ]);
    expect(await on(userChannel(bob.id), Kind.prefs)).to.deep.equal([]);
  });

  it('tells each member of a new room, with the head as number', async () => {
    const room = await group();
    for (const { id } of [ann, bob]) {
      const [joined] = await on(userChannel(id), Kind.room);
      const frame = JSON.parse(joined?.body ?? '') as { type: string; room: Room; head: number };
      expect(joined).to.include({ room: room.id, number: frame.head });
      expect(frame).to.include({ type: 'room' });
      expect(frame.room)
        .to.include({ id: room.id, name: 'Signals', members: 2 })
        .and.not.to.have.property('me');
    }
  });

  it('tells each side of a dm who its peer is', async () => {
    await post(ann, '/rooms', { type: 'dm', user: bob.id });
    const [toAnn] = await on(userChannel(ann.id), Kind.room);
    const [toBob] = await on(userChannel(bob.id), Kind.room);
    expect(JSON.parse(toAnn?.body ?? '')).to.have.nested.property('room.peer.id', bob.id);
    expect(JSON.parse(toBob?.body ?? '')).to.have.nested.property('room.peer.id', ann.id);
  });

  it('tells the room of a change, with v as number', async () => {
    const room = await group();
    const { body } = await api.call<Room>('PATCH', `/rooms/${room.id}`, {
      token: ann.token,
      body: { name: 'Louder' },
    });
    const [changed] = await on(roomChannel(room.id), Kind.room);
    expect(changed).to.include({ room: room.id, number: body.v });
    expect(JSON.parse(changed?.body ?? '')).to.have.nested.property('room.name', 'Louder');
  });

  it('gives a gateway that missed a change the frame it missed, and nothing of a room that is gone', async () => {
    const room = await group();
    const { body } = await api.call<Room>('PATCH', `/rooms/${room.id}`, {
      token: ann.token,
      body: { name: 'Louder' },
    });
    const [changed] = await on(roomChannel(room.id), Kind.room);
    const { rooms } = await api.internal<{ rooms: Record<string, { v: number; frame: string }> }>('/rooms', {
      rooms: [room.id, '0'.repeat(24)],
    });
    expect(Object.keys(rooms)).to.deep.equal([room.id]);
    const { v, frame } = rooms[room.id]!;
    expect(v).to.equal(body.v);
    const { type, room: told } = JSON.parse(frame) as { type: string; room: Room };
    const { type: sameType, room: heardRoom } = JSON.parse(changed?.body ?? '') as {
      type: string;
      room: Room;
    };
    expect([type, told.id, told.name, told.v, told.members]).to.deep.equal([
      sameType,
      heardRoom.id,
      'Louder',
      heardRoom.v,
      heardRoom.members,
    ]);
  });

  it('leaves the new v for those whose cached list tells the old one', async () => {
    const room = await group();
    const { body } = await api.call<Room>('PATCH', `/rooms/${room.id}`, {
      token: ann.token,
      body: { name: 'Louder' },
    });
    expect(Number(await redis.get(roomVersionKey(room.id)))).to.equal(body.v);
    expect(await redis.ttl(roomVersionKey(room.id))).to.be.greaterThan(600);
  });

  it('leaves no counter of a deleted room behind for good', async () => {
    const room = await group();
    expect(await redis.ttl(counterKey(room.id))).to.be.greaterThan(3_600);
    await api.call('DELETE', `/rooms/${room.id}`, { token: ann.token });
    expect(await redis.ttl(counterKey(room.id))).to.be.within(1, 3_600);
  });

  it('tells who was removed, with v as number', async () => {
    const room = await group();
    await api.call('DELETE', `/rooms/${room.id}/members/${bob.id}`, { token: ann.token });
    const [removed] = await on(userChannel(bob.id), Kind.removed);
    expect(removed?.number).to.be.greaterThan(room.v);
    expect(JSON.parse(removed?.body ?? '')).to.deep.equal({
      type: 'room.removed',
      room: room.id,
      v: removed?.number,
    });
    expect(await on(userChannel(ann.id), Kind.removed)).to.deep.equal([]);
  });

  it('tells all members and the room itself of its deletion', async () => {
    const room = await group();
    await api.call('DELETE', `/rooms/${room.id}`, { token: ann.token });
    for (const channel of [userChannel(ann.id), userChannel(bob.id), roomChannel(room.id)]) {
      expect(await on(channel, Kind.removed)).to.have.length(1);
    }
    expect((await on(roomChannel(room.id), Kind.removed))[0]?.body).to.equal('');
  });

  it('tells one’s own devices of own settings and of a new role', async () => {
    const room = await group();
    await api.call('PATCH', `/rooms/${room.id}`, { token: bob.token, body: { me: { favourite: true } } });
    await api.call('PATCH', `/rooms/${room.id}/members/${bob.id}`, {
      token: ann.token,
      body: { role: 'admin' },
    });
    const frames = (await on(userChannel(bob.id), Kind.prefs)).map(({ body }) => JSON.parse(body) as unknown);
    expect(frames).to.deep.equal([
      { type: 'prefs', room: room.id, me: { favourite: true }, self: 1 },
      { type: 'prefs', room: room.id, me: { role: 'admin' } },
    ]);
  });

  it('tells oneself and the shared rooms of a new name', async () => {
    const room = await group();
    await api.call('PATCH', '/users/me', { token: ann.token, body: { displayName: 'Annabel' } });
    for (const channel of [userChannel(ann.id), roomChannel(room.id)]) {
      const [changed] = await on(channel, Kind.user);
      expect(JSON.parse(changed?.body ?? '')).to.have.nested.property('user.displayName', 'Annabel');
    }
  });

  it('tells which session ended', async () => {
    const { body } = await post<Session>(ann, '/auth/login', { username: ann.username, password: PASSWORD });
    await api.call('POST', '/auth/logout', { token: body.accessToken });
    const [ended] = await on(userChannel(ann.id), Kind.sessionEnded);
    expect(ended?.body).to.equal(body.refreshToken?.slice(0, 24));
  });

  it('forgets the cached room lists of whom a change concerns', async () => {
    await redis.set(roomListKey(bob.id), 'stale');
    await redis.set(roomListKey(ann.id), 'stale');
    await group();
    expect(await redis.mget(roomListKey(ann.id))).to.deep.equal([null]);
    expect(await redis.mget(roomListKey(bob.id))).to.deep.equal([null]);
    expect(Number(await redis.get(roomListEpochKey(bob.id)))).to.be.greaterThan(0);
  });
});

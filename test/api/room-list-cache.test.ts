import { expect } from 'chai';
import { Redis } from 'ioredis';
import type { RoomListAnswer } from '../../shared/node/internal.ts';
import { ListDigest } from '../../shared/node/list-digest.ts';
import { roomListKey } from '../../shared/node/keys.ts';
import { decodeRoomList } from '../../shared/node/room-list.ts';
import type { Message, Room } from '../../shared/wire/rest.ts';
import type { Account, ApiNode } from '../support/api-node.ts';
import { useScene } from '../support/scene.ts';

describe('the cached room list', () => {
  let api: ApiNode;
  let redis: Redis;
  let ann: Account;
  let room: string;
  useScene((scene) => {
    ({ api } = scene);
    redis = new Redis(scene.servers.redisUrl);
  });
  after(() => redis?.disconnect());
  beforeEach(async () => {
    ann = await api.register('ann');
    const body = { type: 'group', name: 'Cached' };
    room = (await api.call<Room>('POST', '/rooms', { token: ann.token, body })).body.id;
    await api.internal('/room-lists', { users: { [ann.id]: [] } });
  });

  const cached = async (): Promise<number | undefined> =>
    decodeRoomList((await redis.get(roomListKey(ann.id))) ?? '')?.[room]?.[0];
  const say = async (): Promise<number> => {
    const body = { clientId: 'c', text: 'hello' };
    return (await api.call<Message>('POST', `/rooms/${room}/messages`, { token: ann.token, body })).body.seq;
  };

  it('stays when its user reads, and tells the new cursor, which never moves back', async () => {
    const seq = await say();
    expect(await cached()).to.be.lessThan(seq);
    for (const read of [seq, 1]) {
      await api.internal('/cursors', { cursors: [{ user: ann.id, room, read }] });
      expect(await cached()).to.equal(seq);
    }
    expect(await redis.ttl(roomListKey(ann.id))).to.be.within(1, 600);
  });

  it('is not made where there is none, and ends where it is no list', async () => {
    const seq = await say();
    for (const text of [undefined, 'no list']) {
      await redis.del(roomListKey(ann.id));
      if (text !== undefined) await redis.set(roomListKey(ann.id), text);
      await api.internal('/cursors', { cursors: [{ user: ann.id, room, read: seq }] });
      expect(await redis.get(roomListKey(ann.id))).to.equal(null);
    }
  });

  it('is not sent to a gateway that holds it, as its digest tells', async () => {
    type Answer = { users: Record<string, RoomListAnswer> };
    const read = async (digest?: string): Promise<RoomListAnswer | undefined> => {
      const digests = digest === undefined ? {} : { digests: { [ann.id]: digest } };
      return (await api.internal<Answer>('/room-lists', { users: { [ann.id]: [] }, ...digests })).users[
        ann.id
      ];
    };
    const digestOf = (rooms: RoomListAnswer['rooms']): string => {
      const digest = new ListDigest();
      for (const [id, row] of Object.entries(rooms ?? {})) digest.add(id, ...row);
      return digest.toString();
    };
    const { rooms } = (await read()) ?? {};
    expect(Object.keys(rooms ?? {})).to.deep.equal([room]);
    expect(await read(digestOf(rooms))).to.deep.equal({ ended: [] });
    expect((await read('0123456789abcdef'))?.rooms).to.deep.equal(rooms);
    await api.call<Room>('POST', '/rooms', { token: ann.token, body: { type: 'group', name: 'Another' } });
    expect(Object.keys((await read(digestOf(rooms)))?.rooms ?? {})).to.have.length(2);
  });

  it('goes when its user enters a room', async () => {
    const body = { type: 'group', name: 'Another' };
    await api.call<Room>('POST', '/rooms', { token: ann.token, body });
    expect(await redis.get(roomListKey(ann.id))).to.equal(null);
  });
});

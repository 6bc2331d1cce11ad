import { expect } from 'chai';
import type { RoomCache } from '../../../shared/sdk/index.ts';
import type { FakeRoom } from '../../support/fake-rooms.ts';
import type { UserSummary } from '../../../shared/wire/rest.ts';
import { Visits } from './visits.ts';
import { eventually, isOnline, shows, texts, until, usePlans, type World } from './world.ts';

describe('What was last seen', () => {
  let world: World;
  let ada: UserSummary;
  let bob: UserSummary;
  let room: FakeRoom;
  let visits: Visits;

  usePlans((scene) => ({ world, ada, bob, room } = scene));
  beforeEach(() => {
    for (const text of ['one', 'two', 'three']) room.post(bob, text, text);
    visits = new Visits(world);
  });

  const keptTexts = async (): Promise<readonly string[]> =>
    (await visits.cache.open(ada.id)).rooms.flatMap(({ log }) => log?.messages.map(({ text }) => text) ?? []);
  const kept = (...expected: readonly string[]): Promise<void> =>
    eventually(async () => JSON.stringify(await keptTexts()) === JSON.stringify(expected));
  /** A first visit that ends with all of the room in the cache. */
  const visit = async (): Promise<void> => {
    const client = await visits.begin();
    await kept('one', 'two', 'three');
    client.close();
  };

  /** To a backup of before the second message, behind which another one was sent. */
  const setBack = (): void => {
    room.log.splice(1);
    for (const seq of [2, 3]) room.messages.delete(seq);
    room.post(bob, 'another', 'another two');
  };

  it('is read ahead and kept although nobody opened the room', visit);

  it('is shown while the server is away: the list, and the messages of each room', async () => {
    await visit();
    visits.isAway = true;
    const client = await visits.again();
    expect(client.rooms.get().map(({ name }) => name)).to.deep.equal(['plans']);
    const handle = client.room(room.id);
    await handle.open();
    expect(texts(handle)).to.deep.equal(['one', 'two', 'three']);
    expect(handle.timeline.get().loading).to.equal(false);
  });

  it('is shown in a room that was opened before it could be read', async () => {
    await visit();
    visits.isAway = true;
    const slow: RoomCache = {
      ...visits.cache,
      open: async (user) => {
        await new Promise((resolve) => setTimeout(resolve, 200));
        return visits.cache.open(user);
      },
    };
    const client = visits.resume({ cache: slow });
    const handle = client.room(room.id);
    void handle.open().catch(() => undefined);
    await shows(handle, ['one', 'two', 'three']);
    room.post(bob, 'four', 'four');
    await visits.comeBack(client);
    await shows(handle, ['one', 'two', 'three', 'four']);
  });

  it('goes on with the log once the server is back: new ones, edits and deletions', async () => {
    await visit();
    visits.isAway = true;
    const client = await visits.again();
    const handle = client.room(room.id);
    await handle.open();
    room.edit(2, { text: 'two, mended' });
    room.post(bob, 'four', 'four');
    room.edit(1, { text: '', deletedAt: new Date().toISOString() });
    const pages = world.server.calls.filter((call) => call.includes('/messages')).length;
    await visits.comeBack(client);
    await shows(handle, ['', 'two, mended', 'three', 'four']);
    expect(world.server.calls.filter((call) => call.includes('/messages')).length).to.equal(pages);
  });

  it('is thrown away and read anew when too much happened since', async () => {
    await visit();
    for (let n = 0; n < 600; n += 1) room.post(bob, `n${n}`, `n${n}`);
    const client = await visits.again();
    const handle = client.room(room.id);
    await isOnline(client);
    await handle.open();
    await until(handle.timeline, ({ items }) => items.at(-1)?.message.text === 'n599');
    const seqs = handle.timeline.get().items.map(({ message }) => ('seq' in message ? message.seq : 0));
    expect(seqs.every((seq, at) => at === 0 || seq === (seqs[at - 1] ?? 0) + 1)).to.equal(true);
  });

  it('is thrown away when the server was set back to before it', async () => {
    await visit();
    room.log.pop();
    room.messages.delete(3);
    room.post(bob, 'another', 'another three');
    room.log.pop();
    const client = await visits.again();
    await isOnline(client);
    const handle = client.room(room.id);
    room.log.push({ seq: 3, kind: 'message' });
    await handle.open();
    await shows(handle, ['one', 'two', 'another three']);
  });

  it('does not come back at the next visit once the server was set back', async () => {
    await visit();
    setBack();
    const second = await visits.again();
    await isOnline(second);
    await kept('one', 'another two');
    const isNow = (text: string | undefined, head: number): boolean => text === 'another two' && head === 2;
    await until(second.rooms, ([first]) => first !== undefined && isNow(first.lastMessage?.text, first.head));
  });

  it('gives way in an open page, too, where the server comes back set back', async () => {
    const client = await visits.begin();
    const handle = client.room(room.id);
    await handle.open();
    const stop = handle.timeline.subscribe(() => undefined);
    await shows(handle, ['one', 'two', 'three']);
    handle.markRead();
    await eventually(() => room.members.get(ada.id)?.readSeq === 3);
    setBack();
    room.members.get(ada.id)!.readSeq = 1;
    world.server.drop(1006);
    await shows(handle, ['one', 'another two']);
    await until(client.rooms, ([first]) => first?.me.unread === 1);
    world.server.post(room, bob, 'another three');
    await shows(handle, ['one', 'another two', 'another three']);
    await until(client.rooms, ([first]) => first?.me.unread === 2);
    stop();
  });

  it('is gone after signing out', async () => {
    const client = await visits.begin();
    await kept('one', 'two', 'three');
    await client.logout();
    expect((await visits.cache.open(ada.id)).rooms).to.deep.equal([]);
  });

  it('of a room is gone when one is removed from it, also while away', async () => {
    await visit();
    room.members.delete(ada.id);
    const client = await visits.again();
    await isOnline(client);
    await eventually(() => client.rooms.get().length === 0);
    await kept();
    expect((await visits.cache.open(ada.id)).rooms).to.deep.equal([]);
  });

  it('is of one person only: another who signs in finds nothing of it', async () => {
    await visit();
    expect((await visits.cache.open(bob.id)).rooms).to.deep.equal([]);
    expect((await visits.cache.open(ada.id)).rooms).to.deep.equal([]);
  });

  it('is that of the latest active rooms, whichever were active at the visit before', async () => {
    const make = (n: number): void =>
      void world.server.addRoom(`room ${n}`, [ada, bob]).post(bob, `c${n}`, `in ${n}`);
    for (let n = 1; n <= 49; n += 1) make(n);
    const holds = (count: number, text: string): Promise<void> =>
      eventually(async () => {
        const found = (await visits.cache.open(ada.id)).rooms.filter(({ log }) => log !== undefined);
        const texts = found.flatMap(({ log }) => log?.messages.map((message) => message.text) ?? []);
        return found.length === count && texts.includes(text);
      });
    const first = await visits.begin();
    await holds(50, 'in 49');
    first.close();
    make(50);
    make(51);
    const second = await visits.again();
    await isOnline(second);
    await holds(50, 'in 50');
    await holds(50, 'in 51');
  });

  it('is done without where the cache fails', async () => {
    const fails = (): Promise<never> => Promise.reject(new Error('no disk'));
    const warned: string[] = [];
    const client = await world.online('ada', {
      ...{ storage: visits.storage, cache: { open: fails, write: fails, clear: fails } },
      warn: (message) => warned.push(message),
    });
    const handle = client.room(room.id);
    await handle.open();
    await shows(handle, ['one', 'two', 'three']);
    expect(warned).to.include('what was kept of the rooms could not be read');
  });
});

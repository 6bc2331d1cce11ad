import { expect } from 'chai';
import type { RoomHandle } from '../../../shared/sdk/index.ts';
import type { FakeRoom } from '../../support/fake-rooms.ts';
import type { Message, UserSummary } from '../../../shared/wire/rest.ts';
import { eventually, shows, texts, until, usePlans, type World } from './world.ts';

const messages = (handle: RoomHandle): Message[] =>
  handle.timeline.get().items.flatMap(({ message }) => ('seq' in message ? [message] : []));
const failure = (promise: Promise<void>): Promise<unknown> => promise.catch((error: unknown) => error);

describe('Changes to messages', () => {
  let world: World;
  let ada: UserSummary;
  let bob: UserSummary;
  let room: FakeRoom;

  usePlans((scene) => ({ world, ada, bob, room } = scene));

  const opened = async (username: string): Promise<RoomHandle> => {
    const handle = (await world.online(username)).room(room.id);
    await handle.open();
    return handle;
  };

  it('show with their answer, also when their frame is lost', async () => {
    world.server.post(room, ada, 'one');
    const handle = await opened('ada');
    world.server.onFrame = (frame) => (frame.type === 'change' ? 0 : 1);
    await handle.edit(1, 'two');
    expect(messages(handle)[0]).to.include({ text: 'two', rev: 2 }).and.have.property('editedAt');
    await handle.react(1, '👍', true);
    expect(messages(handle)[0]?.reactions).to.deep.equal({ '👍': { count: 1, users: [ada.id] } });
    await handle.react(1, '👍', false);
    expect(messages(handle)[0]?.reactions).to.deep.equal({});
    await handle.remove(1);
    expect(messages(handle)[0]).to.include({ text: '', rev: 5 }).and.have.property('deletedAt');
  });

  it('show at everybody else, and keep the row', async () => {
    world.server.post(room, ada, 'one');
    const [mine, theirs] = [await opened('ada'), await opened('bob')];
    const key = theirs.timeline.get().items[0]?.key;
    await mine.edit(1, 'two');
    await shows(theirs, ['two']);
    expect(theirs.timeline.get().items[0]?.key).to.equal(key);
  });

  it('never go back to an older state that comes late', async () => {
    world.server.post(room, ada, 'one');
    const handle = await opened('ada');
    const late = room.edit(1, { text: 'two' });
    const message = room.messages.get(1)!;
    await handle.edit(1, 'three');
    world.server.publish(room, { type: 'change', room: room.id, seq: late.seq, message });
    world.server.post(room, bob, 'done');
    await shows(handle, ['three', 'done']);
  });

  it('are tried again while the server is busy or a race was lost, as often as is sensible', async () => {
    world.server.post(room, ada, 'one');
    const handle = await opened('ada');
    const answers = [
      { status: 503, code: 'overloaded' },
      { status: 429, code: 'rate_limited' },
    ];
    world.server.onCall = (call) => (call.startsWith('PATCH') ? answers.shift() : undefined);
    await handle.edit(1, 'two');
    expect(texts(handle)).to.deep.equal(['two']);
    world.server.onCall = (call) =>
      call.startsWith('PUT') ? { status: 503, code: 'unavailable' } : undefined;
    const calls = world.server.calls.length;
    expect(await failure(handle.react(1, 'x', true))).to.include({ name: 'ApiError', code: 'unavailable' });
    expect(world.server.calls.length - calls).to.equal(4);
  });

  it('are not waited for longer than anybody looks on', async () => {
    world.server.post(room, ada, 'one');
    const handle = await opened('ada');
    world.server.onCall = (call) =>
      call.startsWith('DELETE') ? { status: 429, code: 'rate_limited', retryAfter: 60 } : undefined;
    expect(await failure(handle.remove(1))).to.include({ code: 'rate_limited', retryAfterMs: 60_000 });
    expect(texts(handle)).to.deep.equal(['one']);
  });

  it('reject with the reason when they are refused', async () => {
    const handle = await opened('ada');
    expect(await failure(handle.edit(7, 'x'))).to.include({ code: 'not_found', status: 404 });
    world.server.post(room, ada, 'one');
    world.server.onCall = (call) =>
      call.startsWith('PATCH') ? { status: 409, code: 'conflict' } : undefined;
    expect(await failure(handle.edit(1, 'x'))).to.include({ code: 'conflict' });
    expect(world.server.calls.filter((call) => call.startsWith('PATCH'))).to.have.length(2);
  });

  it('of messages that are not loaded show once those are', async () => {
    for (let i = 1; i <= 60; i += 1) room.post(bob, `c${i}`, `text ${i}`);
    const handle = await opened('ada');
    world.server.edit(room, 2, { text: 'changed' });
    world.server.post(room, bob, 'news');
    await until(handle.timeline, ({ items }) => items.length === 51);
    await handle.loadOlder();
    expect(texts(handle)).to.deep.equal(room.all().map(({ text }) => text));
    expect(texts(handle)[1]).to.equal('changed');
  });

  it('that delete what is unread lower the count, in rooms open or not', async () => {
    const client = await world.online('ada');
    for (const text of ['one', 'two', 'three']) world.server.post(room, bob, text);
    await until(client.rooms, ([first]) => first?.me.unread === 3);
    world.server.edit(room, 2, { text: '', deletedAt: new Date().toISOString() });
    await until(client.rooms, ([first]) => first?.me.unread === 2);
    await client.room(room.id).open();
    world.server.edit(room, 3, { text: '', deletedAt: new Date().toISOString() });
    await until(client.rooms, ([first]) => first?.me.unread === 1);
  });

  it('of one’s own message count as its acknowledgement', async () => {
    const handle = await opened('ada');
    world.server.onSend = () => 'lost';
    world.server.onFrame = (frame) => (frame.type === 'message' ? 0 : 1);
    handle.send('one');
    await until(handle.timeline, ({ items }) => items[0]?.state?.name === 'sending');
    await eventually(() => room.head === 1);
    world.server.edit(room, 1, { text: 'one', reactions: {} });
    await until(handle.timeline, ({ items }) => items[0]?.state?.name === 'sent');
    expect(handle.timeline.get().items).to.have.length(1);
  });
});

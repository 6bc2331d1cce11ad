import { expect } from 'chai';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStorage } from '../../../shared/node/file-storage.ts';
import { memoryStorage } from '../../../shared/sdk/index.ts';
import type { FakeRoom } from '../../support/fake-rooms.ts';
import { eventually, PATIENT, shows, states, texts, until, usePlans, type World } from './world.ts';

describe('The outbox', () => {
  let world: World;
  let room: FakeRoom;

  usePlans((scene) => ({ world, room } = scene));

  it('shows a message at once and follows it over sent and delivered to read', async () => {
    const client = await world.online('ada');
    const other = await world.online('bob');
    const handle = client.room(room.id);
    await handle.open();
    const key = handle.send('hello');
    expect([texts(handle), states(handle)]).to.deep.equal([['hello'], ['queued']]);
    await until(handle.timeline, () => states(handle)[0] === 'sent');
    expect(handle.timeline.get().items.map((item) => item.key)).to.deep.equal([key]);
    await other.room(room.id).open();
    await until(handle.timeline, () => states(handle)[0] === 'delivered');
    other.room(room.id).markRead();
    await until(handle.timeline, () => states(handle)[0] === 'read');
  });

  it('sends in order, one at a time per room, each behind the one before', async () => {
    const client = await world.online('ada', { timing: PATIENT });
    const handle = client.room(room.id);
    await handle.open();
    const sent = Array.from({ length: 20 }, (_, i) => `text ${i}`);
    for (const text of sent) handle.send(text);
    await until(handle.timeline, () => states(handle).every((state) => state === 'sent'));
    expect(room.all().map((message) => message.text)).to.deep.equal(sent);
    const afters = world.server.frames.flatMap((frame) => (frame.type === 'send' ? [frame.after] : []));
    expect(afters).to.deep.equal([undefined, ...sent.slice(1).map((_, i) => i + 1)]);
  });

  it('sends again under the same id when the answer is lost, and stores it once', async () => {
    const client = await world.online('ada');
    const handle = client.room(room.id);
    await handle.open();
    let lost = 2;
    world.server.onSend = () => (lost-- > 0 ? 'lost' : undefined);
    handle.send('hello');
    await until(handle.timeline, () => states(handle)[0] === 'sent');
    expect(room.all()).to.have.length(1);
    expect(world.server.frames.filter((frame) => frame.type === 'send')).to.have.length(3);
  });

  it('tries again when the server asks, and fails with the reason when it refuses', async () => {
    const client = await world.online('ada');
    const handle = client.room(room.id);
    await handle.open();
    const answers = [
      { code: 'overloaded', retry: true } as const,
      { code: 'forbidden', retry: false } as const,
    ];
    world.server.onSend = () => answers.shift();
    const key = handle.send('hello');
    const { items } = await until(handle.timeline, () => states(handle)[0] === 'failed');
    expect(items[0]?.state).to.deep.equal({
      name: 'failed',
      code: 'forbidden',
      reason: 'refused: forbidden',
    });
    handle.retry(key);
    await until(handle.timeline, () => states(handle)[0] === 'sent');
  });

  it('refuses by itself what a gateway would close for good at, and goes on behind it', async () => {
    const client = await world.online('ada');
    const handle = client.room(room.id);
    await handle.open();
    handle.send('x'.repeat(70_000));
    handle.send('hello');
    await until(handle.timeline, () => states(handle).join() === 'sent,failed');
    expect(room.all().map(({ text }) => text)).to.deep.equal(['hello']);
  });

  it('drops a failed message when told to', async () => {
    const client = await world.online('ada');
    const handle = client.room(room.id);
    await handle.open();
    world.server.onSend = () => ({ code: 'forbidden', retry: false });
    const key = handle.send('hello');
    await until(handle.timeline, () => states(handle)[0] === 'failed');
    handle.discard(key);
    await shows(handle, []);
  });

  it('survives a reload, bound to its user', async () => {
    const storage = memoryStorage();
    // On a busy machine the message would else be found over REST before the socket is there.
    const timing = { ...PATIENT, repairDelay: 60_000 };
    const first = await world.online('ada', { storage, timing });
    world.server.onSend = () => 'lost';
    world.server.onFrame = (frame) => (frame.type === 'message' ? 0 : 1);
    first.room(room.id).send('kept');
    await eventually(() => room.head === 1);
    first.close();
    world.server.onSend = () => undefined;
    await world.online('bob', { storage });
    expect(room.head).to.equal(1);
    const before = world.server.frames.filter(({ type }) => type === 'send').length;
    const second = await world.online('ada', { storage, timing });
    await eventually(() => world.server.frames.filter(({ type }) => type === 'send').length > before);
    await second.room(room.id).open();
    await until(second.room(room.id).timeline, () => states(second.room(room.id))[0] === 'sent');
    expect(room.all()).to.have.length(1);
  });

  it('survives a crash in Node, where it is kept in a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-outbox-'));
    const path = join(folder, 'state.json');
    const first = await world.online('ada', { storage: fileStorage(path) });
    world.server.onSend = () => ({ code: 'overloaded', retry: true });
    first.room(room.id).send('kept');
    // It is offered only once it is in the file; nothing is closed in order from here on.
    await eventually(() => world.server.frames.some(({ type }) => type === 'send'));
    world.server.onSend = () => undefined;
    const second = world.client({ storage: fileStorage(path) });
    await second.restore();
    await eventually(() => room.messages.size === 1);
    first.close();
    await rm(folder, { recursive: true });
    expect(room.messages.get(1)).to.include({ text: 'kept' });
  });

  it('goes over REST while no socket can be had', async () => {
    world.server.refuseSockets = true;
    const client = world.client();
    await client.login({ username: 'ada', password: 'secret-1' });
    const handle = client.room(room.id);
    await handle.open();
    handle.send('hello');
    await until(handle.timeline, () => states(handle)[0] === 'sent');
    expect(world.server.count(`POST /rooms/${room.id}/messages`)).to.equal(1);
  });

  it('sends everything once across lost sockets, lost answers and lost frames', async () => {
    const client = await world.online('ada');
    const other = await world.online('bob');
    const handles = [client.room(room.id), other.room(room.id)];
    for (const handle of handles) await handle.open();
    let n = 0;
    world.server.onSend = () => (++n % 7 === 0 ? 'lost' : undefined);
    world.server.onFrame = (frame) => (frame.type === 'ready' ? 1 : ++n % 5 === 0 ? 0 : n % 3 === 0 ? 2 : 1);
    for (let i = 0; i < 30; i += 1) {
      for (const [who, handle] of handles.entries()) handle.send(`${who}:${i}`);
      if (i % 10 === 5) world.server.drop(1006);
      await new Promise((resolve) => setImmediate(resolve));
    }
    await eventually(() => room.messages.size === 60);
    world.server.onFrame = () => 1;
    world.server.onSend = () => undefined;
    world.server.publish(room, { type: 'beat', rooms: { [room.id]: room.head } });
    for (const handle of handles) {
      await until(handle.timeline, ({ items }) => items.every((item) => !item.pending));
      await shows(
        handle,
        room.all().map((message) => message.text),
      );
    }
    for (const who of [0, 1]) {
      const mine = room.all().filter(({ text }) => text.startsWith(`${who}:`));
      expect(mine.map(({ text }) => text)).to.deep.equal(Array.from({ length: 30 }, (_, i) => `${who}:${i}`));
    }
  }).timeout(20_000);
});

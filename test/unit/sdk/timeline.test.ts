import { expect } from 'chai';
import type { FakeRoom } from '../../support/fake-rooms.ts';
import type { UserSummary } from '../../../shared/wire/rest.ts';
import { eventually, isOnline, shows, texts, until, usePlans, type World } from './world.ts';

describe('A timeline', () => {
  let world: World;
  let ada: UserSummary;
  let bob: UserSummary;
  let room: FakeRoom;

  usePlans((scene) => ({ world, ada, bob, room } = scene));

  it('shows each message once though frames come twice', async () => {
    const client = await world.online('ada');
    const handle = client.room(room.id);
    await handle.open();
    world.server.onFrame = () => 2;
    for (const text of ['one', 'two']) world.server.post(room, bob, text);
    await shows(handle, ['one', 'two']);
  });

  it('repairs a lost frame from the log', async () => {
    const client = await world.online('ada');
    const handle = client.room(room.id);
    await handle.open();
    world.server.onFrame = (frame) => (frame.type === 'message' && frame.seq === 1 ? 0 : 1);
    world.server.post(room, bob, 'one');
    world.server.post(room, bob, 'two');
    await shows(handle, ['one', 'two']);
    expect(world.server.count(`GET /rooms/${room.id}/log`)).to.equal(1);
  });

  it('repairs the last message when a beat tells of it', async () => {
    const client = await world.online('ada');
    const handle = client.room(room.id);
    await handle.open();
    world.server.onFrame = (frame) => (frame.type === 'message' ? 0 : 1);
    world.server.post(room, bob, 'one');
    world.server.sendTo(ada.id, { type: 'beat', rooms: { [room.id]: 1 } });
    await shows(handle, ['one']);
  });

  it('catches up with thousands missed and with changes of old messages', async () => {
    const client = await world.online('ada');
    const handle = client.room(room.id);
    world.server.post(room, bob, 'old');
    await handle.open();
    world.server.refuseSockets = true;
    world.server.drop(1006);
    await until(client.connection, ({ name }) => name !== 'online');
    for (let i = 1; i <= 1_000; i += 1) room.post(bob, `c${i}`, `missed ${i}`);
    room.edit(1, { text: 'old, edited' });
    room.addVoid();
    world.server.refuseSockets = false;
    await until(handle.timeline, ({ items }) => items.length === 1_001);
    await isOnline(client);
    expect(texts(handle)).to.deep.equal(room.all().map((message) => message.text));
  });

  it('pages back to the start and keeps unchanged rows the same objects', async () => {
    for (let i = 1; i <= 120; i += 1) room.post(bob, `c${i}`, `text ${i}`);
    const client = await world.online('ada');
    const handle = client.room(room.id);
    await handle.open();
    const newest = handle.timeline.get().items.at(-1);
    while (!handle.timeline.get().atStart) await handle.loadOlder();
    expect(handle.timeline.get().items).to.have.length(120);
    expect(handle.timeline.get().items.at(-1)).to.equal(newest);
  });

  it('jumps to what is far back, goes on from there both ways, and comes back to the newest', async () => {
    for (let i = 1; i <= 400; i += 1) room.post(bob, `c${i}`, `text ${i}`);
    const client = await world.online('ada');
    const handle = client.room(room.id);
    await handle.open();
    const seqs = (): number[] =>
      handle.timeline.get().items.map(({ message }) => ('seq' in message ? message.seq : 0));
    const hasNoHole = (): boolean => seqs().every((seq, i, all) => i === 0 || seq === (all[i - 1] ?? 0) + 1);
    await handle.jump(100);
    expect(handle.timeline.get().detached).to.equal(true);
    expect(seqs()).to.include(100).and.not.include(400);
    await handle.loadOlder();
    await handle.loadNewer();
    expect(hasNoHole()).to.equal(true);
    const held = seqs().length;
    world.server.post(room, bob, 'news');
    await until(handle.info, (info) => info?.lastMessage?.text === 'news');
    expect(seqs()).to.have.length(held);
    handle.leaveHistory();
    expect(handle.timeline.get().detached).to.equal(false);
    expect(texts(handle).at(-1)).to.equal('news');
    expect(hasNoHole()).to.equal(true);
    await handle.jump(100);
    expect(seqs(), 'without asking again').to.have.length(held);
    while (handle.timeline.get().detached) await handle.loadNewer();
    expect(hasNoHole()).to.equal(true);
    expect(texts(handle).at(-1)).to.equal('news');
  });

  it('begins with what was said last, though a long talk in a thread followed it', async () => {
    room.post(bob, 'root', 'Who comes?');
    for (let i = 1; i <= 600; i += 1) room.post(bob, `c${i}`, `reply ${i}`, { thread: 1 });
    const client = await world.online('ada');
    const handle = client.room(room.id);
    await handle.open();
    expect(texts(handle)).to.deep.equal(['Who comes?']);
  });

  it('shows what was said around a place, though nothing but replies stand there', async () => {
    room.post(bob, 'root', 'Who comes?');
    for (let i = 1; i <= 150; i += 1) room.post(bob, `c${i}`, `reply ${i}`, { thread: 1 });
    for (let i = 1; i <= 60; i += 1) room.post(bob, `d${i}`, `text ${i}`);
    const client = await world.online('ada');
    const handle = client.room(room.id);
    await handle.open();
    await handle.jump(75);
    expect(texts(handle)).to.include('Who comes?').and.not.include('text 60');
    expect(handle.timeline.get().detached).to.equal(true);
  });

  it('keeps asking, slowly, when a hole never closes', async () => {
    const client = await world.online('ada', { timing: { repairSlow: 60_000 } });
    await client.room(room.id).open();
    world.server.onCall = (call) =>
      call.endsWith('/log') ? ({ messages: [], changed: [], to: 0, head: 5 } as never) : undefined;
    world.server.sendTo(ada.id, { type: 'gap', room: room.id, from: 1, to: 5 });
    await eventually(() => world.server.count(`GET /rooms/${room.id}/log`) > 20);
    const asked = world.server.count(`GET /rooms/${room.id}/log`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(world.server.count(`GET /rooms/${room.id}/log`)).to.equal(asked);
  });

  it('loads by itself after a reconnect when opening failed', async () => {
    world.server.post(room, bob, 'one');
    const client = await world.online('ada');
    const handle = client.room(room.id);
    world.server.onCall = (call) =>
      call.endsWith('/messages') ? { status: 503, code: 'unavailable' } : undefined;
    await handle.open().catch(() => undefined);
    expect(handle.timeline.get().error).to.be.a('string');
    world.server.onCall = () => undefined;
    world.server.drop(1006);
    await shows(handle, ['one']);
    await until(handle.timeline, ({ error }) => error === undefined);
  });

  it('shows who types, until they are done', async () => {
    const client = await world.online('ada');
    const other = await world.online('bob');
    const handle = client.room(room.id);
    await handle.loadMembers();
    other.room(room.id).setTyping();
    expect(await until(handle.typing, (users) => users.length > 0)).to.deep.equal([bob]);
    await until(handle.typing, (users) => users.length === 0);
  });
});

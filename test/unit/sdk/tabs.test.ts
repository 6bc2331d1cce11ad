import { expect } from 'chai';
import { memoryStorage } from '../../../shared/sdk/index.ts';
import type { FakeRoom } from '../../support/fake-rooms.ts';
import type { UserSummary } from '../../../shared/wire/rest.ts';
import { browser } from './one-browser.ts';
import { eventually, PATIENT, shows, states, texts, until, World } from './world.ts';

describe('Tabs that share a storage', () => {
  let world: World;
  let room: FakeRoom;
  let ada: UserSummary;

  beforeEach(async () => {
    world = new World();
    await world.open();
    ada = world.server.addUser('ada');
    room = world.server.addRoom('plans', [ada]);
  });
  afterEach(() => world.close());

  it('send what any of them queued, once, through the one that leads', async () => {
    const [storage, newTab] = [memoryStorage(), browser()];
    const leader = await world.online('ada', { storage, tabs: newTab(), timing: PATIENT });
    const other = await world.online('ada', { storage, tabs: newTab(), timing: PATIENT });
    const handles = [leader.room(room.id), other.room(room.id)];
    for (const handle of handles) await handle.open();
    handles[1]!.send('from the other');
    handles[0]!.send('from the leader');
    for (const handle of handles) await until(handle.timeline, () => states(handle).join() === 'sent,sent');
    expect(texts(handles[0]!)).to.deep.equal(texts(handles[1]!));
    expect(world.server.frames.filter((frame) => frame.type === 'send')).to.have.length(2);
  });

  it('take over when the leading tab closes', async () => {
    const [storage, newTab] = [memoryStorage(), browser()];
    const leader = await world.online('ada', { storage, tabs: newTab() });
    const other = await world.online('ada', { storage, tabs: newTab() });
    await other.room(room.id).open();
    world.server.onSend = () => ({ code: 'overloaded', retry: true });
    leader.room(room.id).send('left behind');
    await shows(other.room(room.id), ['left behind']);
    leader.close();
    world.server.onSend = () => undefined;
    await eventually(() => room.head === 1);
    await until(other.room(room.id).timeline, () => states(other.room(room.id))[0] === 'sent');
    expect(room.messages.size).to.equal(1);
  });

  it('go on with what is next when another tab drops what is under way', async () => {
    const [storage, newTab] = [memoryStorage(), browser()];
    world.server.refuseSockets = true;
    // The first post gets its answer only when the test says so.
    let answer: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (answer = resolve));
    const slow: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (String(init?.body).includes('dropped')) await held;
      return response;
    };
    const leader = world.client({ storage, tabs: newTab(), fetch: slow });
    const other = world.client({ storage, tabs: newTab() });
    for (const client of [leader, other]) await client.login({ username: 'ada', password: 'secret-1' });
    const [here, there] = [leader.room(room.id), other.room(room.id)];
    const key = there.send('dropped');
    await until(here.timeline, () => states(here)[0] === 'sending');
    there.send('next');
    await until(here.timeline, () => texts(here).includes('next'));
    there.discard(key);
    await until(here.timeline, () => !texts(here).includes('dropped'));
    answer();
    await eventually(() => room.all().some(({ text }) => text === 'next'));
  });

  it('see a failure of what they queued', async () => {
    const [storage, newTab] = [memoryStorage(), browser()];
    await world.online('ada', { storage, tabs: newTab() });
    const other = await world.online('ada', { storage, tabs: newTab() });
    const handle = other.room(room.id);
    await handle.open();
    world.server.onSend = () => ({ code: 'forbidden', retry: false });
    handle.send('refused');
    await until(handle.timeline, () => states(handle)[0] === 'failed');
  });
});

import { expect } from 'chai';
import type { UserSummary } from '../../../shared/wire/rest.ts';
import type { FakeRoom } from '../../support/fake-rooms.ts';
import { eventually, World } from './world.ts';

describe('A frame that was sent too fast', () => {
  let world: World;
  let ada: UserSummary;
  let bob: UserSummary;
  let room: FakeRoom;

  beforeEach(async () => {
    world = new World();
    await world.open();
    [ada, bob] = [world.server.addUser('ada'), world.server.addUser('bob')];
    room = world.server.addRoom('plans', [ada, bob]);
  });
  afterEach(() => world.close());

  const refuse = (retryAfterMs: number, retry = true): void =>
    world.server.sendTo(ada.id, {
      type: 'error',
      code: retry ? 'rate_limited' : 'invalid',
      message: 'Too many frames.',
      retry,
      ...(retry ? { retryAfterMs } : {}),
    });
  const sent = (type: string) => world.server.frames.filter((frame) => frame.type === type);

  it('goes again when it told how far one has read or got', async () => {
    const client = await world.online('ada');
    const handle = client.room(room.id);
    await handle.open();
    const { seq } = world.server.post(room, bob, 'hello');
    await eventually(() => sent('got').length === 1);
    handle.markRead(seq);
    await eventually(() => sent('read').length === 1);
    refuse(20);
    await eventually(() => sent('read').length === 2 && sent('got').length === 2);
    expect(sent('read')).to.deep.equal(Array(2).fill({ type: 'read', room: room.id, seq }));
  });

  it('goes again when it told whom one watches, as it is by then', async () => {
    const client = await world.online('ada');
    client.watch([bob.id]);
    await eventually(() => sent('watch').length === 1);
    refuse(20);
    client.watch([bob.id, ada.id]);
    await eventually(() => sent('watch').length === 3);
    expect(sent('watch').at(-1)).to.deep.equal({ type: 'watch', users: [bob.id, ada.id] });
  });

  it('is let go where trying again cannot help', async () => {
    const client = await world.online('ada');
    const handle = client.room(room.id);
    await handle.open();
    const first = world.server.post(room, bob, 'one').seq;
    await eventually(() => sent('got').length === 1);
    handle.markRead(first);
    await eventually(() => sent('read').length === 1);
    refuse(0, false);
    const second = world.server.post(room, bob, 'two').seq;
    await eventually(() => handle.timeline.get().items.length === 2);
    handle.markRead(second);
    await eventually(() => sent('read').some((frame) => 'seq' in frame && frame.seq === second));
    expect(sent('read')).to.have.length(2);
  });
});

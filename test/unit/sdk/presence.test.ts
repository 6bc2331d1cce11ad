import { expect } from 'chai';
import type { ClientFrame, PresenceState } from '../../../shared/wire/protocol.ts';
import type { UserSummary } from '../../../shared/wire/rest.ts';
import { eventually, isOnline, until, World } from './world.ts';

describe('Presence in the engine', () => {
  let world: World;
  let bob: UserSummary;
  let ada: UserSummary;

  beforeEach(async () => {
    world = new World();
    await world.open();
    ada = world.server.addUser('ada');
    bob = world.server.addUser('bob');
  });
  afterEach(() => world.close());

  const sent = (type: ClientFrame['type']): ClientFrame[] =>
    world.server.frames.filter((frame) => frame.type === type);

  it('tells that nobody is at the device, once for each change, and again after each ready', async () => {
    const client = await world.online('ada');
    client.setAway(true);
    client.setAway(true);
    await eventually(() => sent('away').length === 1);
    world.server.drop(1006);
    await until(client.connection, ({ name }) => name !== 'online');
    await isOnline(client);
    await eventually(() => sent('away').length === 2);
    expect(sent('away')).to.deep.equal([
      { type: 'away', away: true },
      { type: 'away', away: true },
    ]);
    client.setAway(false);
    await eventually(() => sent('away').length === 3);
    expect(sent('away').at(-1)).to.deep.equal({ type: 'away', away: false });
  });

  it('says nothing after a ready while somebody is there', async () => {
    const client = await world.online('ada');
    client.setAway(true);
    await eventually(() => sent('away').length === 1);
    world.server.drop(1006);
    await until(client.connection, ({ name }) => name !== 'online');
    client.setAway(false);
    client.watch([bob.id]);
    await isOnline(client);
    await eventually(() => sent('watch').length === 1);
    expect(sent('away')).to.have.length(1);
  });

  it('holds what is told of whom it watches: online, away, gone; and nothing of others', async () => {
    const client = await world.online('ada');
    client.watch([bob.id]);
    const tell = (state: PresenceState): void =>
      world.server.sendTo(ada.id, { type: 'presence', users: [state] });
    const holds = (state: PresenceState): Promise<unknown> =>
      until(client.presence, (states) => JSON.stringify(states.get(state.user)) === JSON.stringify(state));
    for (const state of [
      { user: bob.id, online: true, away: true },
      { user: bob.id, online: true },
      { user: bob.id, online: false, lastSeen: '2026-11-21T12:00:00.000Z' },
    ] as const) {
      tell(state);
      await holds(state);
    }
    tell({ user: ada.id, online: true });
    tell({ user: bob.id, online: true });
    await holds({ user: bob.id, online: true });
    expect([...client.presence.get().keys()]).to.deep.equal([bob.id]);
  });
});

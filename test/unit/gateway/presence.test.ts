import { expect } from 'chai';
import { LeasePresence } from '../../../gateway/presence.ts';
import type { Leases } from '../../../gateway/presence-leases.ts';
import { textOf } from '../../../gateway/out-frame.ts';
import { type Device, User } from '../../../gateway/user.ts';
import type { PresenceFrame, PresenceState } from '../../../shared/wire/protocol.ts';
import { createLogger } from '../../../shared/node/logger.ts';
import { idOf } from '../../support/gateway-harness.ts';

const alice = idOf('a');

function make() {
  const state = {
    online: new Set<string>(),
    away: new Set<string>(),
    hidden: new Set<string>(),
    gateways: new Set(['g1', 'g2']),
    isGone: false,
    isSlow: false,
    isHidden: false,
    clock: 1_000_000,
  };
  const leases: Leases = {
    announce: async () => undefined,
    read: async () => {
      if (state.isGone) throw new Error('away');
      return {
        online: new Set(state.online),
        away: new Set(state.away),
        hidden: new Set(state.hidden),
        gateways: new Set(state.gateways),
      };
    },
    release: async () => undefined,
  };
  const heard: boolean[] = [];
  const told: PresenceState[] = [];
  const device: Device = {
    session: idOf('e'),
    isReady: true,
    backlog: 0,
    catchingUp: new Set(),
    isIn: () => false,
    sees: () => !state.isHidden,
    close: () => undefined,
    pushAll: () => undefined,
    push: (frame) => {
      if (state.isSlow) return false;
      const { users } = JSON.parse(textOf(frame).toString()) as PresenceFrame;
      told.push(...users);
      for (const user of users) heard.push(user.online);
      return true;
    },
  };
  const logged: string[] = [];
  const logger = createLogger({ name: 'test', level: 'silent' });
  logger.warn = () => void logged.push('warn');
  logger.info = () => void logged.push('info');
  const presence = new LeasePresence(leases, logger, () => state.clock);
  const read = async (after: number): Promise<boolean[]> => {
    state.clock += after;
    await presence.read();
    return heard;
  };
  return { state, presence, device, read, logged, told };
}

describe('gateway presence', () => {
  it('tells who came, and who went only after a while', async () => {
    const { state, presence, device, read } = make();
    presence.watch(device, [alice]);
    expect(await read(3_000)).to.deep.equal([]);
    state.online.add(alice);
    expect(await read(3_000)).to.deep.equal([true]);
    state.online.delete(alice);
    expect(await read(3_000)).to.deep.equal([true]);
    expect(await read(3_000)).to.deep.equal([true, false]);
  });

  it('gives users of a vanished gateway time to come back before it calls them offline, 30 s after the crash at most', async () => {
    const { state, presence, device, read } = make();
    state.online.add(alice);
    presence.watch(device, [alice]);
    await read(3_000);
    state.online.delete(alice);
    state.gateways.delete('g2');
    // The lease ends up to 15 s after the crash and is missed up to 3 s later.
    expect(await read(3_000)).to.deep.equal([true]);
    expect(await read(3_000)).to.deep.equal([true]);
    expect(await read(3_000)).to.deep.equal([true]);
    expect(await read(3_000)).to.deep.equal([true, false]);
  });

  it('calls nobody offline while Redis cannot be read', async () => {
    const { state, presence, device, read } = make();
    state.online.add(alice);
    presence.watch(device, [alice]);
    await read(3_000);
    state.isGone = true;
    await read(20_000);
    state.isGone = false;
    state.online.delete(alice);
    expect(await read(3_000)).to.deep.equal([true]);
  });

  it('says nothing when all users of a vanished gateway are back elsewhere', async () => {
    const { state, presence, device, read } = make();
    state.online.add(alice);
    presence.watch(device, [alice]);
    await read(3_000);
    state.gateways.delete('g2');
    for (let i = 0; i < 20; i++) expect(await read(3_000)).to.deep.equal([true]);
  });

  it('tells a slow reader later what was dropped', async () => {
    const { state, presence, device, read } = make();
    presence.watch(device, [alice]);
    state.isSlow = true;
    state.online.add(alice);
    expect(await read(3_000)).to.deep.equal([]);
    state.isSlow = false;
    expect(await read(3_000)).to.deep.equal([true]);
    expect(await read(3_000)).to.deep.equal([true]);
  });

  it('logs an outage once, and its end', async () => {
    const { state, presence, device, read, logged } = make();
    presence.watch(device, [alice]);
    state.isGone = true;
    for (let i = 0; i < 5; i++) await read(3_000);
    state.isGone = false;
    for (let i = 0; i < 5; i++) await read(3_000);
    expect(logged).to.deep.equal(['warn', 'info']);
  });

  describe('of who is at none of their devices', () => {
    it('is away, from the first word on', async () => {
      const { state, presence, device, read, told } = make();
      state.online.add(alice);
      state.away.add(alice);
      presence.watch(device, [alice]);
      await read(3_000);
      expect(told).to.deep.equal([{ user: alice, online: true, away: true }]);
    });

    it('is told once they are back, and again only after a while', async () => {
      const { state, presence, device, read, told } = make();
      const aways = (): boolean[] => told.map(({ away }) => away === true);
      state.online.add(alice);
      presence.watch(device, [alice]);
      await read(3_000);
      state.away.add(alice);
      await read(3_000);
      expect(aways(), 'the page they are at may be reloading').to.deep.equal([false]);
      await read(3_000);
      expect(aways()).to.deep.equal([false, true]);
      state.away.delete(alice);
      await read(3_000);
      expect(aways()).to.deep.equal([false, true, false]);
    });

    it('says nothing of it once they are offline, or hidden from the one who watches', async () => {
      const { state, presence, device, read, told } = make();
      state.online.add(alice);
      state.away.add(alice);
      presence.watch(device, [alice]);
      await read(3_000);
      state.online.delete(alice);
      await read(6_000);
      expect(told.at(-1)).to.include({ online: false }).and.not.have.property('away');
      state.online.add(alice);
      state.isHidden = true;
      await read(3_000);
      expect(told.at(-1)).to.deep.equal({ user: alice, online: false });
    });
  });

  it('tells when who went was here last, and of who hides meanwhile only that they are not here', async () => {
    const { state, presence, device, read, told } = make();
    state.online.add(alice);
    presence.watch(device, [alice]);
    await read(3_000);
    state.online.delete(alice);
    await read(6_000);
    expect(told.at(-1)).to.include({ online: false }).and.have.property('lastSeen');
    state.online.add(alice);
    await read(3_000);
    state.online.delete(alice);
    state.hidden.add(alice);
    await read(6_000);
    expect(told.at(-1)).to.deep.equal({ user: alice, online: false });
    state.hidden.delete(alice);
    const heard = told.length;
    await read(6_000);
    presence.review(device);
    expect(told.slice(heard), 'once they are gone').to.deep.equal([{ user: alice, online: false }]);
  });

  it('forgets whom nobody watches', async () => {
    const { state, presence, device, read } = make();
    presence.watch(device, [alice]);
    presence.watch(device, []);
    state.online.add(alice);
    expect(await read(3_000)).to.deep.equal([]);
    presence.onClosed(device);
  });
});

describe('a user with several devices', () => {
  const device = (): Device => ({}) as Device;

  it('is away when nobody is at any of them, and there while somebody is at one', () => {
    const user = new User(alice);
    const [desk, phone] = [device(), device()];
    user.devices.add(desk).add(phone);
    expect(user.isAway).to.equal(false);
    user.setAway(desk, true);
    expect(user.isAway).to.equal(false);
    user.setAway(phone, true);
    expect(user.isAway).to.equal(true);
    user.setAway(desk, false);
    expect(user.isAway).to.equal(false);
  });

  it('is away when the one they were at is gone, and not when another comes', () => {
    const user = new User(alice);
    const [desk, phone, other] = [device(), device(), device()];
    user.devices.add(desk).add(phone);
    user.setAway(desk, true);
    user.devices.delete(phone);
    expect(user.isAway).to.equal(true);
    user.devices.add(other);
    expect(user.isAway).to.equal(false);
  });
});

import { expect } from 'chai';
import { LeasePresence } from '../../../gateway/presence.ts';
import type { Leases } from '../../../gateway/presence-leases.ts';
import { textOf } from '../../../gateway/out-frame.ts';
import type { Device } from '../../../gateway/user.ts';
import { createLogger } from '../../../shared/node/logger.ts';
import { idOf } from '../../support/gateway-harness.ts';

const alice = idOf('a');

function make() {
  const state = {
    online: new Set<string>(),
    gateways: new Set(['g1', 'g2']),
    isAway: false,
    isSlow: false,
    clock: 1_000_000,
  };
  const leases: Leases = {
    announce: async () => undefined,
    read: async () => {
      if (state.isAway) throw new Error('away');
      return { online: new Set(state.online), gateways: new Set(state.gateways) };
    },
    release: async () => undefined,
  };
  const heard: boolean[] = [];
  const device: Device = {
    session: idOf('e'),
    isReady: true,
    backlog: 0,
    catchingUp: new Set(),
    isIn: () => false,
    sees: () => true,
    close: () => undefined,
    pushAll: () => undefined,
    push: (frame) => {
      if (state.isSlow) return false;
      const { users } = JSON.parse(textOf(frame).toString()) as { users: { online: boolean }[] };
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
  return { state, presence, device, read, logged };
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
    state.isAway = true;
    await read(20_000);
    state.isAway = false;
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
    state.isAway = true;
    for (let i = 0; i < 5; i++) await read(3_000);
    state.isAway = false;
    for (let i = 0; i < 5; i++) await read(3_000);
    expect(logged).to.deep.equal(['warn', 'info']);
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

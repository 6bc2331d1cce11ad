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
    close: () => undefined,
    push: (frame) => {
      const { users } = JSON.parse(textOf(frame).toString()) as { users: { online: boolean }[] };
      for (const user of users) heard.push(user.online);
    },
  };
  const logger = createLogger({ name: 'test', level: 'silent' });
  const presence = new LeasePresence(leases, logger, () => state.clock);
  const read = async (after: number): Promise<boolean[]> => {
    state.clock += after;
    await presence.read();
    return heard;
  };
  return { state, presence, device, read };
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

  it('waits 30 s before it calls users of a vanished gateway offline', async () => {
    const { state, presence, device, read } = make();
    state.online.add(alice);
    presence.watch(device, [alice]);
    await read(3_000);
    state.online.delete(alice);
    state.gateways.delete('g2');
    expect(await read(3_000)).to.deep.equal([true]);
    expect(await read(26_000)).to.deep.equal([true]);
    expect(await read(5_000)).to.deep.equal([true, false]);
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

  it('forgets whom nobody watches', async () => {
    const { state, presence, device, read } = make();
    presence.watch(device, [alice]);
    presence.watch(device, []);
    state.online.add(alice);
    expect(await read(3_000)).to.deep.equal([]);
    presence.onClosed(device);
  });
});

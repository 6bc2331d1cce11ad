import { expect } from 'chai';
import { Cursors } from '../../../gateway/cursors.ts';
import type { InternalCursor } from '../../../shared/node/internal.ts';
import { createLogger } from '../../../shared/node/logger.ts';
import { FakeCluster } from '../../support/fake-uplink.ts';
import { MemoryBroker } from '../../../shared/node/bus-memory.ts';
import { idOf } from '../../support/gateway-harness.ts';

describe('gateway cursors', () => {
  it('send before they stop what came while the last flush was under way', async () => {
    const uplink = new FakeCluster(new MemoryBroker().connect());
    const sent: InternalCursor[] = [];
    const answers: (() => void)[] = [];
    uplink.cursors = async (cursors) => {
      sent.push(...cursors);
      await new Promise<void>((resolve) => answers.push(resolve));
    };
    const cursors = new Cursors(uplink, createLogger({ name: 'test', level: 'silent' }));
    cursors.raise(idOf('a'), idOf('1'), 'read', 1);
    const flushing = cursors.flush();
    cursors.raise(idOf('a'), idOf('1'), 'read', 2);
    const stopped = cursors.stop();
    answers.shift()?.();
    await flushing;
    await new Promise((resolve) => setImmediate(resolve));
    answers.shift()?.();
    await stopped;
    expect(sent.map(({ read }) => read)).to.deep.equal([1, 2]);
  });
});

import { expect } from 'chai';
import { Invalidations } from '../../../api/services/invalidations.ts';
import { MemoryBroker } from '../../../shared/node/bus-memory.ts';
import { INVALIDATION_CHANNEL } from '../../../shared/node/keys.ts';
import { createLogger } from '../../../shared/node/logger.ts';

const logger = createLogger({ name: 'test', level: 'silent' });
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('invalidations between nodes', () => {
  async function node(broker: MemoryBroker) {
    const bus = broker.connect();
    const invalidations = new Invalidations({ bus, logger });
    const stale: string[] = [];
    let drops = 0;
    invalidations.on('user', { stale: (key) => stale.push(key), all: () => drops++ });
    await invalidations.start();
    drops = 0;
    return { bus, invalidations, stale, drops: () => drops };
  }

  it('reach the own node before the call ends, and the others', async () => {
    const broker = new MemoryBroker();
    const [a, b] = [await node(broker), await node(broker)];
    const sent = a.invalidations.send([
      ['user', 'u1'],
      ['room', 'r1'],
    ]);
    expect(a.stale).to.deep.equal(['u1']);
    await sent;
    await turn();
    expect(b.stale).to.deep.equal(['u1']);
  });

  it('reach the own node, and fail nobody, while Redis is away', async () => {
    const broker = new MemoryBroker();
    const a = await node(broker);
    broker.down();
    await a.invalidations.send([['user', 'u1']]);
    expect(a.stale).to.include('u1');
  });

  it('empty the caches when any may have been missed', async () => {
    const broker = new MemoryBroker();
    const a = await node(broker);
    broker.down();
    broker.up();
    await turn();
    expect(a.drops()).to.be.greaterThan(0);
  });

  it('ignore what no node sent', async () => {
    const broker = new MemoryBroker();
    const a = await node(broker);
    const stranger = broker.connect();
    for (const text of [
      '',
      'null',
      '{}',
      '["user"]',
      '[["user",1]]',
      '[["user","u","x"]]',
      `[["user","${'u'.repeat(65)}"]]`,
    ]) {
      await stranger.publish(INVALIDATION_CHANNEL, Buffer.from(text));
    }
    await turn();
    expect(a.stale).to.deep.equal([]);
  });
});

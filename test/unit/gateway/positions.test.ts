import { expect } from 'chai';
import { encodeEnvelope, encodeLogs, Kind } from '../../../shared/node/envelope.ts';
import { roomChannel } from '../../../shared/node/keys.ts';
import { idOf, testGateway, type TestGateway } from '../../support/gateway-harness.ts';

const [alice, room, other] = [idOf('a'), idOf('1'), idOf('2')] as const;

async function member() {
  const t = testGateway();
  t.cluster.join(alice, room);
  await t.cluster.post(room, 'first');
  const { socket } = await t.ready(alice);
  return { t, socket };
}

const lose = async (t: TestGateway, text: string): Promise<void> => {
  t.cluster.isSilent = true;
  await t.cluster.post(room, text);
  t.cluster.isSilent = false;
};

describe('gateway positions', () => {
  it('fetch what Redis lost within two checks, also the last message of a quiet room', async () => {
    const { t, socket } = await member();
    await lose(t, 'lost');
    await t.gateway.positions.check();
    await t.gateway.positions.check();
    await socket.until(() => socket.seqs().length > 0);
    expect(socket.seqs()).to.deep.equal([2]);
  });

  it('forward above a hole at once and fill it later, each number once', async () => {
    const { t, socket } = await member();
    await lose(t, 'lost');
    await t.cluster.post(room, 'live');
    await socket.until(() => socket.seqs().length === 1);
    expect(t.gateway.deps.hub.rooms.get(room)?.position).to.equal(1);
    await t.gateway.positions.check();
    await t.gateway.positions.check();
    await socket.until(() => socket.seqs().length === 2);
    expect(socket.seqs()).to.deep.equal([3, 2]);
    expect(t.gateway.deps.hub.rooms.get(room)?.position).to.equal(3);
  });

  it('take several numbers from one message of the bus, and what is whole of one that is cut short', async () => {
    const { t, socket } = await member();
    const frames = [2, 3, 4].map((seq) => ({
      seq,
      frame: JSON.stringify({ type: 'message', room, seq, text: `number ${seq}` }),
    }));
    const [all] = [...encodeLogs(room, frames)];
    await t.cluster.bus.publish(roomChannel(room), all!.bytes.subarray(0, -1));
    await socket.until(() => socket.seqs().length === 2);
    await t.cluster.bus.publish(roomChannel(room), all!.bytes);
    await socket.until(() => socket.seqs().length === 3);
    expect(socket.seqs()).to.deep.equal([2, 3, 4]);
    expect(t.gateway.deps.hub.rooms.get(room)?.position).to.equal(4);
  });

  it('do not forward a number twice', async () => {
    const { t, socket } = await member();
    await t.cluster.post(room, 'two');
    const [, frame = ''] = t.cluster.log_.get(room) ?? [];
    await t.cluster.bus.publish(roomChannel(room), encodeEnvelope(Kind.log, room, 2, frame));
    await t.cluster.post(room, 'three');
    await socket.until(() => socket.seqs().length >= 2);
    expect(socket.seqs()).to.deep.equal([2, 3]);
  });

  it('ask MongoDB while Redis is away, and one check suffices', async () => {
    const { t, socket } = await member();
    await lose(t, 'lost');
    t.cluster.isRedisAway = true;
    await t.gateway.positions.check();
    await socket.until(() => socket.seqs().length === 1);
  });

  it('ask MongoDB after Redis lost its counters, came back, or is another one', async () => {
    const doubts: readonly ((t: TestGateway) => void)[] = [
      (t) => t.cluster.counters_.clear(),
      (t) => t.cluster.counters_.set(room, 0),
      (t) => {
        t.broker.down();
        t.broker.up();
      },
      (t) => {
        t.cluster.redisRun = 'run-2';
      },
    ];
    for (const doubt of doubts) {
      const { t, socket } = await member();
      await t.gateway.positions.check();
      await lose(t, 'lost');
      doubt(t);
      await t.gateway.positions.check();
      await socket.until(() => socket.seqs().length === 1);
    }
  });

  it('survive an API that does not answer', async () => {
    const { t, socket } = await member();
    await lose(t, 'lost');
    t.cluster.isRedisAway = true;
    t.cluster.isApiAway = true;
    await t.gateway.positions.check();
    t.cluster.isApiAway = false;
    await t.gateway.positions.check();
    await socket.until(() => socket.seqs().length === 1);
  });

  it('ask once for a number that cannot be decided, and repair other rooms meanwhile', async () => {
    const { t, socket } = await member();
    t.cluster.join(alice, other);
    await t.gateway.deps.lists.refresh();
    const log = t.cluster.log.bind(t.cluster);
    const asked: string[] = [];
    t.cluster.log = (range) => {
      asked.push(range.room);
      return range.room === room ? new Promise(() => undefined) : log(range);
    };
    t.cluster.counters_.set(room, 9);
    for (let i = 0; i < 5; i++) await t.gateway.positions.check();
    expect(asked).to.deep.equal([room]);
    t.cluster.isSilent = true;
    await t.cluster.post(other, 'lost');
    await t.gateway.positions.check();
    await t.gateway.positions.check();
    await socket.until(() => socket.seqs().length === 1);
    expect(asked).to.deep.equal([room, other]);
  });

  it('ask MongoDB for a room whose counter is missing, also one without messages', async () => {
    const t = testGateway();
    t.cluster.join(alice, room);
    const { socket } = await t.ready(alice);
    t.cluster.counters_.clear();
    await lose(t, 'the first');
    t.cluster.counters_.clear();
    await t.gateway.positions.check();
    await socket.until(() => socket.seqs().length === 1);
    expect(t.cluster.counters_.get(room)).to.equal(1);
  });
});

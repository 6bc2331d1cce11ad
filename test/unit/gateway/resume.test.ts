import { expect } from 'chai';
import { idOf, testGateway } from '../../support/gateway-harness.ts';

const [alice, bob, room] = [idOf('a'), idOf('b'), idOf('1')] as const;

async function chat(messages: number) {
  const t = testGateway();
  t.cluster.join(alice, room);
  t.cluster.join(bob, room);
  const post = async (count: number) => {
    for (let i = 0; i < count; i++) await t.cluster.post(room, `${i}`);
  };
  await post(messages);
  return { ...t, post };
}

describe('gateway resume', () => {
  it('replays from memory what it forwarded itself, without asking anyone', async () => {
    const t = await chat(3);
    const witness = await t.ready(bob);
    await t.post(4);
    await witness.socket.until(() => witness.socket.seqs().length === 4);
    const { socket } = await t.ready(alice, { [room]: 4 });
    await socket.until(() => socket.seqs().length === 3);
    expect(socket.seqs()).to.deep.equal([5, 6, 7]);
    expect(t.cluster.calls).to.deep.equal([]);
  });

  it('still has position and ring for who comes back within the linger time', async () => {
    const t = await chat(3);
    const first = await t.ready(bob);
    first.session.onClosed();
    await t.gateway.subscriptions.sweep();
    await t.post(2);
    const { socket } = await t.ready(bob, { [room]: 3 });
    await socket.until(() => socket.seqs().length === 2);
    expect(t.cluster.calls).to.deep.equal([]);
  });

  it('lets go of rooms nobody needed for the linger time', async () => {
    const t = testGateway();
    t.cluster.join(alice, room);
    const { session } = await t.ready(alice);
    session.onClosed();
    t.clock += 15_001;
    await t.gateway.subscriptions.sweep();
    expect(t.gateway.deps.hub.rooms.size).to.equal(0);
    expect(t.gateway.subscriptions.size).to.equal(0);
  });

  it('fetches a small missing part once for all who wait', async () => {
    const t = await chat(10);
    const readers = await Promise.all(Array.from({ length: 5 }, () => t.ready(alice, { [room]: 4 })));
    for (const { socket } of readers) {
      await socket.until(() => socket.seqs().length === 6);
      expect(socket.seqs()).to.deep.equal([5, 6, 7, 8, 9, 10]);
    }
    expect(t.cluster.calls.filter((call) => call === 'log')).to.have.length(1);
  });

  it('says gap where more than 200 numbers are missing', async () => {
    const t = await chat(300);
    const { socket } = await t.ready(alice, { [room]: 1 });
    await socket.until(() => socket.ofType('gap').length > 0);
    expect(socket.ofType('gap')).to.deep.equal([{ type: 'gap', room, from: 2, to: 300 }]);
  });

  it('says gap where the API does not answer', async () => {
    const t = await chat(5);
    t.cluster.log = () => Promise.reject(new Error('away'));
    const { socket } = await t.ready(alice, { [room]: 1 });
    await socket.until(() => socket.ofType('gap').length > 0);
    expect(socket.ofType('gap')).to.deep.equal([{ type: 'gap', room, from: 2, to: 5 }]);
  });

  it('gives a room that was not named its head only', async () => {
    const t = await chat(5);
    const { socket } = await t.ready(alice, {});
    expect(socket.frames).to.have.length(1);
    await t.post(1);
    await socket.until(() => socket.frames.length === 2);
    expect(socket.seqs()).to.deep.equal([6]);
  });

  it('asks MongoDB for the head when the counter is missing or below what the client has', async () => {
    for (const counter of [undefined, 3]) {
      const t = await chat(5);
      if (counter === undefined) t.cluster.counters_.clear();
      else t.cluster.counters_.set(room, counter);
      const { socket } = await t.ready(alice, { [room]: 5 });
      expect(socket.frames[0]!['rooms']).to.deep.equal({ [room]: [5, 0, 1] });
      expect(t.cluster.calls).to.deep.equal(['heads']);
      expect(t.cluster.counters_.get(room)).to.equal(5);
    }
  });

  it('puts what arrives while ready is prepared behind it', async () => {
    const t = await chat(2);
    const counters = t.cluster.counters.bind(t.cluster);
    t.cluster.counters = async (rooms) => {
      const values = await counters(rooms);
      await t.post(1);
      return values;
    };
    const { socket } = await t.ready(alice, { [room]: 2 });
    await socket.until(() => socket.seqs().length > 0);
    expect(socket.frames[0]!.type).to.equal('ready');
    expect(new Set(socket.seqs())).to.deep.equal(new Set([3]));
  });

  it('sends ready, then what was missed, then what came meanwhile, each once', async () => {
    const t = await chat(3);
    const witness = await t.ready(bob);
    await t.post(2);
    await witness.socket.until(() => witness.socket.seqs().length === 2);
    const counters = t.cluster.counters.bind(t.cluster);
    t.cluster.counters = async (rooms) => {
      const values = await counters(rooms);
      await t.post(1);
      return values;
    };
    const { socket } = await t.ready(alice, { [room]: 3 });
    await socket.until(() => socket.seqs().length === 3);
    expect(socket.seqs()).to.deep.equal([4, 5, 6]);
  });

  it('shares one fetch among readers of different positions', async () => {
    const t = await chat(10);
    const log = t.cluster.log.bind(t.cluster);
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (open = resolve));
    t.cluster.log = async (range) => {
      await gate;
      return await log(range);
    };
    const first = await t.ready(alice, { [room]: 2 });
    const others = await Promise.all([5, 7, 9].map((seq) => t.ready(bob, { [room]: seq })));
    open();
    for (const [n, { socket }] of [first, ...others].entries()) {
      const from = [2, 5, 7, 9][n] ?? 0;
      await socket.until(() => socket.seqs().length === 10 - from);
      expect(socket.seqs()).to.deep.equal(Array.from({ length: 10 - from }, (_, i) => from + 1 + i));
    }
    expect(t.cluster.calls).to.deep.equal(['log']);
  });

  it('costs nothing when 500 readers come back who missed nothing', async () => {
    const t = await chat(3);
    for (let i = 0; i < 500; i++) {
      const user = i.toString(16).padStart(24, '0');
      t.cluster.join(user, room);
      await t.ready(user, { [room]: 3 });
    }
    expect(t.cluster.calls).to.deep.equal([]);
  });

  it('loses nothing for who drops again and again in the middle of it', async () => {
    const t = await chat(0);
    const witness = await t.ready(bob);
    let have = 0;
    for (let round = 0; round < 30; round++) {
      await t.post(3);
      const { session, socket } = await t.ready(alice, { [room]: have });
      await t.post(1);
      for (const seq of socket.seqs()) if (seq === have + 1) have = seq;
      session.onClosed();
    }
    const { socket } = await t.ready(alice, { [room]: have });
    await witness.socket.until(() => witness.socket.seqs().length === 120);
    await socket.until(() => socket.seqs().length === 120 - have);
    expect(socket.seqs()).to.deep.equal(Array.from({ length: 120 - have }, (_, i) => have + 1 + i));
  });

  it('says gap rather than overflow who comes back to many rooms at once', async () => {
    const t = testGateway();
    const rooms = Array.from({ length: 20 }, (_, i) => i.toString(16).padStart(24, '9'));
    for (const id of rooms) for (const user of [alice, bob]) t.cluster.join(user, id);
    await t.ready(bob);
    for (const id of rooms) for (let i = 0; i < 50; i++) await t.cluster.post(id, 'x'.repeat(2_000));
    const { socket } = await t.ready(alice, Object.fromEntries(rooms.map((id) => [id, 0])));
    expect(socket.closed).to.equal(undefined);
    expect(socket.ofType('gap').length).to.be.within(1, 19);
    expect(socket.seqs().length + socket.ofType('gap').length * 50).to.equal(1_000);
  });
});

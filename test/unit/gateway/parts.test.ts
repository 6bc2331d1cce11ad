import { expect } from 'chai';
import fc from 'fast-check';
import { Batcher } from '../../../gateway/batcher.ts';
import { Flusher } from '../../../gateway/flusher.ts';
import { controlFrame, outFrame, textOf } from '../../../gateway/out-frame.ts';
import { Outbox, OUTBOX_LIMITS } from '../../../gateway/outbox.ts';
import { Ring, RingBudget } from '../../../gateway/ring.ts';
import { Room } from '../../../gateway/room.ts';
import { MemorySocket } from '../../support/gateway-harness.ts';

const sized = (bytes: number, isSheddable = false) =>
  outFrame(Buffer.from(`"${'x'.repeat(bytes)}"`), isSheddable);

describe('gateway ring', () => {
  it('covers a range exactly when every number of it is there', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 30 })),
        fc.nat(30),
        fc.nat(30),
        (seqs, have, head) => {
          const ring = new Ring(new RingBudget(1e6));
          for (const seq of seqs) ring.add(seq, sized(1));
          const wanted = Array.from({ length: Math.max(0, head - have) }, (_, i) => have + 1 + i);
          expect(ring.covers(have, head)).to.equal(wanted.every((seq) => seqs.includes(seq)));
        },
      ),
    );
  });

  it('keeps 512 entries, the latest', () => {
    const ring = new Ring(new RingBudget(1e9));
    for (let seq = 1; seq <= 600; seq++) ring.add(seq, sized(1));
    expect(ring.size).to.equal(512);
    expect(ring.covers(88, 600)).to.equal(true);
    expect(ring.covers(87, 600)).to.equal(false);
  });

  it('stays within the bytes of all rings together by emptying the one that moved least lately', () => {
    const budget = new RingBudget(10_000);
    const [quiet, busy] = [new Ring(budget), new Ring(budget)];
    for (let seq = 1; seq <= 5; seq++) quiet.add(seq, sized(500));
    for (let seq = 1; seq <= 18; seq++) busy.add(seq, sized(500));
    expect(budget.bytes).to.be.at.most(10_000);
    expect(busy.size).to.equal(18);
    expect(quiet.size).to.be.lessThan(5);
  });
});

describe('gateway room', () => {
  it('moves its position only over numbers without a hole, in whatever order they come', () => {
    const order = fc.shuffledSubarray(Array.from({ length: 12 }, (_, i) => i + 4));
    fc.assert(
      fc.property(order, fc.boolean(), (seqs, isLate) => {
        const room = new Room('r', new RingBudget(1e6));
        if (!isLate) room.start(3);
        for (const seq of seqs) expect(room.accept(seq, sized(1), 0)).to.equal(true);
        if (isLate) room.start(3);
        let expected = 3;
        while (seqs.includes(expected + 1)) expected++;
        expect(room.position).to.equal(expected);
        for (const seq of seqs) expect(room.accept(seq, sized(1), 0)).to.equal(false);
      }),
    );
  });

  it('forwards what was in flight when the head was read', () => {
    const room = new Room('r', new RingBudget(1e6));
    room.start(5);
    expect(room.accept(5, sized(1), 0)).to.equal(true);
    expect(room.position).to.equal(5);
  });
});

describe('gateway outbox', () => {
  const make = () => {
    const socket = new MemorySocket();
    const closed: number[] = [];
    const owner = { onSlow: () => void closed.push(4008), onShed: () => undefined };
    const outbox = new Outbox(socket, new Flusher(), owner);
    return { socket, outbox, closed };
  };

  it('drops typing, presence and receipts first, then closes with 4008', () => {
    const { socket, outbox, closed } = make();
    socket.backlog = OUTBOX_LIMITS.shedBytes;
    outbox.push(sized(10, true));
    expect(outbox.backlog).to.equal(OUTBOX_LIMITS.shedBytes);
    outbox.push(sized(10));
    expect(outbox.backlog).to.be.greaterThan(OUTBOX_LIMITS.shedBytes);
    socket.backlog = OUTBOX_LIMITS.capBytes;
    outbox.push(sized(10, true));
    expect(closed).to.deep.equal([]);
    outbox.push(sized(10));
    outbox.push(sized(10));
    expect(closed).to.deep.equal([4008]);
  });

  it('is bounded while held, too', () => {
    const { outbox, closed } = make();
    for (let i = 0; i < 20; i++) outbox.push(sized(60_000));
    expect(closed).to.deep.equal([4008]);
  });

  it('puts what is released first before what waited', async () => {
    const { socket, outbox } = make();
    outbox.push(controlFrame({ type: 'pong' }));
    outbox.release([controlFrame({ type: 'beat' })]);
    await socket.until(() => socket.frames.length === 2);
    expect(socket.frames.map(({ type }) => type)).to.deep.equal(['beat', 'pong']);
    expect(socket.writes).to.equal(1);
  });
});

describe('gateway frames to clients', () => {
  it('carry their text behind a header of the right length', () => {
    for (const size of [0, 123, 124, 65_533, 65_534, 70_000]) {
      const frame = sized(size);
      expect(textOf(frame).length).to.equal(size + 2);
      expect(frame.wire.length).to.equal(frame.offset + size + 2);
    }
  });
});

describe('gateway batcher', () => {
  it('gathers what comes while requests are under way, and answers each its own', async () => {
    const batches: number[] = [];
    const batcher = new Batcher<number, number>({
      run: async (items) => {
        batches.push(items.length);
        await new Promise((resolve) => setImmediate(resolve));
        return items.map((item) => item * 2);
      },
      maxWeight: 10,
      maxInFlight: 1,
      maxQueued: 100,
    });
    const results = await Promise.all(Array.from({ length: 25 }, (_, i) => batcher.call(i)));
    expect(results).to.deep.equal(Array.from({ length: 25 }, (_, i) => i * 2));
    expect(batches).to.deep.equal([10, 10, 5]);
  });

  it('refuses with overloaded when too many wait', async () => {
    const batcher = new Batcher<number, number>({
      run: () => new Promise(() => undefined),
      maxWeight: 1,
      maxInFlight: 1,
      maxQueued: 2,
    });
    void batcher.call(1);
    void batcher.call(2);
    const error = await batcher.call(3).catch((reason: unknown) => reason);
    expect(error).to.include({ code: 'overloaded', retry: true });
  });

  it('rejects all of a batch that failed and goes on', async () => {
    let isFirst = true;
    const batcher = new Batcher<number, number>({
      run: async (items) => {
        if (!isFirst) return items;
        isFirst = false;
        throw new Error('failed');
      },
      maxWeight: 1,
      maxInFlight: 1,
      maxQueued: 10,
    });
    const outcomes = await Promise.allSettled([batcher.call(1), batcher.call(2)]);
    expect(outcomes.map(({ status }) => status)).to.deep.equal(['rejected', 'fulfilled']);
  });
});

import { expect } from 'chai';
import { pino } from 'pino';
import { MemoryCounter } from '../../../api/services/log/counter.ts';
import { Follower } from '../../../api/services/log/follower.ts';
import { Heads } from '../../../api/services/log/heads.ts';
import { HintWriter } from '../../../api/services/log/hints.ts';
import { realTime } from '../../../api/services/log/time.ts';
import { MemoryLogStore } from '../../../api/store/log-memory.ts';
import type { LogEntry } from '../../../api/store/log.ts';

const ROOM = 'a'.repeat(24);
const logger = pino({ level: 'silent' });

describe('deciding', () => {
  it('voids a number three seconds after it was first asked for, not before', async () => {
    const store = new MemoryLogStore();
    const counter = new MemoryCounter();
    counter.values.set(ROOM, 2);
    let now = 0;
    const published: number[] = [];
    const publisher = {
      publish: async (entries: readonly LogEntry[]) => void published.push(...entries.map((e) => e.seq)),
    };
    const heads = new Heads({ store, counter, publisher, logger, time: { ...realTime, now: () => now } });
    expect(await heads.look(ROOM)).to.deep.equal({ decided: 0, top: 2 });
    now = 2_999;
    expect((await heads.look(ROOM)).decided).to.equal(0);
    now = 3_000;
    expect((await heads.look(ROOM)).decided).to.equal(2);
    expect(published).to.deep.equal([1, 2]);
  });

  it('decides at once all that a node had under way when it died', async () => {
    const counter = new MemoryCounter();
    counter.values.set(ROOM, 2_000);
    let now = 0;
    const publisher = { publish: async () => undefined };
    const heads = new Heads({
      store: new MemoryLogStore(),
      counter,
      publisher,
      logger,
      time: { ...realTime, now: () => now },
    });
    await heads.look(ROOM);
    now = 3_000;
    expect(await heads.look(ROOM)).to.deep.equal({ decided: 2_000, top: 2_000 });
  });
});

describe('a deleted room', () => {
  class EmptiedStore extends MemoryLogStore {
    override async hints(): ReturnType<MemoryLogStore['hints']> {
      return new Map();
    }
  }

  it('has no head and gets no voids, whatever its counter says', async () => {
    const store = new EmptiedStore();
    const counter = new MemoryCounter();
    counter.values.set(ROOM, 2);
    let now = 0;
    const publisher = { publish: async () => undefined };
    const heads = new Heads({ store, counter, publisher, logger, time: { ...realTime, now: () => now } });
    const hints = new HintWriter({ store, heads, follower: new Follower({ store }), logger });
    hints.note({ id: 'm', room: ROOM, seq: 2, kind: 'text', at: new Date(), rev: 2 });
    await hints.flush();
    now = 4_000;
    expect(await heads.look(ROOM)).to.deep.equal({ decided: 0, top: 0 });
    await hints.close();
    expect(await store.range(ROOM, 1, 10, 10)).to.deep.equal([]);
  });
});

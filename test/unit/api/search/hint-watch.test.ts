import { expect } from 'chai';
import { pino } from 'pino';
import { MemoryCounter } from '../../../../api/services/log/counter.ts';
import { HintWatch } from '../../../../api/services/log/hint-watch.ts';
import { Log } from '../../../../api/services/log/index.ts';
import { MemoryLogStore } from '../../../../api/store/log-memory.ts';
import { NOWHERE } from '../../../support/nowhere.ts';
import { VirtualTime } from '../../../support/virtual-time.ts';

const ROOM = 'a'.repeat(24);

describe('the hint of a room whose writer died', () => {
  for (const [how, read] of [
    ['reads it', (log: Log) => log.head(ROOM)],
    ['is asked for its highest number', (log: Log) => log.highest(ROOM)],
  ] as const)
    it(`is raised by a node that ${how}`, async () => {
      const store = new MemoryLogStore();
      const time = new VirtualTime();
      const message = {
        room: ROOM,
        kind: 'text',
        sender: 'b'.repeat(24),
        at: new Date(),
        text: 'last',
      } as const;
      await store.insert([{ ...message, id: 'c'.repeat(24), seq: 1, rev: 1 }]);
      const names = { names: async () => new Map() };
      const logger = pino({ level: 'silent' });
      const log = new Log({ store, counter: new MemoryCounter(), bus: NOWHERE, names, logger, time });
      await read(log);
      await time.pass(2_500);
      expect((await store.hints([ROOM])).get(ROOM)?.lastSeq).to.equal(0);
      await time.pass(3_000);
      const hint = (await store.hints([ROOM])).get(ROOM);
      expect([hint?.lastSeq, hint?.lastMessage?.text]).to.deep.equal([1, 'last']);
    });

  it('is left to its writer for 3 seconds', () => {
    let now = 0;
    const watch = new HintWatch({ now: () => now });
    watch.saw(ROOM, 5);
    watch.saw('other', 7);
    watch.raised(ROOM, 5);
    watch.raised('other', 6);
    now = 2_999;
    expect(watch.take(10).size).to.equal(0);
    now = 3_000;
    expect([...watch.take(10)]).to.deep.equal([['other', 7]]);
    expect(watch.take(10).size).to.equal(0);
  });
});

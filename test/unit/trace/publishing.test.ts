import { Writable } from 'node:stream';
import { expect } from 'chai';
import { pino } from 'pino';
import { Log } from '../../../api/services/log/index.ts';
import { MemoryCounter } from '../../../api/services/log/counter.ts';
import { MemoryLogStore } from '../../../api/store/log-memory.ts';
import type { Bus } from '../../../shared/node/bus.ts';
import type { JournalLine } from '../../../shared/node/journal.ts';

const ROOM = '1'.repeat(24);
const ANN = 'a'.repeat(24);

/** A bus that can be away. */
class Line implements Bus {
  isUp = true;
  async publish(): Promise<void> {
    if (!this.isUp) throw new Error('away');
  }
  async subscribe(): Promise<void> {}
  async unsubscribe(): Promise<void> {}
  onMessage(): void {}
  onState(): void {}
  async close(): Promise<void> {}
}

describe('what an API node notes of its numbers', () => {
  it('tells those published at once from those that had to wait for Redis', async () => {
    const lines: ({ readonly msg: string } & Partial<JournalLine>)[] = [];
    const stream = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(JSON.parse(chunk.toString('utf8')) as (typeof lines)[number]);
        done();
      },
    });
    const bus = new Line();
    const names = { names: async () => new Map() };
    const log = new Log({
      store: new MemoryLogStore(),
      counter: new MemoryCounter(),
      bus,
      names,
      logger: pino({}, stream),
    });
    const send = (text: string) =>
      log.appender.append({ room: ROOM, kind: 'text', sender: ANN, clientId: text, text });
    const noted = () => lines.filter(({ msg }) => msg === 'numbers').map(({ rooms }) => rooms?.[ROOM]?.did);
    await send('one');
    log.journal.flush();
    bus.isUp = false;
    await send('two');
    log.journal.flush();
    expect(noted()).to.deep.equal([
      { stored: '1', published: '1' },
      { stored: '2', missed: '2' },
    ]);
    bus.isUp = true;
    await log.close();
    expect(noted().at(-1)).to.deep.equal({ late: '2' });
  });
});

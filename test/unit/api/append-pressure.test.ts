import { expect } from 'chai';
import { pino } from 'pino';
import { Log } from '../../../api/services/log/index.ts';
import { MemoryCounter } from '../../../api/services/log/counter.ts';
import type { Observer } from '../../../api/services/observer.ts';
import { UNOBSERVED } from '../../../api/services/observer.ts';
import { MemoryLogStore } from '../../../api/store/log-memory.ts';
import type { InsertOutcome, LogEntry } from '../../../api/store/log.ts';
import { NOWHERE } from '../../support/nowhere.ts';
import { VirtualTime } from '../../support/virtual-time.ts';

const ROOM = 'a'.repeat(24);
const ANN = 'b'.repeat(24);

/** A store whose inserts wait until it goes on. */
class HangingStore extends MemoryLogStore {
  isHanging = true;
  #waiting: (() => void)[] = [];

  override async insert(entries: readonly LogEntry[]): Promise<readonly InsertOutcome[]> {
    if (this.isHanging) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return super.insert(entries);
  }

  goOn(): void {
    this.isHanging = false;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}

describe('appending to a store that hangs', () => {
  function setup() {
    const time = new VirtualTime();
    const store = new HangingStore();
    const refused: string[] = [];
    const observer: Observer = { ...UNOBSERVED, refused: (why) => refused.push(why) };
    const log = new Log({
      ...{ store, time, observer, bus: NOWHERE },
      counter: new MemoryCounter(),
      names: { names: async () => new Map() },
      logger: pino({ level: 'silent' }),
    });
    const send = (clientId: string, text = 'hello'): Promise<number | string> =>
      log.appender.append({ room: ROOM, kind: 'text', sender: ANN, clientId, text }).then(
        ({ entry }) => entry.seq,
        (error: unknown) => String(Reflect.get(error as object, 'code')),
      );
    return { time, store, log, send, refused };
  }

  it('gives up what waits in the queue, refuses what comes, and stores what is under way once it goes on', async () => {
    const { time, store, log, send, refused } = setup();
    const early = Array.from({ length: 2_300 }, (_, i) => send(`early ${i}`));
    await time.pass(550);
    expect(log.appender.queued).to.be.greaterThan(0);
    expect(await send('late')).to.equal('overloaded');
    await time.pass(200);
    expect(log.appender.queued).to.equal(0);
    store.goOn();
    await time.pass(100);
    const answers = await Promise.all(early);
    const seqs = answers.filter((answer) => typeof answer === 'number');
    expect(answers.filter((answer) => answer === 'overloaded').length).to.equal(2_300 - seqs.length);
    expect(seqs.length).to.be.within(500, 2_000);
    const stored = await store.messages(ROOM, 1, Infinity, 1, 5_000);
    expect(stored.map(({ seq }) => seq)).to.have.members(seqs);
    expect(new Set(refused)).to.deep.equal(new Set(['age', 'waited']));
  });

  it('lets a notice wait', async () => {
    const { time, store, log, send } = setup();
    for (let i = 0; i < 2_300; i++) void send(`early ${i}`);
    await time.pass(100);
    const notice = log.notice(ROOM, ANN, { name: 'joined', users: [ANN] }, 'Ann joined');
    await time.pass(5_000);
    store.goOn();
    await time.pass(100);
    expect(await notice).to.be.a('number');
  });

  it('holds no more than 16 MiB of texts in its queue', async () => {
    const { time, log, send } = setup();
    const text = 'x'.repeat(8_000);
    const all = Array.from({ length: 5_000 }, (_, i) => send(`long ${i}`, text));
    await time.pass(0);
    expect(log.appender.queuedBytes).to.be.at.most(16 * 1024 * 1024);
    expect(log.appender.queued).to.be.below(700);
    await time.pass(800);
    expect(await all.at(-1)).to.equal('overloaded');
  });

  it('is drained when everything is answered', async () => {
    const { time, store, log, send } = setup();
    for (let i = 0; i < 2_300; i++) void send(`early ${i}`);
    let isDrained = false;
    void log.appender.drain().then(() => (isDrained = true));
    await time.pass(1_000);
    expect(isDrained).to.equal(false);
    store.goOn();
    await time.pass(100);
    expect(isDrained).to.equal(true);
    expect(log.appender.flights).to.equal(0);
  });
});

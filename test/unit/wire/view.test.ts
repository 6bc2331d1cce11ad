import { expect } from 'chai';
import fc from 'fast-check';
import type { LogPage, Message, MessagePage } from '../../../shared/wire/rest.ts';
import * as view from '../../../shared/wire/view.ts';
import { LogModel, textMessage, type Entry } from './log-model.ts';

const seqs = (state: view.RoomView): number[] => state.messages.map((message) => message.seq);

/** One reader of a model whose frames, pages and log answers are delivered when the schedule says so. */
class Reader {
  state = view.EMPTY_VIEW;
  readonly #model: LogModel;
  readonly #pages: { page: MessagePage; query: view.PageQuery }[] = [];
  readonly #logs: { log: LogPage; asked: view.Missing }[] = [];

  constructor(model: LogModel) {
    this.#model = model;
  }

  askPage(): void {
    const before = view.olderThan(this.state);
    if (before === undefined && this.state.ranges.length > 0) return;
    const query = before === undefined ? {} : { before };
    this.state = view.beginLoad(this.state);
    this.#pages.push({
      page: before === undefined ? this.#model.newest(3) : this.#model.before(before, 3),
      query,
    });
  }

  /** Pages anywhere below the decided head, as a jump to a message asks for them; ranges then stand apart. */
  askAfter(at: number): void {
    const after = Math.min(at, this.#model.head);
    this.state = view.beginLoad(this.state);
    this.#pages.push({ page: this.#model.after(after, 2), query: { after } });
  }

  askAround(at: number): void {
    const around = Math.min(at, this.#model.head);
    this.state = view.beginLoad(this.state);
    this.#pages.push({ page: this.#model.around(around, 2), query: { around } });
  }

  askBefore(at: number): void {
    const before = Math.min(at, this.#model.head + 1);
    this.state = view.beginLoad(this.state);
    this.#pages.push({ page: this.#model.before(before, 2), query: { before } });
  }

  see(seq: number): void {
    const message = this.#model.state(seq);
    if (message !== undefined) this.state = view.see(this.state, message);
  }

  answerPage(fails: boolean): void {
    const load = this.#pages.shift();
    if (load === undefined) return;
    this.state = fails ? view.abortLoad(this.state) : view.applyPage(this.state, load.page, load.query);
  }

  askLog(): void {
    const asked = view.missing(this.state);
    if (asked !== undefined) this.#logs.push({ log: this.#model.log(asked.after, 4), asked });
  }

  answerLog(): void {
    const answer = this.#logs.pop();
    if (answer !== undefined) this.state = view.applyLog(this.state, answer.log, answer.asked);
  }

  hear(seq: number): void {
    const fact = this.#model.facts.get(seq);
    if (fact !== undefined) this.state = view.hear(this.state, seq, fact.message);
  }

  finish(): void {
    while (this.#pages.length > 0) this.answerPage(false);
    while (this.#logs.length > 0) this.answerLog();
    if (this.state.ranges.length === 0) this.#openNewest();
    this.state = view.tell(this.state, this.#model.counter);
    for (let round = 0; view.missing(this.state) !== undefined && round < 100; round += 1) {
      this.askLog();
      this.answerLog();
    }
    // Pages from elsewhere only: as an engine would, the newest one is loaded too.
    if (!view.followsHead(this.state)) this.#openNewest();
  }

  #openNewest(): void {
    this.state = view.beginLoad(this.state);
    this.#pages.push({ page: this.#model.newest(3), query: {} });
    this.answerPage(false);
  }
}

const entry = (index: number): fc.Arbitrary<Entry> =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Entry>({ kind: 'message' }) },
    { weight: 1, arbitrary: fc.constant<Entry>({ kind: 'void' }) },
    { weight: 3, arbitrary: fc.nat({ max: index }).map((of): Entry => ({ kind: 'change', of })) },
  );
const entries = fc
  .integer({ min: 0, max: 25 })
  .chain((size) => fc.tuple(...Array.from({ length: size }, (_, i) => entry(i))));
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ name: fc.constant('decide' as const), at: fc.nat({ max: 3 }) }) },
  { weight: 8, arbitrary: fc.record({ name: fc.constant('hear' as const), at: fc.nat({ max: 30 }) }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant('askPage' as const) }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant('answerPage' as const), fails: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant('askLog' as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      name: fc.constantFrom('askAfter' as const, 'askAround' as const, 'askBefore' as const, 'see' as const),
      at: fc.integer({ min: 1, max: 26 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ name: fc.constant('answerLog' as const) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function take(reader: Reader, model: LogModel, next: Step): void {
  if (next.name === 'decide') model.decide(model.head + 1 + next.at);
  else if ('at' in next) reader[next.name](next.at);
  else if (next.name === 'answerPage') reader.answerPage(next.fails);
  else reader[next.name]();
}

describe("A room's view", () => {
  it('converges to the fresh read, whatever comes late, twice, out of order or not at all', () => {
    const schedule = fc.array(step, { maxLength: 120 });
    fc.assert(
      fc.property(entries, schedule, (log, steps) => {
        const model = new LogModel(log);
        const reader = new Reader(model);
        for (const next of steps) {
          take(reader, model, next);
          expect(seqs(reader.state)).to.deep.equal([...new Set(seqs(reader.state))].sort((a, b) => a - b));
        }
        for (let seq = 1; seq <= model.size; seq += 1) model.decide(seq);
        reader.finish();
        const { state } = reader;
        expect(state.known).to.equal(model.size);
        expect(view.followsHead(state)).to.equal(true);
        const isLoaded = ({ seq }: Message): boolean =>
          state.ranges.some(({ from, to }) => from <= seq && seq <= to);
        expect(state.messages).to.deep.equal(model.read(1).filter(isLoaded));
        expect(state.loads).to.equal(0);
        expect(state.kept).to.be.empty;
      }),
      { numRuns: 3_000 },
    );
  });

  it('never says that nothing is missing while a number below was neither heard nor read', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(Array.from({ length: 30 }, (_, i) => i + 1)), (heard) => {
        let state = view.applyPage(view.beginLoad(view.EMPTY_VIEW), {
          messages: [],
          head: 0,
          complete: [1, 0],
        });
        for (const seq of heard) state = view.hear(state, seq, textMessage(seq));
        const contiguous = Array.from({ length: 31 }, (_, i) => i + 1).findIndex(
          (seq) => !heard.includes(seq),
        );
        expect(state.known).to.equal(contiguous);
        expect(view.missing(state) === undefined).to.equal(contiguous === Math.max(0, ...heard));
        expect(seqs(state)).to.deep.equal([...heard].sort((a, b) => a - b));
      }),
    );
  });

  const loaded = (from: number, head: number): view.RoomView => {
    const messages = Array.from({ length: head - from + 1 }, (_, i) => textMessage(from + i));
    return view.applyPage(view.beginLoad(view.EMPTY_VIEW), { messages, head, complete: [from, head] });
  };

  it('takes its position from the first page only', () => {
    const state = view.applyPage(
      view.beginLoad(loaded(8, 10)),
      { messages: [textMessage(7)], head: 20, complete: [7, 7] },
      { before: 8 },
    );
    expect(state.known).to.equal(10);
    expect(view.missing(state)).to.deep.equal({ after: 10, told: 20 });
  });

  it('counts numbers heard before the first page', () => {
    let state = view.hear(view.beginLoad(view.EMPTY_VIEW), 11, textMessage(11));
    state = view.applyPage(state, { messages: [textMessage(10)], head: 10, complete: [10, 10] });
    expect(state.known).to.equal(11);
    expect(seqs(state)).to.deep.equal([10, 11]);
  });

  it('leaves out a change of a message outside the loaded ranges, but counts its number', () => {
    const state = view.hear(loaded(8, 10), 11, textMessage(3, { rev: 11 }));
    expect(seqs(state)).to.deep.equal([8, 9, 10]);
    expect(state.known).to.equal(11);
  });

  it('inserts a change of a message not held inside a loaded range', () => {
    const page = { messages: [textMessage(10)], head: 10, complete: [5, 10] as const };
    const state = view.hear(
      view.applyPage(view.beginLoad(view.EMPTY_VIEW), page),
      11,
      textMessage(7, { rev: 11 }),
    );
    expect(seqs(state)).to.deep.equal([7, 10]);
  });

  it('stops asking for numbers that were never given out', () => {
    const told = view.tell(loaded(8, 10), 15);
    const asked = view.missing(told);
    expect(asked).to.deep.equal({ after: 10, told: 15 });
    const state = view.applyLog(told, { messages: [], changed: [], to: 10, head: 10 }, asked!);
    expect(view.missing(state)).to.equal(undefined);
  });

  it('goes on asking for what it was told after it had asked', () => {
    const told = view.tell(loaded(8, 10), 15);
    const asked = view.missing(told)!;
    const state = view.applyLog(view.tell(told, 16), { messages: [], changed: [], to: 10, head: 10 }, asked);
    expect(view.missing(state)).to.deep.equal({ after: 10, told: 16 });
  });

  it('throws a page away when too much came while it was loading', () => {
    let state = view.beginLoad(loaded(9_000, 9_001));
    for (let rev = 9_002; rev < 14_100; rev += 1) state = view.hear(state, rev, textMessage(1, { rev }));
    state = view.applyPage(
      state,
      { messages: [textMessage(1)], head: 9_001, complete: [1, 8_999] },
      { before: 9_000 },
    );
    expect(view.olderThan(state)).to.equal(9_000);
    expect(seqs(state)).to.deep.equal([9_000, 9_001]);
    expect(state.overflowed).to.equal(false);
  });

  it('lets go of the oldest messages and can load them again', () => {
    const state = view.trim(loaded(1, 100), 80);
    expect(state.messages).to.have.length(60);
    expect(view.olderThan(state)).to.equal(41);
    expect(state.known).to.equal(100);
  });

  it('takes 10,000 messages one by one in well under a second', () => {
    let state = loaded(1, 1);
    const start = performance.now();
    for (let seq = 2; seq <= 10_000; seq += 1) state = view.hear(state, seq, textMessage(seq));
    expect(state.messages).to.have.length(10_000);
    expect(performance.now() - start).to.be.below(5_000);
  });
});

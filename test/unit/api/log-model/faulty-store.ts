import type {
  Following,
  InsertOutcome,
  LogEntry,
  LogPlace,
  LogStore,
  RoomHint,
} from '../../../../api/store/log.ts';
import type { Fate } from './fate.ts';
import { nameOf, type History } from './history.ts';
import { Fault, type Link } from './link.ts';

/** One node's way to the shared store. The history hears of everything that lands in it. */
export class FaultyStore implements LogStore {
  readonly #store: LogStore;
  readonly #link: Link;
  readonly #history: History;

  constructor(store: LogStore, link: Link, history: History) {
    this.#store = store;
    this.#link = link;
    this.#history = history;
  }

  insert(entries: readonly LogEntry[]): Promise<readonly InsertOutcome[]> {
    return new Promise((resolve, reject) => {
      const fate = this.#link.draw(`insert ${entries.map(nameOf).join(', ')}`);
      if (fate === undefined) return;
      if (fate.kind === 'done') {
        this.#link.later(fate.delay, () =>
          this.#link.answer(fate.answer, this.#land(entries), resolve, reject),
        );
        return;
      }
      const outcomes = this.#insertEach(entries, fate);
      if (fate.kind === 'failed')
        this.#link.later(fate.delay, () => this.#link.answer(0, Promise.all(outcomes), resolve, reject));
    });
  }

  at(room: string, seqs: readonly number[]) {
    return this.#link.call(`at ${seqs.join()}`, () => this.#store.at(room, seqs));
  }

  bySender(room: string, sender: string, clientId: string) {
    return this.#link.call('by sender', () => this.#store.bySender(room, sender, clientId));
  }

  among(places: readonly LogPlace[]) {
    return this.#link.call('among', () => this.#store.among(places));
  }

  range(room: string, from: number, to: number, limit: number) {
    return this.#link.call(`range ${from}-${to}`, () => this.#store.range(room, from, to, limit));
  }

  messages(room: string, from: number, to: number, order: 1 | -1, limit: number) {
    return this.#link.call(`messages ${from}-${to}`, () =>
      this.#store.messages(room, from, to, order, limit),
    );
  }

  pinned(room: string, limit: number) {
    return this.#link.call('pinned', () => this.#store.pinned(room, limit));
  }

  edits(room: string, of: number, limit: number) {
    return this.#link.call('edits', () => this.#store.edits(room, of, limit));
  }

  thread(room: string, root: number, to: number, limit: number) {
    return this.#link.call('thread', () => this.#store.thread(room, root, to, limit));
  }

  tallies(room: string, roots: readonly number[], head: number) {
    return this.#link.call('tallies', () => this.#store.tallies(room, roots, head));
  }

  countReplies(...query: Parameters<LogStore['countReplies']>) {
    return this.#link.call('replies', () => this.#store.countReplies(...query));
  }

  seqsAbove(room: string, seq: number, limit: number) {
    return this.#link.call(`seqs above ${seq}`, () => this.#store.seqsAbove(room, seq, limit));
  }

  highest(room: string) {
    return this.#link.call('highest', () => this.#store.highest(room));
  }

  hints(rooms: readonly string[]) {
    return this.#link.call('hints', () => this.#store.hints(rooms));
  }

  raiseHints(hints: ReadonlyMap<string, RoomHint>) {
    for (const [room, { lastSeq }] of hints) this.#history.complete(room, lastSeq, 'a hint');
    return this.#link.call('raise hints', () => this.#store.raiseHints(hints));
  }

  pending(rooms: readonly string[], limit: number) {
    return this.#link.call('pending', () => this.#store.pending(rooms, limit));
  }

  /** The real one is a list of updates: it may stop between them, here after the messages and before the marks. */
  follow(followings: readonly Following[]) {
    const halfway = this.#link.tape.next() % 5 === 4;
    return this.#link.call(halfway ? 'follow, halfway' : 'follow', async () => {
      if (!halfway) return this.#store.follow(followings);
      for (const { change, message } of followings) {
        if (message === undefined) continue;
        const { action: _, ...unmarked } = change;
        await this.#store.follow([{ change: { ...unmarked, id: 'none' }, message }]);
      }
      throw new Fault('stopped halfway');
    });
  }

  countUnread(...query: Parameters<LogStore['countUnread']>) {
    return this.#link.call('unread', () => this.#store.countUnread(...query));
  }

  deleteRoom(room: string) {
    return this.#link.call('delete room', () => this.#store.deleteRoom(room));
  }

  async #land(entries: readonly LogEntry[]): Promise<readonly InsertOutcome[]> {
    const outcomes = await this.#store.insert(entries);
    for (const [i, entry] of entries.entries()) if (outcomes[i] === 'stored') this.#history.land(entry);
    return outcomes;
  }

  /** An insert that did not simply succeed: each entry lands, at its own time, or does not; of some the caller hears. */
  #insertEach(entries: readonly LogEntry[], fate: Exclude<Fate, { kind: 'done' }>): Promise<InsertOutcome>[] {
    const mask = this.#link.tape.next();
    return entries.map((entry, i) => {
      const part = (mask >> (2 * i)) & 3;
      const effect = [fate.effect, 1, undefined, 1][part];
      if (effect === undefined) return Promise.resolve('unknown');
      return new Promise((resolve, reject) => {
        this.#link.later(effect, () => {
          const landing = this.#land([entry]);
          if (part === 3) landing.then(([outcome]) => resolve(outcome ?? 'unknown'), reject);
          else landing.catch(reject);
        });
        if (part !== 3) resolve('unknown');
      });
    });
  }
}

import { unavailable } from '../../../shared/node/errors.ts';
import type { Logger } from '../../../shared/node/logger.ts';
import type { InsertOutcome, LogEntry, LogStore } from '../../store/log.ts';
import { UNOBSERVED, type Observer } from '../observer.ts';
import { type Appended, type ChangeDraft, type Draft, Outrun, type Unnumbered } from './draft.ts';
import type { NumberedFrame } from './frames.ts';
import type { Numbers } from './numbers.ts';
import { MAX_BATCH_BYTES, Pace, weigh } from './pace.ts';
import { type Item, overloaded, toEntry } from './item.ts';
import { AppendQueue, type Queued } from './queue.ts';
import { realTime, type Time } from './time.ts';
import { insertVoids, newId } from './voids.ts';

/**
 * Batches on their way into the store at once. Few, because what queues behind them makes larger batches, and one of many
 * entries costs the store and this node far less than many of a few.
 */
const INSERTS = 1;
/** While enough wait for a batch that is worth its own trip. */
const MAX_INSERTS = 2;
const LARGE = 100;
/** Those included that are stored and being published. */
const MAX_FLIGHTS = 6;
/** ms between looks for entries that have waited too long. */
const EXPIRY = 50;
/** Numbers tried for one entry before the sender is told to come again. */
const MAX_ATTEMPTS = 8;
/** ms, times the attempt, at random: without a counter several nodes race for the same number, and must not stay in step. */
const RETRY_SPREAD = 10;

/**
 * Gets every entry this node decided, messages and voids, after it is stored; gives the frames they were published as, in
 * order, or none. Must not reject.
 */
type OnLanded = (entries: readonly LogEntry[]) => Promise<readonly NumberedFrame[]>;

/**
 * Writes messages into the log. One alone waits for nobody; what queues while batches are under way forms the next.
 * Per batch: one round trip for the numbers, one insert, one publish, then the answers: persist before publish,
 * publish before ack.
 */
export class Appender {
  readonly #store: LogStore;
  readonly #numbers: Numbers;
  readonly #onLanded: OnLanded;
  readonly #logger: Logger;
  readonly #time: Time;
  readonly #observer: Observer;
  readonly #queue = new AppendQueue<Item>();
  readonly #pace = new Pace();
  /** Room, sender and clientId of what is on its way: a concurrent retry on this node joins the first. */
  readonly #underway = new Map<string, Promise<Appended>>();
  #flights = 0;
  #inserts = 0;
  /** Entries that wait a moment before they take another number. */
  #retrying = 0;
  #scheduled = false;
  #isExpiring = false;
  #idle: (() => void)[] = [];

  constructor(deps: {
    readonly store: LogStore;
    readonly numbers: Numbers;
    readonly onLanded: OnLanded;
    readonly logger: Logger;
    readonly time?: Time;
    readonly observer?: Observer;
  }) {
    this.#observer = deps.observer ?? UNOBSERVED;
    this.#store = deps.store;
    this.#numbers = deps.numbers;
    this.#onLanded = deps.onLanded;
    this.#logger = deps.logger;
    this.#time = deps.time ?? realTime;
  }

  get queued(): number {
    return this.#queue.length;
  }

  get queuedBytes(): number {
    return this.#queue.bytes;
  }

  /** ms the oldest entry has waited for a batch. */
  get queueAge(): number {
    return this.#queue.age(this.#time.now());
  }

  /** Batches under way. */
  get flights(): number {
    return this.#flights;
  }

  /** Resolves once durable; rejects `overloaded` (not stored) or `unavailable` (the outcome is open: retry with the same clientId). */
  append(draft: Draft): Promise<Appended> {
    if (draft.clientId === undefined) return this.#enqueue(draft);
    const key = `${draft.room}:${draft.sender}:${draft.clientId}`;
    const first = this.#underway.get(key);
    if (first !== undefined) return first.then(({ entry }) => ({ entry, created: false }));
    const appended = this.#enqueue(draft);
    this.#underway.set(key, appended);
    const done = (): void => void this.#underway.delete(key);
    appended.then(done, done);
    return appended;
  }

  /** Resolves once durable; rejects `Outrun`, and otherwise as `append` does. */
  async appendChange(draft: ChangeDraft): Promise<LogEntry> {
    const { entry } = await this.#enqueue({ ...draft, after: draft.prev, pending: true });
    return entry;
  }

  /** Resolves when everything accepted so far is answered. */
  async drain(): Promise<void> {
    if (this.#isIdle()) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #isIdle(): boolean {
    return this.#queue.length === 0 && this.#flights === 0 && this.#retrying === 0;
  }

  #enqueue(draft: Unnumbered): Promise<Appended> {
    const place: Queued = {
      bytes: weigh(draft.text),
      since: this.#time.now(),
      isPatient: draft.kind === 'notice',
    };
    const refusal = this.#queue.refusal(place);
    if (refusal !== undefined) {
      this.#observer.refused(refusal);
      return Promise.reject(overloaded());
    }
    return new Promise((resolve, reject) => {
      const { bytes, since, isPatient } = place;
      this.#queue.push({ bytes, since, isPatient, draft, id: newId(), attempts: 0, resolve, reject });
      this.#schedule();
    });
  }

  /** In a microtask, so that all that one turn of the event loop brings shares a batch. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    queueMicrotask(() => {
      this.#scheduled = false;
      this.#pump();
    });
  }

  #pump(): void {
    while (this.#mayFly()) {
      const batch = this.#queue.take(this.#pace.size, MAX_BATCH_BYTES);
      this.#observer.batch(batch.length);
      this.#flights += 1;
      this.#inserts += 1;
      void this.#fly(batch).finally(() => {
        this.#flights -= 1;
        this.#pump();
        if (this.#isIdle()) for (const resolve of this.#idle.splice(0)) resolve();
      });
    }
    this.#expireLater();
  }

  #mayFly(): boolean {
    if (this.#queue.length === 0 || this.#flights >= MAX_FLIGHTS) return false;
    return this.#inserts < (this.#queue.length < LARGE ? INSERTS : MAX_INSERTS);
  }

  /** What is still in the queue is surely not stored: its sender hears of it while there is time to try elsewhere. */
  #expireLater(): void {
    if (this.#isExpiring || this.#queue.length === 0) return;
    this.#isExpiring = true;
    this.#time.after(EXPIRY, () => {
      this.#isExpiring = false;
      for (const item of this.#queue.expire(this.#time.now())) {
        this.#observer.refused('waited');
        item.reject(overloaded());
      }
      this.#expireLater();
    });
  }

  async #fly(batch: readonly Item[]): Promise<void> {
    try {
      await this.#write(batch);
    } catch (error) {
      this.#logger.warn({ err: error, count: batch.length }, 'a batch could not be stored');
      for (const item of batch) item.reject(unavailable('The message store', error));
    }
  }

  async #write(batch: readonly Item[]): Promise<void> {
    const { entries, outcomes, wasted } = await this.#insert(batch).finally(() => {
      // The next may go into the store while these are published.
      this.#inserts -= 1;
      this.#pump();
    });
    const landed: { item: Item; entry: LogEntry }[] = [];
    const rest: { item: Item; entry: LogEntry; outcome: InsertOutcome }[] = [];
    for (const [i, item] of batch.entries()) {
      const entry = entries[i];
      if (entry === undefined) continue;
      const outcome = outcomes[i] ?? 'unknown';
      if (outcome === 'stored') landed.push({ item, entry });
      else rest.push({ item, entry, outcome });
    }
    const settled = Promise.all([
      this.#void(wasted),
      ...rest.map((failed) => this.#settle(failed.item, failed.entry, failed.outcome)),
    ]);
    const frames = await this.#onLanded(landed.map(({ entry }) => entry));
    for (const [i, { item, entry }] of landed.entries())
      item.resolve({ entry, created: true, frame: frames[i]?.frame });
    await settled;
  }

  async #insert(batch: readonly Item[]): Promise<{
    readonly entries: readonly LogEntry[];
    readonly outcomes: readonly InsertOutcome[];
    readonly wasted: readonly { readonly room: string; readonly seq: number }[];
  }> {
    const begun = this.#time.now();
    const { seqs, wasted } = await this.#numbers.assign(
      batch.map(({ draft }) => ({ room: draft.room, after: draft.after })),
    );
    const entries = batch.map((item, i) => toEntry(item, seqs[i] ?? 0));
    const numbered = this.#time.now();
    const outcomes = await this.#store.insert(entries);
    const inserted = this.#time.now();
    this.#observer.took('numbers', numbered - begun);
    this.#observer.took('insert', inserted - numbered);
    this.#pace.learn(inserted - numbered);
    return { entries, outcomes, wasted };
  }

  /** An entry whose insert did not simply succeed: finds out what stands, frees its number, answers or tries again. */
  async #settle(item: Item, entry: LogEntry, outcome: InsertOutcome): Promise<void> {
    try {
      if (outcome === 'duplicate') return await this.#answerFirst(item, entry);
      if (outcome === 'conflict') return await this.#outrun(item, entry);
      if (outcome === 'taken') return await this.#taken(item, entry);
      const voided = await this.#void([entry]);
      if (voided === 'taken') return await this.#taken(item, entry);
      if (voided === 'unknown') return item.reject(unavailable('The message store'));
      this.#again(item);
    } catch (error) {
      item.reject(unavailable('The message store', error));
    }
  }

  /** Something stands at our number: this very entry (then it landed), or another's. */
  async #taken(item: Item, entry: LogEntry): Promise<void> {
    const [there] = await this.#store.at(entry.room, [entry.seq]);
    if (there?.id === entry.id) return this.#land(item, there);
    await this.#numbers.raiseToStored(entry.room);
    this.#again(item);
  }

  async #answerFirst(item: Item, entry: LogEntry): Promise<void> {
    const { room, sender = '', clientId = '' } = item.draft;
    const first = await this.#store.bySender(room, sender, clientId);
    if (first?.id === entry.id) return this.#land(item, first);
    await this.#void([entry]);
    if (first === undefined) return this.#again(item);
    item.resolve({ entry: first, created: false });
  }

  /** A change followed our change's state: this very one (then it landed), or another. */
  async #outrun(item: Item, entry: LogEntry): Promise<void> {
    const [there] = await this.#store.at(entry.room, [entry.seq]);
    if (there?.id === entry.id) return this.#land(item, there);
    await this.#void([entry]);
    item.reject(new Outrun('another change came first'));
  }

  async #land(item: Item, entry: LogEntry): Promise<void> {
    const [published] = await this.#onLanded([entry]);
    item.resolve({ entry, created: true, frame: published?.frame });
  }

  #again(item: Item): void {
    item.attempts += 1;
    if (item.attempts >= MAX_ATTEMPTS) return item.reject(unavailable('A place in the room'));
    this.#retrying += 1;
    const pause = this.#time.random() * RETRY_SPREAD * (item.attempts - 1);
    void this.#time.sleep(pause).then(() => {
      this.#retrying -= 1;
      this.#queue.unshift(item);
      this.#schedule();
    });
  }

  /** Voids numbers that came to nothing, and publishes that; the outcome of the last one. */
  async #void(
    numbers: readonly { readonly room: string; readonly seq: number }[],
  ): Promise<'voided' | 'taken' | 'unknown'> {
    const outcomes = await insertVoids(this.#store, numbers);
    const voids = outcomes.flatMap((outcome) => (outcome.kind === 'voided' ? [outcome.entry] : []));
    if (voids.length > 0) this.#observer.voided(voids.length);
    await this.#onLanded(voids);
    return outcomes.at(-1)?.kind ?? 'voided';
  }
}

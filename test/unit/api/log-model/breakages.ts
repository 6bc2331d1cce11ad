import type { Draft } from '../../../../api/services/log/draft.ts';
import { MemoryCounter } from '../../../../api/services/log/counter.ts';
import { MemoryLogStore } from '../../../../api/store/log-memory.ts';
import type { Following, InsertOutcome, LogEntry, LogStore } from '../../../../api/store/log.ts';
import type { Twins } from './world.ts';

/** The store, with some of its calls replaced. */
const over = (store: LogStore, some: Partial<LogStore>): LogStore =>
  new Proxy(store, {
    get: (target, name) => {
      const method: unknown = Reflect.get(some, name) ?? Reflect.get(target, name);
      return typeof method === 'function' ? method.bind(target) : method;
    },
  });

/** A store that lacks one of its unique indexes: what would meet it is stored. */
const withoutIndex = (index: InsertOutcome): Twins => ({
  makeStore: () =>
    new (class extends MemoryLogStore {
      protected override judge(entry: LogEntry, log: ReadonlyMap<number, LogEntry>): InsertOutcome {
        const outcome = super.judge(entry, log);
        return outcome === index ? 'stored' : outcome;
      }
    })(),
});

/** Inserts whose outcomes are told otherwise. */
const telling = (tell: (outcome: InsertOutcome, entry: LogEntry) => InsertOutcome): Twins => ({
  store: (store) =>
    over(store, {
      insert: async (entries) =>
        (await store.insert(entries)).map((outcome, i) => tell(outcome, entries[i]!)),
    }),
});

/** Inserts that got no answer count as failed: nobody voids their numbers. */
function neverVoiding(store: LogStore): LogStore {
  const open = new Set<string>();
  return over(store, {
    insert: async (entries) => {
      const isSkipped = entries.map((e) => e.kind === 'void' && open.has(`${e.room}${e.seq}`));
      const outcomes = [...(await store.insert(entries.filter((_, i) => isSkipped[i] !== true)))];
      return entries.map((entry, i) => {
        if (isSkipped[i] === true) return 'stored';
        const outcome = outcomes.shift() ?? 'unknown';
        if (outcome === 'unknown') open.add(`${entry.room}${entry.seq}`);
        return outcome;
      });
    },
  });
}

/** What the promise rests on, each taken away alone. */
export const BREAKAGES: Readonly<Record<string, Twins>> = {
  'a log whose numbers are not unique': withoutIndex('taken'),
  'a log without the index of clientIds': withoutIndex('duplicate'),
  'changes without the index of what they follow': withoutIndex('conflict'),
  'a head that counts numbers nobody has decided': {
    store: (store) =>
      over(store, {
        seqsAbove: async (room, seq, limit) => {
          const top = (await store.seqsAbove(room, seq, limit)).at(-1) ?? seq;
          return Array.from({ length: top - seq }, (_, i) => seq + 1 + i);
        },
      }),
  },
  'a hint above the head': {
    store: (store) =>
      over(store, {
        raiseHints: (hints) =>
          store.raiseHints(
            new Map([...hints].map(([room, hint]) => [room, { ...hint, lastSeq: hint.lastSeq + 1 }])),
          ),
      }),
  },
  'seeding that lowers a counter': {
    makeCounter: () =>
      new (class extends MemoryCounter {
        override async raise(room: string, value: number): Promise<void> {
          this.values.set(room, value);
        }
      })(),
  },
  'an insert without an answer that counts as failed, with no void in its place': { store: neverVoiding },
  'an insert without an answer that counts as stored': telling((outcome, { kind }) =>
    outcome === 'unknown' && kind !== 'void' ? 'stored' : outcome,
  ),
  'a void without an answer that counts as stored': telling((outcome, { kind }) =>
    outcome === 'unknown' && kind === 'void' ? 'stored' : outcome,
  ),
  'a change that lost against another and counts as stored': telling((outcome) =>
    outcome === 'conflict' ? 'stored' : outcome,
  ),
  'a send that does not say what it follows': {
    draft: ({ after: _, ...draft }: Draft) => draft,
  },
  'reads that do not apply what is pending': {
    store: (store) => over(store, { pending: async () => [] }),
  },
  'a message that follows a change whatever state it is in': {
    makeStore: () =>
      new (class extends MemoryLogStore {
        override async follow(all: readonly Following[]): Promise<void> {
          for (const { change, ...rest } of all) {
            const [there] = await this.at(change.room, [change.of ?? 0]);
            await super.follow([{ ...rest, change: { ...change, prev: there?.rev ?? 0 } }]);
          }
        }
      })(),
  },
  'a delete that leaves the texts of before': {
    store: (store) =>
      over(store, {
        follow: (all) =>
          store.follow(all.map(({ change: { action: _, ...change }, ...rest }) => ({ ...rest, change }))),
      }),
  },
};

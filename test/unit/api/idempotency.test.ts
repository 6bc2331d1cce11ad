import { expect } from 'chai';
import fc from 'fast-check';
import { pino } from 'pino';
import type { Appended } from '../../../api/services/log/draft.ts';
import { MemoryCounter } from '../../../api/services/log/counter.ts';
import { Log } from '../../../api/services/log/index.ts';
import { MemoryLogStore } from '../../../api/store/log-memory.ts';
import { NOWHERE } from '../../support/nowhere.ts';

const ROOM = 'a'.repeat(24);
const PEOPLE = ['b'.repeat(24), 'c'.repeat(24)];
const NODES = 3;
const logger = pino({ level: 'silent' });

const attempt = fc.record({
  who: fc.nat(PEOPLE.length - 1),
  message: fc.nat(3),
  node: fc.nat(NODES - 1),
  body: fc.nat(99),
});
/** Waves of sends at once; before a wave the counter may be lost, and every node may be a new one. */
const waves = fc.array(
  fc.record({
    sends: fc.array(attempt, { minLength: 1, maxLength: 12 }),
    isCounterLost: fc.boolean(),
    isRestarted: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);

describe('a clientId', () => {
  it('gives its first message and first body, whichever node is asked, at once or later', async () => {
    await fc.assert(
      fc.asyncProperty(waves, async (story) => {
        const store = new MemoryLogStore();
        const counter = new MemoryCounter();
        const deps = {
          store,
          counter,
          bus: NOWHERE,
          names: { names: async () => new Map() },
          logger,
          maxRooms: 1,
        };
        const start = () => Array.from({ length: NODES }, () => new Log(deps));
        let nodes = start();
        const answers = new Map<string, Appended[]>();
        for (const { sends, isCounterLost, isRestarted } of story) {
          if (isCounterLost) counter.values.clear();
          if (isRestarted) {
            await Promise.all(nodes.map((node) => node.close()));
            nodes = start();
          }
          await Promise.all(
            sends.map(async ({ who, message, node, body }) => {
              const [sender, clientId] = [PEOPLE[who]!, `m${message}`];
              const draft = { room: ROOM, kind: 'text', sender, clientId, text: `body ${body}` } as const;
              const appended = await nodes[node]!.appender.append(draft);
              const key = `${sender} ${clientId}`;
              answers.set(key, [...(answers.get(key) ?? []), appended]);
            }),
          );
        }
        await Promise.all(nodes.map((node) => node.close()));
        const stored = await store.messages(ROOM, 1, Infinity, 1, 1_000);
        expect(stored.map(({ sender, clientId }) => `${sender} ${clientId}`)).to.have.members([
          ...answers.keys(),
        ]);
        for (const [key, told] of answers) {
          const message = stored.find(({ sender, clientId }) => `${sender} ${clientId}` === key)!;
          for (const { entry } of told) expect(entry).to.deep.equal(message);
          expect(told.filter(({ created }) => created)).to.have.length(1);
        }
      }),
      { numRuns: 150 },
    );
  });
});

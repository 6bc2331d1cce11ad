import { expect } from 'chai';
import { pino } from 'pino';
import { Changes } from '../../../api/services/log/changes.ts';
import { MemoryCounter } from '../../../api/services/log/counter.ts';
import { Follower } from '../../../api/services/log/follower.ts';
import { Log } from '../../../api/services/log/index.ts';
import { realTime } from '../../../api/services/log/time.ts';
import { MemoryLogStore } from '../../../api/store/log-memory.ts';
import { NOWHERE } from '../../support/nowhere.ts';

const ROOM = 'a'.repeat(24);
const ANN = 'b'.repeat(24);
const BEYOND_ANY_SEARCH = 1_100;

/** A log whose hints are written when the test says so. */
function setup() {
  const due: (() => void)[] = [];
  const after = (_ms: number, run: () => void): (() => void) => {
    due.push(run);
    return () => undefined;
  };
  const store = new MemoryLogStore();
  const log = new Log({
    store,
    counter: new MemoryCounter(),
    bus: NOWHERE,
    names: { names: async () => new Map() },
    logger: pino({ level: 'silent' }),
    time: { ...realTime, after },
  });
  const writeHints = async (): Promise<void> => {
    for (const run of due.splice(0)) run();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { store, log, writeHints };
}

describe('the last message of a room', () => {
  for (const [how, action, text] of [
    ['deleted', { type: 'delete' }, ''],
    ['edited', { type: 'edit', text: 'public' }, 'public'],
  ] as const)
    it(`is shown as ${how} also where more numbers than a search covers stand above it`, async () => {
      const { store, log, writeHints } = setup();
      await log.appender.append({ room: ROOM, kind: 'text', sender: ANN, clientId: 'a', text: 'secret' });
      await writeHints();
      const at = new Date();
      await store.insert(
        Array.from({ length: BEYOND_ANY_SEARCH }, (_, i) => {
          const seq = i + 2;
          return { id: `v${seq}`, room: ROOM, seq, rev: seq, kind: 'void', at } as const;
        }),
      );
      await log.changes.change(ROOM, 1, ANN, () => action);
      expect((await log.lastMessages([ROOM])).get(ROOM)?.text).to.equal(text);
      await writeHints();
      expect((await log.lastMessages([ROOM])).get(ROOM)?.text).to.equal(text);
      expect((await store.hints([ROOM])).get(ROOM)?.lastMessage?.text).to.equal(text);
      await log.close();
    });
});

describe('an edit', () => {
  it('is answered with its own text where a delete has blanked its row by then', async () => {
    const store = new MemoryLogStore();
    const at = new Date();
    await store.insert([
      { id: 'm', room: ROOM, seq: 1, rev: 1, kind: 'text', sender: ANN, text: 'first', at },
    ]);
    const appendChange = async () =>
      ({
        id: 'c',
        room: ROOM,
        seq: 2,
        rev: 2,
        kind: 'change',
        of: 1,
        prev: 1,
        at,
        action: { type: 'edit', text: '' },
      }) as const;
    const changes = new Changes({ store, appender: { appendChange }, follower: new Follower({ store }) });
    const edited = await changes.change(ROOM, 1, ANN, () => ({ type: 'edit', text: 'second' }));
    expect(edited).to.include({ rev: 2, text: 'second' });
  });
});

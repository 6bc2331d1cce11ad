import { expect } from 'chai';
import fc from 'fast-check';
import { RoomWorld } from './room-world.ts';

const DELETED = { text: '', deletedAt: '2026-11-21T00:00:00.000Z' };
const EDITED = { editedAt: '2026-11-21T00:00:00.000Z', mentions: ['me'] };

const nth = fc.nat({ max: 12 });
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .constantFrom({}, { mentions: ['me'] }, { mentions: ['room'] }, { kind: 'notice' as const })
      .map((fields) => ['post', (world: RoomWorld) => world.post(fields)] as const),
  },
  {
    weight: 3,
    arbitrary: nth.map((at) => ['delete', (world: RoomWorld) => world.change(at, DELETED)] as const),
  },
  {
    weight: 1,
    arbitrary: nth.map((at) => ['edit', (world: RoomWorld) => world.change(at, EDITED)] as const),
  },
  {
    weight: 10,
    arbitrary: fc
      .tuple(fc.nat({ max: 5 }), fc.boolean())
      .map(([at, keep]) => ['deliver', (world: RoomWorld) => world.deliver(at, keep)] as const),
  },
  {
    weight: 2,
    arbitrary: nth.map((seq) => ['read here', (world: RoomWorld) => world.state.markRead(seq)] as const),
  },
  {
    weight: 2,
    arbitrary: nth.map((seq) => ['read elsewhere', (world: RoomWorld) => world.readElsewhere(seq)] as const),
  },
  {
    weight: 12,
    arbitrary: fc
      .constantFrom(
        'postMine',
        'postRude',
        'block',
        'addVoid',
        'hearCursor',
        'askSummary',
        'answerSummary',
        'answerRead',
        'open',
        'loadOlder',
        'unload',
        'reconnect',
      )
      .map((name) => [name, (world: RoomWorld) => world[name]()] as const),
  },
);

describe("A room's unread count", () => {
  it('equals a recount from the messages, whatever came in which order, twice, late or not at all', async () => {
    const schedule = fc.array(step, { minLength: 5, maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(schedule, async (steps) => {
        const world = new RoomWorld();
        try {
          world.reconnect();
          for (const [name, take] of steps) {
            take(world);
            // A promise's answer is taken in the next microtasks.
            if (name === 'answerRead') await new Promise((resolve) => setImmediate(resolve));
          }
          await world.settle();
          const { readSeq } = world.server.members.get('me')!;
          const { me } = world.state.room!;
          expect(me).to.include({ readSeq, ...world.server.unread('me', readSeq) });
          const inOrder = [...new Set(world.arrived)].sort((a, b) => a - b);
          expect(world.arrived, 'what was told of as new, once and in order').to.deep.equal(inOrder);
        } finally {
          world.state.reset();
        }
      }),
      { numRuns: 300 },
    );
  }).timeout(60_000);
});

describe("A room's unread line", () => {
  it('stands where the reader was at the last opening, and stays there over a reconnect', async () => {
    const world = new RoomWorld();
    try {
      world.post({});
      world.reconnect();
      await world.settle();
      world.state.timeline.subscribe(() => undefined);
      const line = (): number => world.state.timeline.get().readSeqAtOpen;
      world.open();
      await world.settle();
      expect(line()).to.equal(0);
      world.state.markRead(1);
      world.reconnect();
      await world.settle();
      expect(line(), 'looked at all the time').to.equal(0);
      world.post({});
      await world.settle();
      world.open();
      await world.settle();
      expect(line()).to.equal(1);
    } finally {
      world.state.reset();
    }
  });
});

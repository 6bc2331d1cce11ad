import { expect } from 'chai';
import fc from 'fast-check';
import { Kind } from '../../../shared/node/envelope.ts';
import { idOf, testGateway } from '../../support/gateway-harness.ts';

const [alice, room] = [idOf('a'), idOf('1')] as const;
/** Enough turns of the event loop for every reading in memory to end. */
const settle = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
};

/** A user is put in and out of a room; what the API tells of it comes in any order, twice, or not at all. */
async function run(
  order: readonly number[],
  changes: number,
  repeat: boolean,
  joinsAt: number,
): Promise<void> {
  const t = testGateway();
  const { cluster } = t;
  cluster.join(alice, room);
  const signals = Array.from({ length: changes }, (_, i) => {
    const v = i + 2;
    return i % 2 === 0
      ? () => cluster.signal(alice, Kind.removed, room, v, { type: 'room.removed', room, v })
      : () => cluster.signal(alice, Kind.room, room, 0, { type: 'room', room: { id: room, v }, head: 0 });
  });
  const change = (i: number): void => {
    if (i % 2 === 0) cluster.members.get(alice)!.delete(room);
    else cluster.members.get(alice)!.set(room, [0, i + 2, 2]);
  };
  for (let i = 0; i < joinsAt; i++) change(i);
  const { socket } = await t.ready(alice);
  for (let i = joinsAt; i < changes; i++) change(i);
  for (const i of order) {
    await signals[i]!();
    if (repeat) await signals[i]!();
  }
  await settle();
  // What was not told at all is found when the lists are read again.
  if (order.length < changes) await t.gateway.deps.lists.refresh();
  const isIn = cluster.members.get(alice)!.has(room);
  expect(t.gateway.deps.hub.users.get(alice)!.rooms.has(room)).to.equal(isIn);
  const before = socket.seqs().length;
  await cluster.post(room, 'who hears this?');
  await settle();
  expect(socket.seqs().length - before).to.equal(isIn ? 1 : 0);
}

describe('gateway membership', () => {
  it('ends as the API has it, in whatever order the signals come, twice or not at all', async () => {
    const schedule = fc
      .integer({ min: 1, max: 6 })
      .chain((changes) =>
        fc.tuple(
          fc.shuffledSubarray(Array.from({ length: changes }, (_, i) => i)),
          fc.constant(changes),
          fc.boolean(),
          fc.nat(changes),
        ),
      );
    await fc.assert(
      fc.asyncProperty(schedule, (given) => run(...given)),
      { numRuns: 300 },
    );
  });
});

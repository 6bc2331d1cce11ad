import { expect } from 'chai';
import fc from 'fast-check';
import { type Membership, Memberships } from '../../../gateway/memberships.ts';
import { Pacer } from '../../../gateway/pacer.ts';
import { RingBudget } from '../../../gateway/ring.ts';
import { Room } from '../../../gateway/room.ts';

describe('gateway memberships', () => {
  const budget = new RingBudget(1);

  it('are what a map would be, with few rooms and with many', () => {
    const id = fc.nat(40).map((n) => n.toString(16).padStart(24, '0'));
    const numbers = fc.tuple(fc.nat(), fc.nat(), fc.nat()) as fc.Arbitrary<Membership>;
    const step = fc.oneof(
      fc.record({ kind: fc.constant('set' as const), id, numbers }),
      fc.record({ kind: fc.constant('delete' as const), id, numbers }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const [memberships, map] = [new Memberships(), new Map<string, Membership>()];
        for (const { kind, id: room, numbers: given } of steps) {
          if (kind === 'set') {
            memberships.set(room, given);
            map.set(room, given);
            memberships.enter(new Room(room, budget));
          } else expect(memberships.delete(room)).to.equal(map.delete(room));
          expect(memberships.get(room)).to.deep.equal(map.get(room));
          expect(memberships.has(room)).to.equal(map.has(room));
        }
        expect([...memberships]).to.deep.equal([...map]);
        expect(memberships.keys()).to.deep.equal([...map.keys()]);
        expect(memberships.entered.map((room) => room?.id)).to.deep.equal([...map.keys()]);
        expect(memberships.size).to.equal(map.size);
      }),
    );
  });
});

describe('gateway pacer', () => {
  it('does in one turn only what there is time for, all of it in order', async () => {
    let now = 0;
    const pacer = new Pacer(() => now);
    const done: number[] = [];
    for (let i = 0; i < 10; i++) {
      pacer.run(() => {
        now += 2;
        done.push(i);
      });
    }
    await new Promise((resolve) => setImmediate(resolve));
    expect(done).to.deep.equal([0, 1, 2]);
    expect(pacer.waiting).to.equal(7);
    while (pacer.waiting > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(done).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { layOut } from '../../../load/layout.ts';
import { MIXES } from '../../../load/options.ts';

describe('layOut', () => {
  const sizes = fc.record({
    mix: fc.constantFrom(...MIXES),
    users: fc.integer({ min: 2, max: 60 }),
    rooms: fc.integer({ min: 1, max: 80 }),
    roomsEach: fc.integer({ min: 1, max: 4 }),
    connections: fc.integer({ min: 60, max: 200 }),
  });

  it('puts every user of a chat into a room, nobody twice into one, and gives each room a key of its own', () => {
    fc.assert(
      fc.property(sizes, (options) => {
        const { rooms, roomsOf, seats, lanes } = layOut(options);
        expect(seats).to.have.length(options.connections);
        expect(new Set(rooms.map(({ key }) => key)).size).to.equal(rooms.length);
        for (const { members, key } of rooms) {
          expect(new Set(members).size).to.equal(members.length);
          expect(members.length).to.be.at.least(2);
          expect(key.length).to.be.at.most(64);
        }
        if (options.mix !== 'dms') expect(roomsOf.every((mine) => mine.length > 0)).to.equal(true);
        for (const [seat, room] of lanes) expect(roomsOf[seats[seat] ?? -1]).to.include(room);
      }),
    );
  });

  it('is the same for the same options', () => {
    const options = { mix: 'chat', users: 20, rooms: 7, roomsEach: 2, connections: 100 } as const;
    expect(layOut(options)).to.deep.equal(layOut(options));
  });

  it('tells how many sockets hear a message', () => {
    const options = { users: 20, rooms: 20, roomsEach: 1, connections: 1_000 };
    expect(layOut({ ...options, mix: 'huge' }).audience).to.equal(1_000);
    expect(layOut({ ...options, mix: 'dms' }).audience).to.equal(100);
    expect(layOut({ ...options, mix: 'chat' }).audience).to.equal(100);
    expect(layOut({ ...options, mix: 'idle' })).to.deep.include({ audience: 0, lanes: [] });
  });

  it('makes no more conversations than there are pairs', () => {
    const { rooms } = layOut({ mix: 'dms', users: 6, rooms: 500, roomsEach: 1, connections: 60 });
    expect(rooms).to.have.length(15);
  });
});

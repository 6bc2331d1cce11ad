import { expect } from 'chai';
import { knownAfter, parseKnown } from '../../../client/src/lib/chat/known-rooms.ts';
import type { Room } from '../../../shared/wire/rest.ts';

const room = (id: string): Room => ({
  ...{ id, type: 'channel', name: id, public: true, v: 1, head: 0, members: 1 },
  me: { role: 'member', readSeq: 0, unread: 0, mentions: 0, notify: 'all', favourite: false },
});

describe('the rooms remembered', () => {
  it('are those of the list in its order, and behind them those one is out of', () => {
    const before = knownAfter([], [room('a'), room('b')], 'me');
    const after = knownAfter(before, [room('c'), room('a')], 'me');
    expect(after.map(({ title, listed }) => [title, listed])).to.deep.equal([
      ['#c', true],
      ['#a', true],
      ['#b', false],
    ]);
  });
  it('are never more than can be kept', () => {
    const many = Array.from({ length: 300 }, (_, index) => room(`r${index}`));
    const before = knownAfter([], many, 'me');
    expect(before).to.have.length(100);
    expect(knownAfter(before, [], 'me')).to.have.length(50);
  });
  it('survive being stored; what cannot be read counts as none', () => {
    const known = { user: 'me', rooms: knownAfter([], [room('a')], 'me') };
    expect(parseKnown(JSON.stringify(known))).to.deep.equal(known);
    for (const text of [undefined, '', '{', '[]', '{"user":1}', '{"user":"me","rooms":[{"id":1}]}'])
      expect(parseKnown(text).rooms).to.deep.equal([]);
  });
});

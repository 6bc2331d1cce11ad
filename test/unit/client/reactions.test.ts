import { expect } from 'chai';
import { chipsOf } from '../../../client/src/lib/chat/reactions.ts';

const NAMES = new Map([
  ['a', 'Ada'],
  ['b', 'Bob'],
]);
const chips = (
  reactions: Parameters<typeof chipsOf>[0],
  wishes: readonly (readonly [string, boolean])[] = [],
) => chipsOf(reactions, { me: 'me', wishes: Object.fromEntries(wishes), nameOf: (user) => NAMES.get(user) });

describe('the reactions under a message', () => {
  it('count, tell whether one is among them, and name those who are known', () => {
    expect(
      chips({ '👍': { count: 3, users: ['a', 'me', 'x'] }, '🎉': { count: 1, users: ['b'] } }),
    ).to.deep.equal([
      { emoji: '👍', count: 3, mine: true, who: 'You, Ada and 1 other' },
      { emoji: '🎉', count: 1, mine: false, who: 'Bob' },
    ]);
  });
  it('count those whom the server does not name', () => {
    expect(chips({ '👍': { count: 40, users: ['a', 'b'] } })[0]?.who).to.equal('Ada, Bob and 38 others');
    expect(chips({ '👍': { count: 2, users: ['x', 'y'] } })[0]?.who).to.equal('2 people');
  });
  it('show what one has asked for as if it were there', () => {
    expect(chips(undefined, [['👍', true]])).to.deep.equal([
      { emoji: '👍', count: 1, mine: true, who: 'You' },
    ]);
    expect(chips({ '👍': { count: 1, users: ['a'] } }, [['👍', true]])[0]).to.include({
      count: 2,
      mine: true,
    });
    expect(chips({ '👍': { count: 1, users: ['me'] } }, [['👍', false]])).to.deep.equal([]);
  });
  it('count nothing twice once the server has granted it', () => {
    expect(chips({ '👍': { count: 2, users: ['a', 'me'] } }, [['👍', true]])[0]?.count).to.equal(2);
    expect(chips({ '👍': { count: 1, users: ['a'] } }, [['👍', false]])[0]?.count).to.equal(1);
  });
});

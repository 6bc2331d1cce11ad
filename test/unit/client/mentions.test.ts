import { expect } from 'chai';
import {
  fitting,
  mentionLook,
  mentionQuery,
  recentSpeakers,
  splitMentions,
} from '../../../client/src/lib/chat/mentions.ts';
import type { UserSummary } from '../../../shared/wire/rest.ts';

describe('naming people in a text', () => {
  const person = (id: string, username: string, displayName: string): UserSummary => ({
    id,
    username,
    displayName,
  });
  const ann = person('1', 'ann', 'Ann Lee');
  const bob = person('2', 'bob', 'Robert Ann');
  const carl = person('3', 'carl', 'Carl');

  it('is offered where a name is being typed, and nowhere else', () => {
    expect(mentionQuery('Hello @An', 9)).to.deep.equal({ from: 6, text: 'an' });
    expect(mentionQuery('@', 1)).to.deep.equal({ from: 0, text: '' });
    expect(mentionQuery('(@b', 3)).to.deep.equal({ from: 1, text: 'b' });
    for (const text of ['mail@an', '@ann lee', 'x', 'https://x.org/@an', '`@an', 'a @b@c'])
      expect(mentionQuery(text, text.length), text).to.equal(undefined);
  });

  it('finds people by username and by each word of their name, who spoke last first', () => {
    expect(fitting([ann, bob, carl], 'ann', [])).to.deep.equal([ann, bob]);
    expect(fitting([ann, bob, carl], 'ann', recentSpeakers(['1', '2', '1', '2']))).to.deep.equal([bob, ann]);
    expect(fitting([ann, bob, carl], 'rob', [])).to.deep.equal([bob]);
    const crowd = Array.from({ length: 30 }, (_, i) => person(String(i), `user-${String(i)}`, 'User'));
    expect(fitting(crowd, '', [])).to.have.length(8);
  });

  it('shows as names only those that the message really names', () => {
    const me = { id: '1', username: 'ann' };
    const message = { mentions: ['1', '2', 'room'], sender: carl };
    const look = mentionLook(message, me, [ann, bob, carl]);
    expect(look('ann')).to.include({ mine: true });
    expect(look('bob')).to.deep.equal({ title: 'Robert Ann', mine: false, isPerson: true });
    expect(look('carl')).to.equal(undefined);
    expect(look('all')).to.include({ mine: true, isPerson: false });
    expect(mentionLook({ sender: carl }, me, [])('bob')).to.equal(undefined);
    expect(mentionLook(message, me, [])('stranger')).to.include({ mine: false, isPerson: true });
  });

  it('splits a text into names and what stands between them', () => {
    const look = mentionLook({ mentions: ['2'], sender: ann }, { id: '1', username: 'ann' }, [bob]);
    const parts = splitMentions('Ask @bob, not @carl.', (name) => (name === 'bob' ? look(name) : undefined));
    expect(parts.map(({ text }) => text)).to.deep.equal(['Ask ', '@bob', ', not @carl.']);
    expect(parts[1]).to.include({ kind: 'mention', name: 'bob' });
  });
});

import { expect } from 'chai';
import {
  inRoom,
  parseSearch,
  questionOf,
  snippet,
  withoutFilter,
} from '../../../client/src/lib/chat/search-query.ts';
import type { Room } from '../../../shared/wire/rest.ts';

describe('a search as it is typed', () => {
  const me = { id: 'm', username: 'ann' };
  const rooms = [
    { id: 'a'.repeat(24), type: 'channel', name: 'General' },
    { id: 'b'.repeat(24), type: 'group', name: 'Book club' },
    { id: 'c'.repeat(24), type: 'dm', peer: { id: 'p', username: 'bob', displayName: 'Bob' } },
  ] as unknown as readonly Room[];
  const ask = (text: string) => questionOf(text, rooms, me);

  it('takes filters out of the words', () => {
    expect(parseSearch('ship from:ann it IN:"Book club" has:link "new boat"')).to.deep.equal({
      words: 'ship it "new boat"',
      filters: [
        { name: 'from', value: 'ann' },
        { name: 'in', value: 'Book club' },
        { name: 'has', value: 'link' },
      ],
      isOpen: false,
    });
    expect(parseSearch('see http://x.org from: before').filters).to.deep.equal([]);
    expect(withoutFilter('a from:ann b', { name: 'from', value: 'ann' })).to.equal('a b');
  });

  it('asks by ids, usernames and days', () => {
    expect(
      ask('boat from:@Bob in:#general before:2026-01-01 after:2025-12-01 has:link has:file'),
    ).to.deep.equal({
      kind: 'ask',
      query: {
        q: 'boat',
        from: 'bob',
        room: rooms[0]?.id,
        before: '2026-01-01',
        after: '2025-12-01',
        has: 'link,file',
      },
    });
    expect(ask('from:me')).to.deep.equal({ kind: 'ask', query: { from: 'ann' } });
    expect(ask('x in:bob')).to.deep.include({ kind: 'ask' });
    expect(ask('has:image has:voice')).to.deep.equal({ kind: 'ask', query: { has: 'image,voice' } });
  });

  it('takes a word at the very end for the beginning of one', () => {
    for (const text of ['bo', 'from:bob a bo', 'über', 'e-ma'])
      expect(ask(text), text).to.have.nested.property('query.prefix', 'true');
    for (const text of ['bo ', 'bo from:bob', '"a bo"', 'boat -bo', 'bo!', 'from:bo'])
      expect(ask(text), text).not.to.have.nested.property('query.prefix');
    expect(snippet('A boat, two boats, a bobcat', 'two bo', true).filter(({ hit }) => hit)).to.deep.equal(
      ['boat', 'two', 'boats', 'bobcat'].map((text) => ({ text, hit: true })),
    );
  });

  it('asks nothing where nothing is looked for, and says what it does not understand', () => {
    for (const text of ['', '  ', 'in:general', 'before:2026-01-01'])
      expect(ask(text).kind, text).to.equal('nothing');
    for (const text of ['x in:nowhere', 'x has:cheese', 'x before:tomorrow', 'x before:2026-13-41', 'from:a'])
      expect(ask(text).kind, text).to.equal('wrong');
  });

  it('names a conversation in a way it understands itself', () => {
    for (const room of rooms)
      expect(ask(`boat ${inRoom(room, rooms, 'm')}`)).to.deep.equal({
        kind: 'ask',
        query: { q: 'boat', room: room.id },
      });
  });

  it('marks what was found, in the part of the text where it stands', () => {
    expect(snippet('A boat, two Boats, one BOAT', 'boat -two')).to.deep.equal([
      { text: 'A ', hit: false },
      { text: 'boat', hit: true },
      { text: ', two Boats, one ', hit: false },
      { text: 'BOAT', hit: true },
    ]);
    const far = snippet(`${'word '.repeat(100)}boat ${'word '.repeat(100)}`, 'boat');
    expect(far[0]?.text).to.match(/^…/);
    expect(far.find(({ hit }) => hit)?.text).to.equal('boat');
    expect(
      snippet('(a+', '(a+ [')
        .map(({ text }) => text)
        .join(''),
    ).to.equal('(a+');
  });
});

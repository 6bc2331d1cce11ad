import { expect } from 'chai';
import { DraftBook } from '../../../client/src/lib/chat/draft-book.ts';

const draft = (room: string, text: string, v: number) => ({ room, text, v, at: '2026-03-01T08:00:00.000Z' });

describe('the drafts of one device', () => {
  it('keep what is written here until the server has it', () => {
    const book = new DraftBook();
    book.write('r', 'mine');
    expect(book.merge([draft('r', 'theirs', 7)])).to.equal(false);
    expect(book.get('r')).to.equal('mine');
    expect(book.dirty).to.deep.equal(['r']);
    book.saved('r', 'mine', 8);
    expect(book.dirty).to.deep.equal([]);
    expect(book.merge([draft('r', 'newer', 9)])).to.equal(true);
    expect(book.get('r')).to.equal('newer');
  });

  it('are still to be kept when more was written while they were', () => {
    const book = new DraftBook();
    book.write('r', 'one');
    book.write('r', 'one two');
    book.saved('r', 'one', 1);
    expect(book.dirty).to.deep.equal(['r']);
  });

  it('end where another device sent or emptied them', () => {
    const book = new DraftBook();
    book.merge([draft('r', 'hello', 1)]);
    expect(book.merge([draft('r', '', 2)])).to.equal(true);
    expect(book.get('r')).to.equal('');
    expect(book.toString()).to.equal('[]');
  });

  it('end where they are not in the server’s whole list, unless it never had them', () => {
    const book = new DraftBook();
    book.merge([draft('sent', 'there', 3), { ...draft('r', 'in a thread', 4), thread: 7 }]);
    book.write('mine', 'not kept yet');
    book.write('refused', 'too long');
    book.saved('refused', 'too long', 0);
    expect(book.merge([{ ...draft('r', 'in a thread', 4), thread: 7 }], true)).to.equal(true);
    const places = ['sent', 'r:7', 'mine', 'refused'];
    expect(places.map((place) => book.get(place))).to.deep.equal([
      '',
      'in a thread',
      'not kept yet',
      'too long',
    ]);
  });

  it('do not go back to an older version', () => {
    const book = new DraftBook();
    book.merge([draft('r', 'new', 3)]);
    expect(book.merge([draft('r', 'old', 2)])).to.equal(false);
    expect(book.get('r')).to.equal('new');
  });

  it('survive a reload, what is not kept yet included', () => {
    const book = new DraftBook();
    book.merge([draft('a', 'kept', 4)]);
    book.write('b', 'not kept');
    book.write('c', 'gone');
    book.write('c', '');
    const again = new DraftBook(book.toString());
    expect([again.get('a'), again.get('b'), again.get('c')]).to.deep.equal(['kept', 'not kept', '']);
    expect(again.dirty).to.deep.equal(['b', 'c']);
  });

  it('are at most two hundred; the oldest go first, in whatever order the server has them', () => {
    const book = new DraftBook();
    for (let i = 0; i <= 200; i++) book.write(`r${i}`, 'text');
    expect(book.get('r0')).to.equal('');
    expect(book.get('r1')).to.equal('text');
    const at = (i: number): string => new Date(i).toISOString();
    const given = Array.from({ length: 201 }, (_, i) => ({ ...draft(`r${i}`, 'text', 1), at: at(i) }));
    const other = new DraftBook();
    other.merge(given.reverse());
    expect(other.get('r0')).to.equal('');
    expect(other.get('r200')).to.equal('text');
  });

  it('are read as an older version wrote them, and nonsense is none', () => {
    expect(new DraftBook('[["r","text"]]').dirty).to.deep.equal(['r']);
    for (const text of ['', '{', '{}', '[1,[2,3],["r"]]', 'null'])
      expect(new DraftBook(text).toString(), text).to.equal('[]');
  });
});

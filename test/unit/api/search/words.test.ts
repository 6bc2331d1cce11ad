import { expect } from 'chai';
import fc from 'fast-check';
import { isExact, parseQuery, termsOf } from '../../../../api/services/search/query.ts';
import { MARK } from '../../../../api/services/search/rows.ts';
import { MAX_TERMS, terms } from '../../../../api/services/search/terms.ts';
import { FEATURES, matches } from '../../../../shared/wire/search.ts';
import { tokens } from '../../../../shared/wire/words.ts';

const finds = (q: string, text: string): boolean => matches(parseQuery(q), text);

describe('the words of a text', () => {
  for (const [text, expected] of [
    ['Hello, World!', ['hello', 'world']],
    ['Réunion à Łódź', ['reunion', 'a', 'łodz']],
    ['İstanbul ΟΔΟΣ', ['istanbul', 'οδοσ']],
    ['don’t snake_case a.b-c', ['don', 't', 'snake', 'case', 'a', 'b', 'c']],
    ['明日の会議 at 10:30', ['明', '日', 'の', '会', '議', 'at', '10', '30']],
    ['ship it 🚀👍', ['ship', 'it', '🚀', '👍']],
    ['한국어 हिन्दी', ['한국어', 'हिन्दी']],
    ['…—!?', []],
  ] as const)
    it(`of "${text}" are ${expected.join(' ')}`, () => {
      expect(tokens(text)).to.deep.equal(expected);
    });

  it('are the same however accents are encoded', () => {
    expect(tokens('Cafe\u0301')).to.deep.equal(tokens('Caf\u00e9'));
  });

  it('are cut where they are endless, between characters', () => {
    const [word = ''] = tokens('𐐨'.repeat(500));
    expect(word.isWellFormed()).to.be.true;
    expect([...word]).to.have.length(40);
  });

  it('make no more terms than a row may hold', () => {
    const long = Array.from({ length: 4_000 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('');
    expect(terms(tokens(long)).size).to.be.within(MAX_TERMS - 2, MAX_TERMS);
  });
});

describe('a search query', () => {
  it('needs every word, in any order', () => {
    expect(finds('fox quick', 'The quick brown fox')).to.be.true;
    expect(finds('fox slow', 'The quick brown fox')).to.be.false;
    expect(finds('fo', 'The quick brown fox')).to.be.false;
  });

  it('takes quoted words as a phrase, also where the closing quote is missing', () => {
    expect(finds('"quick brown"', 'Quick, brown!')).to.be.true;
    expect(finds('"quick brown', 'brown and quick')).to.be.false;
    expect(finds('example.com', 'see https://example.com/x')).to.be.true;
    expect(finds('example.com', 'com example')).to.be.false;
  });

  it('takes the word at its end for the beginning of one, where it is being typed', () => {
    const typed = (q: string, text: string): boolean => matches(parseQuery(q, true), text);
    expect(typed('fo', 'The quick brown fox')).to.be.true;
    expect(typed('FÓ qui', 'fo quick')).to.be.true;
    expect(typed('qui fox', 'The quick brown fox')).to.be.false;
    expect(typed('example.co', 'see https://example.com/x')).to.be.true;
    expect(typed('example.co', 'example and com')).to.be.false;
    for (const q of ['"fo"', '"fo', '-fo', 'f', 'fo!'])
      expect(parseQuery(q, true), q).not.to.have.property('typed');
    for (const q of ['明', '🚀🚀', 'x'.repeat(50)])
      expect(parseQuery(q, true), q).not.to.have.property('typed');
    expect(termsOf(parseQuery('quick fo', true))).to.deep.equal({
      all: ['quick'],
      none: [],
      beginning: 'fo',
    });
    expect([isExact(parseQuery('a fo', true)), isExact(parseQuery('a.fo', true))]).to.deep.equal([
      true,
      false,
    ]);
  });

  it('takes no mark for a word', () => {
    for (const q of ['fr', 'from', 'ha', 'has']) {
      expect(parseQuery(q, true), q).not.to.have.property('typed');
      expect(parseQuery(`${q}e`, true), q).to.have.property('typed');
    }
    const marks = [MARK.from('0'.repeat(24)), ...FEATURES.map(MARK.has), MARK.mention('room')];
    for (const mark of marks)
      for (let i = 1; i <= mark.length; i++) {
        const { beginning } = termsOf(parseQuery(mark.slice(0, i), true));
        if (beginning !== undefined) expect(mark.startsWith(beginning), mark).to.equal(false);
      }
  });

  it('excludes what has a minus before it', () => {
    expect(finds('fox -brown', 'The quick brown fox')).to.be.false;
    expect(finds('fox -"brown quick"', 'The quick brown fox')).to.be.true;
    expect(finds('well-known', 'a well-known fox')).to.be.true;
    expect(parseQuery('-fox').wanted).to.deep.equal([]);
  });

  it('finds a part of unspaced text', () => {
    expect(finds('会議', '明日の会議です')).to.be.true;
    expect(finds('議会', '明日の会議です')).to.be.false;
    expect(termsOf(parseQuery('会議室')).all).to.have.members(['会議', '議室']);
    expect(termsOf(parseQuery('会')).all).to.deep.equal(['会']);
  });

  it('asks the index for nothing that a fitting message lacks', () => {
    const word = fc.constantFrom(
      'fox',
      'Quick',
      '会議',
      '議',
      'é',
      'a.b',
      '🚀',
      'x'.repeat(60),
      '"',
      '-',
      'ς',
    );
    const line = fc.array(fc.oneof(word, fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 12 });
    const joined = fc.tuple(line, fc.constantFrom(' ', '', '-', '"')).map(([parts, by]) => parts.join(by));
    fc.assert(
      fc.property(joined, joined, fc.boolean(), (q, text, isPart) => {
        const whole = isPart ? `${text} ${q}` : text;
        const plan = parseQuery(q);
        if (!matches(plan, whole)) return;
        const row = terms(tokens(whole));
        const { all, none } = termsOf(plan);
        expect(all.every((term) => row.has(term))).to.be.true;
        expect(none.some((term) => row.has(term))).to.be.false;
      }),
      { numRuns: 2_000 },
    );
  });
});

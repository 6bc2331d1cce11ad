import { expect } from 'chai';
import fc from 'fast-check';
import { mentionTokens } from '../../../shared/wire/mentions.ts';

describe('finding @names in a text', () => {
  const names = (text: string): readonly string[] =>
    mentionTokens(text).map(({ names: [first = ''] }) => first);

  it('takes a name at the start, in brackets, behind punctuation, in any case', () => {
    expect(names('@ann (@bob), "@Carl"; ¿@dora? ,@eve')).to.deep.equal(['ann', 'bob', 'carl', 'dora', 'eve']);
  });

  it('leaves the punctuation behind a name out of it, unless the name itself has it', () => {
    expect(mentionTokens('Ask @ann.')).to.deep.equal([{ names: ['ann', 'ann.'], from: 4, to: 8 }]);
    expect(names('@a.b-c_d... @ann-')).to.deep.equal(['a.b-c_d', 'ann']);
  });

  it('takes no address, path or part of a word for one', () => {
    for (const text of [
      'ann@bob.org',
      '@ann@example.org',
      'https://x.org/@ann',
      'x@annette',
      '@@ann',
      'é@ann',
      '@ab',
    ])
      expect(names(text), text).to.deep.equal([]);
  });

  it('looks into no code', () => {
    const text = 'see `@ann` and ``a ` @bob`` but ` @carl\n```ts\n@dora\n```\n@eve\n~~~\n@finn';
    expect(names(text)).to.deep.equal(['carl', 'eve']);
  });

  it('of anything gives parts of the text', () => {
    const part = fc.constantFrom('@', 'ann', '.', '`', '```', '\n', ' ', '~~~', 'é', '/');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        for (const {
          names: [first = ''],
          from,
          to,
        } of mentionTokens(text))
          expect(text.slice(from, to).toLowerCase()).to.equal(`@${first}`);
      }),
    );
  });

  it('takes a text of nothing but backticks in its stride', () => {
    const text = Array.from({ length: 4_000 }, (_, i) => '`'.repeat((i % 90) + 1))
      .join(' ')
      .slice(0, 8_000);
    expect(names(`${text} @ann`).length).to.be.at.most(1);
  });
});

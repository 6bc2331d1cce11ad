import { expect } from 'chai';
import fc from 'fast-check';
import { isBlank, tidyLine } from '../../../shared/wire/visible.ts';

/** Nothing of these is drawn. */
const UNSEEN = [
  ...'\u00ad\u034f\u061c\u115f\u1160\u17b4\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e',
  ...'\u2060\u2061\u2064\u2066\u2067\u2068\u2069\u206a\u2800\u3000\u3164\ufe0e\ufe0f\ufeff\uffa0\ufff9\ufffb',
  ...'\u0001\t\n\r\u007f\u0085\u00a0\u1680\u2003\u2028\u2029\u202f ',
  ...['\u{e0001}', '\u{e0041}', '\u{e0100}', '\u{1d159}', '\u{1d173}'],
];

/** Names and texts of many scripts, with the joiners and variants they are written with. */
const WRITTEN = [
  ...[
    'می‌خواهم',
    'علی‌رضا',
    'क्‍ष',
    'ക്‍',
    'ශ්‍රී',
    'ﷺ',
    'אבג',
    '日本語',
    '葛\u{e0100}城',
    'ᠮᠤᠩᠭᠣᠯ',
    'ไทย',
    '한국어',
  ],
  ...['👩‍💻', '🏳️‍🌈', '❤️‍🔥', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '1️⃣', '#️⃣', '✌🏽', '☎︎', '🇩🇪', '🧑🏽‍🤝‍🧑🏿', 'ok 👍🏼 👩‍👩‍👧‍👦'],
  ...['Ann', 'Zoë', 'Ze\u0301', 'a.b-c_d', 'Ivan Иван', '۝', '.', '…', '¯\\_(ツ)_/¯'],
];

describe('what can be seen of a text', () => {
  it('is nothing where all of it is spaces, controls, joiners, fillers and marks', () => {
    expect(isBlank('')).to.equal(true);
    for (const one of UNSEEN) expect(isBlank(one), one.codePointAt(0)?.toString(16)).to.equal(true);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...UNSEEN)), (parts) => {
        expect(isBlank(parts.join(''))).to.equal(true);
      }),
    );
  });

  it('is something where one sign of any script or emoji stands among them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...UNSEEN)),
        fc.constantFrom(...WRITTEN),
        fc.array(fc.constantFrom(...UNSEEN)),
        (before, word, behind) => {
          expect(isBlank(before.join('') + word + behind.join(''))).to.equal(false);
        },
      ),
    );
  });
});

describe('a name as it is kept', () => {
  it('is what was written, in every script and with every emoji', () => {
    for (const word of WRITTEN) expect(tidyLine(word)).to.equal(word);
    for (const word of WRITTEN) expect(tidyLine(`Ann ${word} Bob`)).to.equal(`Ann ${word} Bob`);
  });

  it('looks like no other: what nobody sees is left out of it', () => {
    for (const unseen of [
      ...'\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u3164\ufe0f\ufeff\uffa0\u0000\u007f',
      ...['\u202e', '\u202a\u202c', '\u2066\u2069', '\u{e0041}', '\u{e0061}\u{e007f}', '\u200b\u200d'],
    ]) {
      const written = `ad${unseen}min`;
      expect(tidyLine(written), escape(written)).to.equal('admin');
      expect(tidyLine(`${unseen}admin${unseen}`), escape(written)).to.equal('admin');
    }
    expect(tidyLine('\u202enimda\u202c')).to.equal('nimda');
    expect(tidyLine(' two\n\tlines\u2028more ')).to.equal('two lines more');
    expect(tidyLine('علی\u200c')).to.equal('علی');
  });

  it('stays as it is when it is kept again', () => {
    const unit = fc.oneof(
      fc.constantFrom(...UNSEEN, ...WRITTEN),
      fc.string({ unit: 'binary', maxLength: 1 }),
    );
    fc.assert(
      fc.property(fc.array(unit), (parts) => {
        const kept = tidyLine(parts.join(''));
        expect(tidyLine(kept)).to.equal(kept);
      }),
      { numRuns: 1_000 },
    );
  });
});

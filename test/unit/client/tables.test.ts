import { expect } from 'chai';
import fc from 'fast-check';
import { flatTables } from '../../../client/src/lib/chat/markdown/tables.ts';
import { withoutMarkup } from '../../../client/src/lib/chat/markdown/plain.ts';
import { excerpt } from '../../../client/src/lib/chat/quotes.ts';

const TABLE = ['| Fruit | Price |', '|:------|------:|', '| Apple | 2 |', '| Pear  | 3 |'].join('\n');

describe('a table in a line of plain words', () => {
  it('is what stands in its cells, row by row', () => {
    expect(flatTables(TABLE)).to.equal('Fruit · Price;\nApple · 2;\nPear · 3');
    expect(excerpt({ text: TABLE })).to.equal('Fruit · Price; Apple · 2; Pear · 3');
    expect(excerpt({ text: `Prices:\n\n${TABLE}\n\nAll right?` })).to.equal(
      'Prices: Fruit · Price; Apple · 2; Pear · 3 All right?',
    );
  });

  it('needs no pipes at the ends of its lines, and may have empty cells', () => {
    expect(excerpt({ text: 'a | b\n--- | ---\n1 | 2' })).to.equal('a · b; 1 · 2');
    expect(excerpt({ text: '| a | b |\n|---|---|\n| | 2 |\n| | |' })).to.equal('a · b; 2');
  });

  it('keeps what is marked in it, without the marks', () => {
    expect(excerpt({ text: '| **a** | `b` |\n|---|---|\n| one \\| two | ~~3~~ |' })).to.equal(
      'a · b; one | two · 3',
    );
    expect(excerpt({ text: '> | a | b |\n> |---|---|\n> | 1 | 2 |' })).to.equal('a · b; 1 · 2');
  });

  it('may be cut off anywhere behind its head', () => {
    for (let end = TABLE.indexOf('|:--') + 3; end < TABLE.length; end++)
      expect(flatTables(TABLE.slice(0, end)), String(end)).to.match(/^Fruit · Price/);
  });

  it('is none where no line is ruled below its head, where that has other columns, and in code', () => {
    for (const text of [
      'a | b',
      'a | b\nc | d',
      'a | b\n---',
      '| a | b |\n|---|\n| 1 | 2 |',
      `\`\`\`\n${TABLE}\n\`\`\``,
    ])
      expect(flatTables(text)).to.equal(text);
  });

  it('is found in whatever is typed', () => {
    const piece = fc.constantFrom('|', '---', '\n', ' a ', '\\|', '```', '> ', ':', '- ');
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 60 }),
        (pieces) => typeof withoutMarkup(pieces.join('')) === 'string',
      ),
    );
  });
});

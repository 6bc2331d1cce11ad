import { expect } from 'chai';
import fc from 'fast-check';
import { formatOf, toggled, type Format } from '../../../client/src/lib/chat/formatting.ts';
import { linked, toggledLines, type LineFormat } from '../../../client/src/lib/chat/line-format.ts';
import { newLine, nextLine } from '../../../client/src/lib/chat/next-line.ts';
import { applied } from '../../../client/src/lib/chat/text-edit.ts';

/** `text` with its selection between bars, as "a |b| c"; one bar is a cursor. */
function selectionIn(marked: string): readonly [text: string, from: number, to: number] {
  const parts = marked.split('|');
  const from = parts[0]?.length ?? 0;
  return [parts.join(''), from, from + (parts.length > 2 ? (parts[1]?.length ?? 0) : 0)];
}
function shown(text: string, [from, to]: readonly [number, number]): string {
  const picked = text.slice(from, to);
  return `${text.slice(0, from)}|${picked}${from === to ? '' : '|'}${text.slice(to)}`;
}
const format = (marked: string, as: Format): string => {
  const edit = toggled(...selectionIn(marked), as);
  return shown(applied(selectionIn(marked)[0], edit), edit.select);
};
const lines = (marked: string, as: LineFormat): string => {
  const edit = toggledLines(...selectionIn(marked), as);
  return shown(applied(selectionIn(marked)[0], edit), edit.select);
};
const link = (marked: string): string => {
  const edit = linked(...selectionIn(marked));
  return shown(applied(selectionIn(marked)[0], edit), edit.select);
};
const line = (marked: string): string | undefined => {
  const edit = nextLine(...selectionIn(marked));
  return edit && shown(applied(selectionIn(marked)[0], edit), edit.select);
};

describe('formatting what is selected', () => {
  it('puts marks around it and takes them away again', () => {
    const marks: readonly (readonly [Format, string])[] = [
      ['bold', '**'],
      ['italic', '*'],
      ['strike', '~~'],
      ['code', '`'],
    ];
    for (const [as, mark] of marks) {
      expect(format('say |it| now', as)).to.equal(`say ${mark}|it|${mark} now`);
      expect(format(`say ${mark}|it|${mark} now`, as)).to.equal('say |it| now');
      expect(format(`say |${mark}it${mark}| now`, as)).to.equal('say |it| now');
    }
  });

  it('knows the other ways to write bold and italic', () => {
    expect(format('__|it|__', 'bold')).to.equal('|it|');
    expect(format('_|it|_', 'italic')).to.equal('|it|');
  });

  it('tells one star from two, and three from both', () => {
    expect(format('**|it|**', 'italic')).to.equal('***|it|***');
    expect(format('***|it|***', 'italic')).to.equal('**|it|**');
    expect(format('***|it|***', 'bold')).to.equal('*|it|*');
    expect(format('*|it|*', 'bold')).to.equal('***|it|***');
  });

  it('leaves the spaces around a selection outside the marks', () => {
    expect(format('say| it |now', 'bold')).to.equal('say **|it|** now');
  });

  it('without a selection opens a pair, takes an empty one away, and leaves a full one', () => {
    expect(format('say |', 'bold')).to.equal('say **|**');
    expect(format('say **|**', 'bold')).to.equal('say |');
    expect(format('say **it|**', 'bold')).to.equal('say **it**|');
    expect(format('say `it|`', 'code')).to.equal('say `it`|');
    expect(format('**it|**', 'italic')).to.equal('**it*|***');
  });

  it('marks each of several lines behind its bullet, unless all are marked', () => {
    expect(format('|- a\n> b\n\n3. **c**|', 'bold')).to.equal('|- **a**\n> **b**\n\n3. **c**|');
    expect(format('|- **a**\n> **b**|', 'bold')).to.equal('|- a\n> b|');
  });

  it('makes several lines of code a block, and of a block lines', () => {
    expect(format('x |a\nb| y', 'code')).to.equal('|```\nx a\nb y\n```|');
    expect(format('|```\na\nb\n```|', 'code')).to.equal('|a\nb|');
  });

  it('done twice leaves any line of words as it was', () => {
    const word = fc.stringMatching(/^[a-z]{1,8}(?: [a-z]{1,8}){0,3}$/);
    const formats = fc.constantFrom<Format>('bold', 'italic', 'strike', 'code');
    fc.assert(
      fc.property(word, word, word, formats, (before, picked, after, as) => {
        const text = `${before} ${picked} ${after}`;
        const from = before.length + 1;
        const first = toggled(text, from, from + picked.length, as);
        const once = applied(text, first);
        const second = toggled(once, ...first.select, as);
        expect(applied(once, second)).to.equal(text);
        expect(second.select).to.deep.equal([from, from + picked.length]);
      }),
    );
  });

  it('goes by the letter, or by the place of the key where there are no Latin ones', () => {
    const key = { ctrlKey: true, metaKey: false, altKey: false, shiftKey: false };
    expect(formatOf({ ...key, key: 'b', code: 'KeyN' })).to.equal('bold');
    expect(formatOf({ ...key, key: 'и', code: 'KeyB' })).to.equal('bold');
    expect(formatOf({ ...key, key: 'i', code: 'KeyI', ctrlKey: false, metaKey: true })).to.equal('italic');
    expect(formatOf({ ...key, key: 'X', code: 'KeyX', shiftKey: true })).to.equal('strike');
    expect(formatOf({ ...key, key: 'e', code: 'KeyE' })).to.equal('code');
    expect(formatOf({ ...key, key: 'x', code: 'KeyX' }), 'cutting').to.equal(undefined);
    expect(formatOf({ ...key, key: 'b', code: 'KeyB', altKey: true })).to.equal(undefined);
    expect(formatOf({ ...key, key: 'b', code: 'KeyB', ctrlKey: false })).to.equal(undefined);
  });
});

describe('a button for lines', () => {
  it('makes the line with the cursor an item or a quote, and a plain one again', () => {
    expect(lines('a\nb|c\nd', 'list')).to.equal('a\n- b|c\nd');
    expect(lines('a\n- b|c\nd', 'list')).to.equal('a\nb|c\nd');
    expect(lines('|', 'list')).to.equal('- |');
    expect(lines('- |', 'list')).to.equal('|');
    expect(lines('say|', 'quote')).to.equal('> say|');
    expect(lines('>|say', 'quote')).to.equal('|say');
    expect(lines('> |say', 'list')).to.equal('> - |say');
    expect(lines('- say|', 'quote')).to.equal('> - say|');
  });

  it('takes every line that is selected, and knows other marks of lists', () => {
    expect(lines('x\n|a\n- b\n\nc|', 'list')).to.equal('x\n|- a\n- b\n\n- c|');
    expect(lines('|1. a\n* b\n+ c|', 'list')).to.equal('|a\nb\nc|');
    expect(lines('|a\n\nb|', 'quote')).to.equal('|> a\n> \n> b|');
    expect(lines('|a\n|b', 'list')).to.equal('|- a|\nb');
  });

  it('done twice leaves lines of words as they were', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,8}(?: [a-z]{1,8}){0,3}$/), { minLength: 1 });
    fc.assert(
      fc.property(words, fc.constantFrom<LineFormat>('list', 'quote'), (texts, as) => {
        const text = texts.join('\n');
        const first = toggledLines(text, 0, text.length, as);
        const once = applied(text, first);
        const second = toggledLines(once, ...first.select, as);
        expect(applied(once, second)).to.equal(text);
        expect(second.select).to.deep.equal([0, text.length]);
      }),
    );
  });
});

describe('a button for links', () => {
  it('leaves what is missing to be written', () => {
    expect(link('see |this page| now')).to.equal('see [this page](|https://|) now');
    expect(link('see| this |now')).to.equal('see [this](|https://|) now');
    expect(link('see |https://example.org/a| now')).to.equal('see [|](https://example.org/a) now');
    expect(link('see |')).to.equal('see [|](https://)');
  });
});

describe('a new line', () => {
  it('by a button is always one', () => {
    const pressed = (marked: string): string => {
      const edit = newLine(...selectionIn(marked));
      return shown(applied(selectionIn(marked)[0], edit), edit.select);
    };
    expect(pressed('a|b')).to.equal('a\n|b');
    expect(pressed('a|b|c')).to.equal('a\n|c');
    expect(pressed('- a|')).to.equal('- a\n- |');
  });

  it('goes on with a list or a quote', () => {
    expect(line('- a|')).to.equal('- a\n- |');
    expect(line('* a|b')).to.equal('* a\n* |b');
    expect(line('9. a|')).to.equal('9. a\n10. |');
    expect(line('  2) a|')).to.equal('  2) a\n  3) |');
    expect(line('> a|')).to.equal('> a\n> |');
    expect(line('> - a|')).to.equal('> - a\n> - |');
  });

  it('ends it where nothing was written', () => {
    expect(line('- a\n- |')).to.equal('- a\n|');
    expect(line('> a\n> |')).to.equal('> a\n|');
    expect(line('> - |')).to.equal('> |');
  });

  it('is a plain one in words, in the middle of a mark and in code', () => {
    for (const text of ['a|', '-|', '|- a', '-a|', '3.5|', '```\n- a|', '1234567890. a|'])
      expect(line(text), text).to.equal(undefined);
    expect(line('```\n- a\n```\n- b|')).to.equal('```\n- a\n```\n- b\n- |');
  });
});

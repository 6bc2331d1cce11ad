import { expect } from 'chai';
import fc from 'fast-check';
import { isFewEmojis } from '../../../client/src/lib/chat/emoji.ts';
import { blocksOf, type Block } from '../../../client/src/lib/chat/markdown/blocks.ts';
import { flatLists } from '../../../client/src/lib/chat/markdown/lists.ts';
import { createMarkdown, safeUrl } from '../../../client/src/lib/chat/markdown/parser.ts';
import { isLong, mayHaveMarkup, withoutMarkup } from '../../../client/src/lib/chat/markdown/plain.ts';
import { excerpt } from '../../../client/src/lib/chat/quotes.ts';

const md = createMarkdown();
const blocks = (text: string): readonly Block[] => blocksOf(md, text);
const html = (text: string): string =>
  blocks(text)
    .map((block) => (block.kind === 'html' ? block.html.trim() : `[${block.language}|${block.code}]`))
    .join('');
const p = (inner: string): string => `<p dir="auto">${inner}</p>`;
const hrefs = (text: string): string[] => [...html(text).matchAll(/href="([^"]*)"/g)].map((m) => m[1] ?? '');

describe('markdown of messages', () => {
  it('is bold, italic, strike and code', () => {
    expect(html('**b** _i_ ~~s~~ `c`')).to.equal(p('<strong>b</strong> <em>i</em> <s>s</s> <code>c</code>'));
  });
  it('keeps line breaks as typed', () => {
    expect(html('a\nb')).to.equal(p('a<br>b'));
  });
  it('leaves as typed what people do not mean', () => {
    for (const text of ['a\n---', '    four spaces', '[1]: https', 'snake_case_name', '2 * 3 * 4', '#tag'])
      expect(html(text), text).to.match(/^<p dir="auto">[^<]*(<br>[^<]*)?<\/p>$/);
    expect(html('&amp; &lt;')).to.equal(p('&amp;amp; &amp;lt;'));
    expect(html('¯\\_(ツ)_/¯')).to.equal(p('¯\\_(ツ)_/¯'));
  });
  it('has no headings larger than text, no images and no HTML', () => {
    expect(html('# Big')).to.equal('<p class="heading" dir="auto">Big</p>');
    const all = html('![x](https://a.example/x.png) <img src=x onerror=alert(1)> <b>x</b>');
    expect(all).not.to.match(/<(?:img|b)\b/);
  });
  it('links to the web and to mailboxes only, and says where', () => {
    const bad = ['javascript:alert(1)', 'JaVaScRiPt:alert(1)', 'data:text/html,x', 'vbscript:x', 'file:///x'];
    for (const url of [...bad, '//a.example', '/rooms', 'java\tscript:alert(1)']) {
      expect(hrefs(`[x](${url})`), url).to.deep.equal([]);
      expect(hrefs(`[x](<${url}>)`), url).to.deep.equal([]);
      expect(hrefs(`<${url}>`), url).to.deep.equal([]);
      expect(safeUrl(url), url).to.equal(undefined);
    }
    expect(hrefs('[x](https://a.example) <http://b.example> [m](mailto:a@b.example)')).to.deep.equal([
      'https://a.example/',
      'http://b.example/',
      'mailto:a@b.example',
    ]);
    expect(html('[https://bank.example](https://evil.example)')).to.include('title="https://evil.example/"');
    expect(html('https://a.example')).to.include('target="_blank" rel="noopener noreferrer nofollow"');
  });
  it('makes links of bare addresses, underscores and all, without the marks around them', () => {
    expect(hrefs('**https://a.example/x_y_z**, (https://b.example/c_(d)).')).to.deep.equal([
      'https://a.example/x_y_z',
      'https://b.example/c_(d)',
    ]);
    expect(html('xhttps://a.example')).not.to.include('href');
  });
  it('marks mentions outside of code and links', () => {
    expect(html('**@ann-b**.')).to.equal(p('<strong><span data-mention="ann-b">@ann-b</span></strong>.'));
    expect(html('`@ann` a@b.example [@ann](https://a.example)')).not.to.include('data-mention');
  });
  it('cuts code blocks out with their language, also without an end', () => {
    expect(blocks('see\n```TS\nlet a;\n```\nso')).to.deep.equal([
      { kind: 'html', html: `${p('see')}\n` },
      { kind: 'code', language: 'ts', code: 'let a;' },
      { kind: 'html', html: `${p('so')}\n` },
    ]);
    expect(blocks('```" onclick=x\n<b>')).to.deep.equal([{ kind: 'code', language: '', code: '<b>' }]);
  });
  it('is made of a few tags only, whatever is typed', () => {
    const piece = fc.constantFrom(
      ...['<script>', '<img src=x onerror=1>', '[a](', ')', '![', '](', 'javascript:', '"', "'", '`', '```'],
      ...[
        '*',
        '_',
        '~~',
        '> ',
        '\n',
        '- ',
        '1. ',
        '|',
        '|-|',
        '<',
        '>',
        '&',
        'https://a.example',
        '@bob',
        ' ',
      ],
    );
    const allowed =
      /^<\/?(?:p|br|strong|em|s|code|pre|blockquote|[uo]l|li|a|span|div|table|thead|tbody|t[rhd])[ >]/;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        // What stands in a code block is put on the page as text.
        const made = blocks(pieces.join(''))
          .map((block) => (block.kind === 'html' ? block.html : ''))
          .join('');
        for (const [tag] of made.matchAll(/<[^>]*>/g))
          if (!tag.startsWith('<script>') && !tag.startsWith('<img')) expect(tag).to.match(allowed);
        expect(made).not.to.match(/<[^>]*\son\w+=/);
        for (const href of hrefs(pieces.join(''))) expect(href).to.match(/^(?:https?:\/\/|mailto:)/);
      }),
      { numRuns: 500 },
    );
  });
  it('comes to an end with nested and unclosed marks as long as a message may be', () => {
    for (const mark of ['>', '*', '_', '`', '[', '![', '~~', '- ', '<', '](', '|', 'a@', '*a_'])
      expect(html(mark.repeat(8_000 / mark.length)), mark).to.be.a('string');
  });
});

describe('texts without the renderer', () => {
  it('are those without any mark', () => {
    for (const text of ['Hello, world!', 'https://a.example/x_y_z', 'it’s 5 - 3', 'a@b.example', 'ok #1'])
      expect(mayHaveMarkup(text), text).to.equal(false);
    for (const text of [
      '**b**',
      '> q',
      'x\n- y',
      '1. z',
      '`c`',
      '[a](https://b.example)',
      '# h',
      '<https://a.example>',
    ])
      expect(mayHaveMarkup(text), text).to.equal(true);
  });
  it('look the same with it, but for links', () => {
    const text = fc.string({
      unit: fc.constantFrom('a', ' ', '.', ',', '!', '(', ')', '#', ':', '/', 'é', '5', '-'),
    });
    fc.assert(
      fc.property(text, (typed) => {
        fc.pre(!mayHaveMarkup(typed) && typed.trim() !== '');
        expect(html(typed)).to.equal(p(typed.trim()));
      }),
    );
  });
  it('become plain for previews', () => {
    expect(withoutMarkup('**bold _and_ more** `x` [docs](https://a.example) ~~no~~')).to.equal(
      'bold and more x docs no',
    );
    expect(withoutMarkup('> quote\n- item\n# head').replace(/\s+/g, ' ')).to.equal('quote item head');
    expect(withoutMarkup('```js\nlet a;\n```').trim()).to.equal('let a;');
    expect(withoutMarkup('snake_case_name 2*3*4')).to.equal('snake_case_name 2*3*4');
  });
  it('keep the items of a list apart in previews', () => {
    expect(excerpt({ text: '- one\n- **two**\n- three' })).to.equal('one · two · three');
    expect(excerpt({ text: 'To buy:\n\n* milk\n  fresh\n\n* eggs\n\nThat is all' })).to.equal(
      'To buy: milk fresh · eggs That is all',
    );
    expect(excerpt({ text: '1. first\n2. second\n   - within' })).to.equal('1. first · 2. second · within');
    expect(excerpt({ text: '> - one\n> - two' })).to.equal('one · two');
    expect(excerpt({ text: '- one' })).to.equal('one');
    expect(flatLists('```\n- a\n- b\n```')).to.equal('```\n- a\n- b\n```');
  });
  it('are large when they are one to three emojis', () => {
    for (const text of ['👍', '👍 ❤️ 🎉', '👨‍👩‍👧‍👦', '🇩🇪', ' 🙂 ']) expect(isFewEmojis(text), text).to.equal(true);
    for (const text of ['', '👍👍👍👍', 'ok 👍', '12', '#', '!'])
      expect(isFewEmojis(text), text).to.equal(false);
  });
  it('are folded when they are long', () => {
    expect(isLong('x'.repeat(1_700))).to.equal(false);
    expect(isLong('x'.repeat(1_900))).to.equal(true);
    expect(isLong('x\n'.repeat(31))).to.equal(true);
  });
});

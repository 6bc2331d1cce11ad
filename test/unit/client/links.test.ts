import { expect } from 'chai';
import fc from 'fast-check';
import { isWithin, leadsElsewhere, splitLinks } from '../../../client/src/lib/chat/links.ts';

const links = (text: string): string[] =>
  splitLinks(text).flatMap((part) => (part.kind === 'link' ? [part.text] : []));

describe('splitLinks', () => {
  it('finds http and https addresses', () => {
    expect(links('see https://a.example/x?y=1#z and http://b.example')).to.deep.equal([
      'https://a.example/x?y=1#z',
      'http://b.example',
    ]);
  });
  it('leaves the punctuation of the sentence outside', () => {
    expect(links('(https://a.example/b), or https://a.example.')).to.deep.equal([
      'https://a.example/b',
      'https://a.example',
    ]);
  });
  it('keeps brackets that belong to the address', () => {
    expect(links('https://en.wiki.example/Parley_(word)')).to.deep.equal([
      'https://en.wiki.example/Parley_(word)',
    ]);
  });
  it('makes no link of other schemes', () => {
    expect(links('javascript:alert(1) data:text/html,x file:///etc ftp://x.example')).to.deep.equal([]);
  });
  it('gives back every character of any text, and only http links', () => {
    const piece = fc.constantFrom(
      'https://',
      'http://a.example',
      'javascript:',
      ')',
      '(',
      '.',
      ' ',
      '\n',
      '"',
      'é',
      '<b>',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, (written) => {
        const parts = splitLinks(written);
        expect(parts.map((part) => part.text).join('')).to.equal(written);
        for (const part of parts) if (part.kind === 'link') expect(part.href).to.match(/^https?:\/\//u);
      }),
    );
  });
});

describe('links into this very site', () => {
  const here = 'https://chat.example:8443';
  it('are told from those that lead away', () => {
    expect(leadsElsewhere('see https://chat.example:8443/r/1?m=2, please', here)).to.equal(false);
    expect(leadsElsewhere('no link at all', here)).to.equal(false);
    for (const text of ['http://chat.example:8443/r/1', 'https://chat.example/r/1', 'https://tea.example'])
      expect(leadsElsewhere(`${here}/r/1 and ${text}`, here), text).to.equal(true);
    expect(isWithin('https://chat.example:8443.evil.example/', here)).to.equal(false);
  });
});

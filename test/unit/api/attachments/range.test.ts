import { expect } from 'chai';
import fc from 'fast-check';
import { parseRange } from '../../../../api/routes/range.ts';

describe('a range', () => {
  it('is a part from, to, or from the end', () => {
    expect(parseRange('bytes=2-4', 10)).to.deep.equal({ start: 2, end: 4 });
    expect(parseRange('bytes=8-', 10)).to.deep.equal({ start: 8, end: 9 });
    expect(parseRange('bytes=8-99', 10)).to.deep.equal({ start: 8, end: 9 });
    expect(parseRange('bytes=-3', 10)).to.deep.equal({ start: 7, end: 9 });
    expect(parseRange('bytes=-99', 10)).to.deep.equal({ start: 0, end: 9 });
  });

  it('is none where nothing of it is there', () => {
    for (const header of ['bytes=10-', 'bytes=10-12', 'bytes=-0', 'bytes=999999999999999-'])
      expect(parseRange(header, 10), header).to.equal('none');
  });

  it('is ignored where it is malformed, of several parts, or not of bytes', () => {
    for (const header of [
      undefined,
      '',
      'bytes=',
      'bytes=-',
      'bytes=a-b',
      'bytes=1-2,4-5',
      'bytes=4-2',
      'lines=1-2',
      'bytes=1-2 ',
    ])
      expect(parseRange(header, 10), String(header)).to.equal('whole');
  });

  it('never leaves the file', () => {
    const number = fc.oneof(fc.constant(''), fc.nat(2 ** 31).map(String));
    fc.assert(
      fc.property(number, number, fc.integer({ min: 1, max: 1e9 }), (first, last, size) => {
        const part = parseRange(`bytes=${first}-${last}`, size);
        return typeof part === 'string' || (part.start >= 0 && part.start <= part.end && part.end < size);
      }),
    );
  });
});

import { expect } from 'chai';
import { filesAlong, mayForward } from '../../../client/src/lib/chat/forwarding.ts';
import type { Attachment } from '../../../shared/wire/rest.ts';

const picture = (id: string): Attachment => ({
  id,
  name: id,
  type: 'image/png',
  size: 1,
  width: 1,
  height: 1,
});
const file = (id: string): Attachment => ({ id, name: id, type: 'application/pdf', size: 1 });
const voice = (id: string): Attachment => ({ id, name: id, type: 'audio/webm', size: 1, waveform: [1] });
const many = <T>(make: (id: string) => T, count: number): T[] =>
  Array.from({ length: count }, (_, i) => make(String(i)));

describe('forwarding', () => {
  it('is for words and files, not for notices and what was deleted', () => {
    expect(mayForward({ kind: 'text' })).to.equal(true);
    expect(mayForward({ kind: 'notice' })).to.equal(false);
    expect(mayForward({ kind: 'text', deletedAt: '2026-01-01T00:00:00Z' })).to.equal(false);
  });

  it('shows pictures, and names what is none', () => {
    expect(filesAlong([file('a'), picture('b'), voice('c')])).to.deep.equal({
      pictures: [picture('b')],
      morePictures: 0,
      named: [file('a'), voice('c')],
      moreFiles: 0,
    });
  });

  it('gives the last place to a count where there are more than fit', () => {
    const counts = (attachments: readonly Attachment[]) => {
      const { pictures, morePictures, named, moreFiles } = filesAlong(attachments);
      return [pictures.length, morePictures, named.length, moreFiles];
    };
    expect(counts([...many(picture, 6), ...many(file, 3)])).to.deep.equal([6, 0, 3, 0]);
    expect(counts(many(picture, 10))).to.deep.equal([5, 5, 0, 0]);
    expect(counts(many(file, 10))).to.deep.equal([0, 0, 2, 8]);
  });
});

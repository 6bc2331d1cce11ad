import { expect } from 'chai';
import { filesOf, latinFont, sentBytes } from '../support/client-files.ts';

const KIB = 1_024;
/** KiB of files; with the headers of the answers it stays below 200. */
const MOST = 190;
const MOST_FILES = 10;

describe('the first load of the built client', () => {
  it('is under 200 KiB, gzipped, until one can read and write', () => {
    const files = [...filesOf('conversation'), latinFont()];
    const sizes = files.map((file) => `${file} ${(sentBytes(file) / KIB).toFixed(1)}`);
    const sum = files.reduce((total, file) => total + sentBytes(file), 0);
    expect(sum / KIB, sizes.join('\n')).to.be.below(MOST);
  });

  it('is a handful of files, each of which costs a request', () => {
    const files = filesOf('conversation');
    expect(files.length, files.join('\n')).to.be.below(MOST_FILES);
    expect(
      files.filter((file) => file.startsWith('/assets/conversation-') && file.endsWith('.js')),
    ).to.have.lengthOf(1);
  });
});

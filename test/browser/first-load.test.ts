import { expect } from 'chai';
import { firstSeen, openEyes } from '../../bench/chromium/eye.ts';
import { sentBytes } from '../support/client-files.ts';
import { stage } from './stage.ts';

const KIB = 1_024;
/** KiB of files; with the headers of the answers it stays below 200. */
const MOST = 190;

describe('the first load', function () {
  this.timeout(180_000);
  const on = stage();

  it('asks for less than 200 KiB of files until one reads and writes, and then for the details', async () => {
    const [ann, bob] = [await on.join('Ann'), await on.join('Bob')];
    await bob.message(ann.fullName);
    await bob.say('the first words');
    await ann.openRoom(bob.fullName);
    await ann.sees('the first words');
    const session = await ann.context.newCDPSession(ann.page);
    await session.send('Network.enable');
    await session.send('Network.setCacheDisabled', { cacheDisabled: true });
    await openEyes(ann.page);
    await ann.page.reload();
    const seen = await firstSeen(ann.page, 'conversation');
    const asked = await ann.page.evaluate<readonly string[]>(
      `performance.getEntriesByType('resource').filter(({ startTime }) => startTime <= ${seen}).map(({ name }) => new URL(name).pathname)`,
    );
    const files = ['/index.html', ...new Set(asked.filter((path) => !path.startsWith('/api/')))];
    const sum = files.reduce((total, file) => total + sentBytes(file), 0);
    expect(sum / KIB, files.join('\n')).to.be.within(50, MOST);
    await ann.page.getByRole('region', { name: 'Details' }).waitFor();
  });
});

import { expect } from 'chai';
import { copyText } from '../../../client/src/lib/state/copy.ts';

describe('copying', () => {
  const told: string[] = [];
  const say = (text: string): void => void told.push(text);
  const notify = { success: say, problem: say, failure: () => undefined, unasked: () => undefined };
  const before = Object.getOwnPropertyDescriptor(globalThis, 'navigator');
  /** What the browser has for a clipboard. */
  const clipboard = (writeText: (text: string) => Promise<void>): void => {
    Object.defineProperty(globalThis, 'navigator', {
      configurable: true,
      value: { clipboard: { writeText } },
    });
  };
  beforeEach(() => {
    told.length = 0;
  });
  afterEach(() => {
    if (before !== undefined) Object.defineProperty(globalThis, 'navigator', before);
    else Reflect.deleteProperty(globalThis, 'navigator');
  });

  it('says that it is done, unless whoever asked does', async () => {
    const copied: string[] = [];
    clipboard(async (text) => void copied.push(text));
    expect(await copyText('a', notify, { done: 'Copied' })).to.equal(true);
    expect(await copyText('b', notify)).to.equal(true);
    expect([copied, told]).to.deep.equal([['a', 'b'], ['Copied']]);
  });

  it('says that it could not be done, and what to do instead', async () => {
    clipboard(() => Promise.reject(new Error('no')));
    expect(await copyText('a', notify, { done: 'Copied', instead: 'Copy it by hand.' })).to.equal(false);
    expect(await copyText('a', notify)).to.equal(false);
    const no = 'Your browser did not let it be copied.';
    expect(told).to.deep.equal([`${no} Copy it by hand.`, no]);
  });
});

import { expect } from 'chai';
import { Profile } from '../../../shared/sdk/profile.ts';
import type { Me } from '../../../shared/wire/rest.ts';

describe('one’s own profile', () => {
  it('is read again where that failed, though the connection stays', async () => {
    const me = { id: 'ada' } as Me;
    let calls = 0;
    const warnings: string[] = [];
    const taken = await new Promise<Me>((resolve) => {
      const profile = new Profile({
        fetch: () => ((calls += 1) < 3 ? Promise.reject(new Error('away')) : Promise.resolve(me)),
        take: (read) => {
          resolve(read);
          return Promise.resolve();
        },
        warn: (message) => warnings.push(message),
        retry: 1,
      });
      profile.stale();
    });
    expect(taken).to.equal(me);
    expect(warnings).to.have.length(2);
  });
});

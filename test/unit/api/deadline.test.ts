import { expect } from 'chai';
import { within } from '../../../api/services/deadline.ts';

describe('within', () => {
  it('gives what the work gives', async () => {
    expect(await within(1_000, 'It', Promise.resolve(7))).to.equal(7);
  });

  it('throws what the work throws', async () => {
    const failure = new Error('no');
    const caught = await within(1_000, 'It', Promise.reject(failure)).catch((error: unknown) => error);
    expect(caught).to.equal(failure);
  });

  it('is unavailable, to be tried again, when the work takes too long', async () => {
    const never = new Promise<never>(() => undefined);
    const caught = await within(1, 'It', never).catch((error: unknown) => error);
    expect(caught).to.include({ code: 'unavailable', retry: true });
  });
});

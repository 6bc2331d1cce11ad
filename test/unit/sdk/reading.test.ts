import { expect } from 'chai';
import { ApiError } from '../../../shared/sdk/index.ts';
import { Reading } from '../../../shared/sdk/reading.ts';

describe('What is read in the background', () => {
  it('is read again where that failed, though the connection stays', async () => {
    let calls = 0;
    const errors: unknown[] = [];
    const answer = await new Promise<string>((resolve) => {
      const reading = new Reading({
        fetch: () => ((calls += 1) < 3 ? Promise.reject(new Error('away')) : Promise.resolve('here')),
        apply: resolve,
        onError: (error) => errors.push(error),
        retry: 1,
      });
      void reading.start();
    });
    expect(answer).to.equal('here');
    expect(errors).to.have.length(2);
  });

  it('is read by the next connection where it was refused, and not again once it is here', async () => {
    const answers = [Promise.reject(new ApiError('forbidden', 'no')), Promise.resolve('here')];
    const applied: string[] = [];
    const reading = new Reading<string>({
      fetch: () => answers.shift() ?? Promise.reject(new Error('asked too often')),
      apply: (answer) => applied.push(answer),
      onError: () => undefined,
    });
    await reading.start();
    expect(reading.isDue).to.equal(true);
    reading.onReady(false);
    while (reading.isDue) await Promise.resolve();
    reading.onReady(false);
    expect([applied, answers.length, reading.isDue]).to.deep.equal([['here'], 0, false]);
  });
});

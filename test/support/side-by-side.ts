import { each } from '../../shared/node/each.ts';

type Run = () => Promise<void>;
interface Test {
  readonly run: Run;
  failure: { readonly error: unknown } | undefined;
}

/**
 * Call inside `describe`, for tests that mostly wait: what it gives stands for `it`. They run side by side before the first,
 * each with people of its own, and each test tells how it ended.
 * @param timeout ms for all together.
 * @param width how many at once.
 */
export function sideBySide(timeout: number, width = 8): (title: string, run: Run) => void {
  const tests: Test[] = [];
  before(async function () {
    this.timeout(timeout);
    await each(tests, width, async (test) => {
      await test.run().catch((error: unknown) => {
        test.failure = { error };
      });
    });
  });
  return (title, run) => {
    const test: Test = { run, failure: undefined };
    tests.push(test);
    it(title, () => {
      if (test.failure !== undefined) throw test.failure.error;
    });
  };
}

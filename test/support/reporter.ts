import { appendFileSync } from 'node:fs';
import mocha from 'mocha';

/** Mocha's spec reporter, which also appends its counts to the file named by PARLEY_TEST_COUNTS. */
export default class CountingReporter extends mocha.reporters.Spec {
  constructor(runner: mocha.Runner, options: mocha.MochaOptions) {
    super(runner, options);
    runner.once(mocha.Runner.constants.EVENT_RUN_END, () => {
      const file = process.env['PARLEY_TEST_COUNTS'];
      const { passes, failures, pending } = this.stats;
      if (file !== undefined) appendFileSync(file, `${passes} ${failures} ${pending}\n`);
    });
  }
}

import { expect } from 'chai';
import fc from 'fast-check';
import { BREAKAGES } from './breakages.ts';
import { scenario, type Scenario } from './scenario.ts';
import { simulate, type Twins } from './world.ts';

/** Enough to catch each of the breakages below; PARLEY_MODEL_RUNS asks for more. */
const RUNS = Number(process.env['PARLEY_MODEL_RUNS'] ?? 3_000);
/** ms, with the search for the shortest schedule that fails. Some 10 s pass for 3,000 on a machine that does nothing else. */
const TIME_LIMIT = Math.max(300_000, RUNS * 50);
/** What the breakages are looked for with, so that these tests find the same each time. */
const SEED = 7;

const promise = (twins?: Twins) =>
  fc.asyncProperty(scenario, async (one: Scenario) => {
    const { violation } = await simulate(one, twins);
    if (violation !== undefined) throw new Error(violation);
  });

describe('the model of the log', function () {
  this.timeout(2 * TIME_LIMIT);

  // Thousands of failed calls need no stack each.
  const { stackTraceLimit } = Error;
  before(() => {
    Error.stackTraceLimit = 0;
  });
  after(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });

  it(`keeps every promise in ${RUNS} schedules of stalls, deaths, late and lost inserts and broken counters`, async () => {
    const outcome = await fc.check(promise(), { numRuns: RUNS, interruptAfterTimeLimit: TIME_LIMIT });
    const [counterexample] = outcome.counterexample ?? [];
    if (counterexample === undefined) {
      expect(outcome.interrupted, 'the time was up before all schedules had run').to.be.false;
      return;
    }
    const { story } = await simulate(counterexample, {}, true);
    throw new Error(`${fc.defaultReportMessage(outcome)}\n\n${story}`);
  });

  for (const [name, twins] of Object.entries(BREAKAGES))
    it(`catches ${name}`, async () => {
      const { failed } = await fc.check(promise(twins), { numRuns: RUNS, seed: SEED, endOnFailure: true });
      expect(failed).to.be.true;
    });
});

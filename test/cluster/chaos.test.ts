import { expect } from 'chai';
import { runChaos } from '../chaos/chaos.ts';
import type { PlannedFault } from '../chaos/schedule.ts';
import { story } from '../chaos/story.ts';

/** One of each kind that the promise speaks of; longer runs have more: `npm run chaos`. */
const FAULTS: readonly PlannedFault[] = [
  { at: 3_000, fault: { kind: 'kill', process: 'api-1' } },
  { at: 7_000, fault: { kind: 'kill', process: 'gateway-1' } },
  { at: 11_000, fault: { kind: 'flush' } },
  { at: 14_000, fault: { kind: 'kill', process: 'redis' } },
  { at: 18_000, fault: { kind: 'drop', of: 'clients' } },
  { at: 20_000, fault: { kind: 'pause', process: 'gateway-2', ms: 2_000 } },
];
const OPTIONS = {
  ...{ minutes: 0.5, seed: 7, clients: 6, rooms: 3, rate: 20 },
  ...{ keep: false, broken: undefined, report: undefined },
};

describe('a cluster under faults', function () {
  this.timeout(300_000);

  it('loses nothing, shows nothing twice, keeps one order and leaves no hole open', async () => {
    const { violations, report, journal } = await runChaos(OPTIONS, () => undefined, FAULTS);
    const [first] = violations;
    if (first !== undefined) {
      const lines = await story(first, journal);
      expect.fail([`${first.kind} · ${first.where} · ${first.detail}`, ...lines].join('\n'));
    }
    expect(report.acknowledged).to.be.above(100);
    expect(report.changes).to.be.above(10);
    expect(report.faults).to.equal(FAULTS.length);
  });
});

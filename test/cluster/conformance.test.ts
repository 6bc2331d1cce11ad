import { expect } from 'chai';
import { FrameContract } from '../../conformance/contract/frames.ts';
import { runSuite, type Verdict } from '../../conformance/suite.ts';
import { useCluster } from '../support/use-cluster.ts';

describe('a whole cluster, judged by the conformance suite', function () {
  this.timeout(240_000);
  const on = useCluster();
  let verdict: Verdict;

  before(async () => {
    const { parley } = on;
    verdict = await runSuite(
      {
        url: parley.place.origin.replace(/^http/, 'ws'),
        ca: parley.cluster.caCertificate,
        json: true,
        grep: undefined,
        jobs: 8,
      },
      () => undefined,
    );
  });

  it('fails no check', () => {
    const failed = verdict.checks.filter(({ status }) => status === 'failed');
    const lines = failed.map(({ title, expected, seen }) => `${title}: expected ${expected}; seen ${seen}`);
    expect(lines).to.deep.equal([]);
  });

  it('passes more than a hundred', () => {
    expect(verdict.passed).to.be.greaterThan(100);
  });

  it('shows every frame of docs/asyncapi.yaml at least once', () => {
    expect(Object.keys(verdict.frames)).to.include.members([...new FrameContract().types('toClient')]);
  });
});

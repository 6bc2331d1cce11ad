import { expect } from 'chai';
import { capacityOf, readLimits } from '../../../local/limits.ts';

const limits = (files: number, ports = 28_232, cores = 2) => ({ files, ports, cores });

describe('capacity', () => {
  it('leaves a gateway descriptors for everything but sockets', () => {
    expect(capacityOf(2, limits(20_000))).to.include({ perGateway: 19_500, total: 39_000 });
  });

  it('gives NGINX two descriptors a socket and room to spare', () => {
    for (const gateways of [1, 2, 4, 16]) {
      const { total, nginxWorkers, nginxConnections } = capacityOf(gateways, limits(20_000));
      expect(nginxWorkers * nginxConnections).to.be.at.least(total * 2 * 1.2);
    }
  });

  it('never opens more connections than a worker has descriptors', () => {
    const { nginxConnections, nginxFiles } = capacityOf(2, limits(4_096));
    expect(nginxConnections).to.be.below(nginxFiles);
  });

  it('is bounded by the ports towards one gateway', () => {
    expect(capacityOf(1, limits(1_000_000, 10_000)).perGateway).to.equal(9_500);
  });

  it('takes no huge tables where files are unlimited', () => {
    expect(capacityOf(1, limits(1_000_000_000)).nginxFiles).to.equal(65_536);
  });

  it('runs at least one worker a core', () => {
    expect(capacityOf(1, limits(65_536, 28_232, 8)).nginxWorkers).to.equal(8);
  });

  it('is read from this machine', async () => {
    const { files, ports, cores } = await readLimits();
    expect(Math.min(files, ports, cores)).to.be.above(0);
  });
});

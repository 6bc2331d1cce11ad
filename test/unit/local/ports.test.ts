import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect } from 'chai';
import { Ports } from '../../../local/ports.ts';

describe('the ports of a cluster', () => {
  const clusters: Ports[] = [];
  const cluster = (): Ports => {
    const ports = new Ports();
    clusters.push(ports);
    return ports;
  };
  afterEach(() => {
    for (const ports of clusters.splice(0)) ports.close();
  });
  const take = (ports: Ports, count: number): Promise<number[]> =>
    Promise.all(Array.from({ length: count }, () => ports.take()));
  const blockOf = (port: number): number => Math.floor((port - 20_000) / 300);

  it('are given once', async () => {
    const given = await take(cluster(), 50);
    expect(new Set(given).size).to.equal(50);
  });

  it('are never those of another cluster, even while nobody listens on them', async () => {
    const [mine, others] = [await take(cluster(), 20), await take(cluster(), 20)];
    expect(new Set(mine.map(blockOf)).size).to.equal(1);
    expect(others.map(blockOf)).to.not.include(blockOf(mine[0] ?? 0));
  });

  it('come from one more block when one is full', async () => {
    const given = await take(cluster(), 320);
    expect(new Set(given).size).to.equal(320);
    expect(new Set(given.map(blockOf)).size).to.be.above(1);
  });

  it('are not those a program uses', async () => {
    const ports = cluster();
    const port = await ports.take();
    const program = createServer().listen(port, '127.0.0.1');
    await once(program, 'listening');
    ports.release(port);
    expect(await take(ports, 200)).to.not.include(port);
    program.close();
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { Distributions } from '../../../shared/node/distribution.ts';

const buckets = [1, 3, 10, 30];

/** Labels have no order. */
const sorted = (text: string): string =>
  text.replace(/{(.*)}/g, (_, labels: string) => labels.split(',').toSorted().join());

describe('a distribution', () => {
  it('is told by the registry as prom-client tells its own histograms', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.double({ min: 0, max: 50, noNaN: true }), fc.constantFrom(...buckets)), {
          minLength: 1,
        }),
        async (values) => {
          const [theirs, ours] = [new Registry(), new Registry()];
          for (const registry of [theirs, ours]) registry.setDefaultLabels({ node: 'n' });
          const histogram = new Histogram({
            name: 'x',
            help: 'h',
            labelNames: ['way'],
            buckets,
            registers: [theirs],
          });
          const distribution = new Distributions({ name: 'x', help: 'h', buckets, registry: ours }).with({
            way: 'a',
          });
          for (const value of values) {
            histogram.observe({ way: 'a' }, value);
            distribution.observe(value);
          }
          expect(sorted(await ours.metrics())).to.equal(sorted(await theirs.metrics()));
        },
      ),
    );
  });

  it('is there before anything is told, and keeps its series apart', async () => {
    const registry = new Registry();
    const all = new Distributions({ name: 'x', help: 'h', buckets, registry });
    all.with({ way: 'a' });
    all.with({ way: 'b' }).observe(2);
    const text = await registry.metrics();
    expect(text).to.include('x_count{way="a"} 0').and.include('x_count{way="b"} 1');
    expect(text).to.include('x_bucket{le="3",way="b"} 1');
  });
});

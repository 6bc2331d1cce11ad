import { expect } from 'chai';
import type { Room } from '../../shared/wire/rest.ts';
import { startApi, type Account, type ApiNode } from '../support/api-node.ts';

describe('the metrics of an API node', () => {
  let api: ApiNode;
  let ann: Account;
  let room: string;
  before(async function () {
    this.timeout(240_000);
    api = await startApi();
    ann = await api.register();
    const { id: user } = await api.register();
    const body = { type: 'dm', user };
    room = (await api.call<Room>('POST', '/rooms', { token: ann.token, body })).body.id;
  });
  after(() => api?.stop());

  const send = (clientId: string) =>
    api.call('POST', `/rooms/${room}/messages`, { token: ann.token, body: { clientId, text: 'hello' } });

  it('count sends by way and outcome', async () => {
    const before = await api.metrics();
    await send('a');
    await send('a');
    await api.internal('/sends', { sends: [{ user: ann.id, room, clientId: 'b', text: 'x' }] });
    const after = await api.metrics();
    const grown = (labels: Record<string, string>): number =>
      after.sum('parley_send_accept_seconds_count', labels) -
      before.sum('parley_send_accept_seconds_count', labels);
    expect(grown({ via: 'rest', outcome: 'created' })).to.equal(1);
    expect(grown({ via: 'rest', outcome: 'repeated' })).to.equal(1);
    expect(grown({ via: 'socket', outcome: 'created' })).to.equal(1);
    expect(after.sum('parley_voids_total')).to.be.at.least(before.sum('parley_voids_total'));
  });

  it('tell the size of batches and what they wait for', async () => {
    const sends = Array.from({ length: 40 }, (_, i) => ({
      user: ann.id,
      room,
      clientId: `m${i}`,
      text: 'x',
    }));
    const before = await api.metrics();
    await api.internal('/sends', { sends });
    const after = await api.metrics();
    const grown = (name: string, labels = {}): number => after.sum(name, labels) - before.sum(name, labels);
    expect(grown('parley_append_batch_entries_sum')).to.equal(40);
    expect(grown('parley_append_batch_entries_count')).to.be.below(40);
    for (const step of ['numbers', 'insert', 'publish'])
      expect(grown('parley_append_step_seconds_count', { step })).to.be.greaterThan(0);
    expect(after.sum('parley_append_queue_entries')).to.equal(0);
    expect(after.sum('parley_append_queue_age_seconds')).to.equal(0);
  });

  it('name routes by their pattern, and no room', async () => {
    await send('c');
    await api.call('GET', `/rooms/${'f'.repeat(24)}`, { token: ann.token });
    await api.call('GET', '/rooms/public', { token: ann.token });
    await api.call('GET', '/nowhere');
    const metrics = await api.metrics();
    const count = (route: string, status: string): number =>
      metrics.sum('parley_http_request_seconds_count', { route, status });
    expect(count('POST /rooms/:room/messages', '2xx')).to.be.greaterThan(0);
    expect(count('GET /rooms/:room', '4xx')).to.equal(1);
    expect(count('GET /rooms/public', '2xx')).to.equal(1);
    expect(count('none', '4xx')).to.equal(1);
    expect(metrics.text).not.to.include(room).and.not.to.include(ann.id);
  });

  it('tell how well caches serve, and that the servers are there', async () => {
    const before = await api.metrics();
    await send('d');
    const after = await api.metrics();
    const hits = { cache: 'members', result: 'hit' };
    expect(after.sum('parley_cache_reads_total', hits)).to.be.greaterThan(
      before.sum('parley_cache_reads_total', hits),
    );
    expect(after.sum('parley_redis_up')).to.equal(1);
    expect(after.sum('parley_store_up')).to.equal(1);
    expect(after.text).to.include('nodejs_eventloop_lag_p99_seconds');
  });
});

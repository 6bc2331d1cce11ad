import { expect } from 'chai';
import type { Message, Problem, Room } from '../../shared/wire/rest.ts';
import { startApi, type Account, type Answer, type ApiNode } from '../support/api-node.ts';
import { startServers } from '../support/servers.ts';
import { proxied, type TcpProxy } from '../support/tcp-proxy.ts';

/** ms: a send is answered within one second; a busy machine gets some more. */
const SOON = 2_500;

describe('an API node whose servers hang', function () {
  this.timeout(60_000);
  let api: ApiNode;
  let store: TcpProxy;
  let redis: TcpProxy;
  let ann: Account;
  let room: string;
  let sends = 0;
  before(async function () {
    this.timeout(240_000);
    const servers = await startServers();
    const [mongo, cache] = [await proxied(servers.mongodbUrl), await proxied(servers.redisUrl)];
    [store, redis] = [mongo.proxy, cache.proxy];
    api = await startApi({ servers: { mongodbUrl: mongo.url, redisUrl: cache.url } });
    ann = await api.register();
    const { id: user } = await api.register();
    const body = { type: 'dm', user };
    room = (await api.call<Room>('POST', '/rooms', { token: ann.token, body })).body.id;
  });
  afterEach(async () => {
    store.mend();
    redis.mend();
    while ((await api.call<{ status: string }>('GET', '/readyz')).body.status !== 'ready')
      await new Promise((resolve) => setTimeout(resolve, 20));
  });
  after(async () => {
    await api?.stop();
    await Promise.all([store?.close(), redis?.close()]);
  });

  const send = async (clientId = `c${(sends += 1)}`): Promise<Answer<Message & Problem> & { ms: number }> => {
    const started = performance.now();
    const path = `/rooms/${room}/messages`;
    const body = { clientId, text: 'hello' };
    const answer = await api.call<Message & Problem>('POST', path, { token: ann.token, body });
    return { ...answer, ms: performance.now() - started };
  };
  const untilStored = async (clientId: string): Promise<Message> => {
    for (;;) {
      const { status, body } = await send(clientId);
      if (status < 300) return body;
      expect(body.code).to.be.oneOf(['unavailable', 'overloaded']);
    }
  };

  it('refuses sends soon while the store hangs, to be tried again, and stores them once it is back', async () => {
    expect((await send()).status).to.equal(201);
    store.stall();
    const refused = await Promise.all(Array.from({ length: 20 }, (_, i) => send(`hang-${i}`)));
    for (const { status, headers, body, ms } of refused) {
      expect([status, headers.get('retry-after')]).to.deep.equal([503, '1']);
      expect(body.code).to.be.oneOf(['unavailable', 'overloaded']);
      expect(ms).to.be.below(SOON);
    }
    store.mend();
    const first = await Promise.all(refused.map((_, i) => untilStored(`hang-${i}`)));
    const again = await Promise.all(refused.map((_, i) => untilStored(`hang-${i}`)));
    expect(again.map(({ seq }) => seq)).to.deep.equal(first.map(({ seq }) => seq));
    expect(new Set(first.map(({ seq }) => seq)).size).to.equal(20);
  });

  it('refuses at once after the first, and says so in its metrics', async () => {
    store.stall();
    const all: Promise<{ ms: number }>[] = [];
    for (let i = 0; i < 60; i++) {
      all.push(send());
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await Promise.all(all);
    const metrics = await api.metrics();
    expect(metrics.sum('parley_refused_total', { reason: 'late' })).to.be.greaterThan(0);
    expect(metrics.sum('parley_refused_total', { reason: 'silence' })).to.be.greaterThan(0);
    expect(metrics.sum('parley_store_up')).to.equal(0);
    store.mend();
    await untilStored('after');
    expect((await api.metrics()).sum('parley_store_up')).to.equal(1);
  });

  it('answers reads with 503 while the store hangs, not never', async () => {
    store.stall();
    const started = performance.now();
    const paths = [`/rooms/${room}/messages`, `/rooms/${room}/log?after=0`, '/rooms', '/users/me'];
    const problems = await Promise.all(paths.map((path) => api.refused('GET', path, { token: ann.token })));
    for (const problem of problems) expect(problem).to.include({ status: 503, code: 'unavailable' });
    expect(performance.now() - started).to.be.below(8_000);
  });

  it('stores sends while Redis hangs, only the first of which waits for it', async () => {
    expect((await send()).status).to.equal(201);
    redis.stall();
    const answers: (Answer<Message> & { ms: number })[] = [];
    for (let i = 0; i < 10; i++) answers.push(await send());
    expect(answers.filter(({ status }) => status === 201)).to.have.length.at.least(9);
    for (const { ms } of answers) expect(ms).to.be.below(SOON);
    const seqs = answers.flatMap(({ status, body }) => (status === 201 ? [body.seq] : []));
    expect(seqs).to.deep.equal(seqs.toSorted((a, b) => a - b));
    expect((await api.metrics()).sum('parley_redis_up')).to.equal(0);
  });
});

import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { mongo } from 'mongoose';
import { BY_ADDRESS, BY_USER } from '../../api/middleware/rate-limit.ts';
import { readApiConfig } from '../../shared/node/config.ts';
import { API_PREFIX, type Problem } from '../../shared/wire/rest.ts';
import { PASSWORD, startApi, type Answer, type ApiNode } from '../support/api-node.ts';
import { Caller, LIMITED, type Ask, type Limited } from '../support/limited-calls.ts';
import { resetTokens } from '../support/rights/api-wire.ts';
import { digestOf } from '../support/rights/digest.ts';
import { startServers, type TestServers } from '../support/servers.ts';

interface Trial {
  /** RATE_LIMIT_… */
  readonly limit: string;
  /** The route, as the product's tables have it. */
  readonly call: string;
  readonly by: 'user' | 'address';
}
const trials = (table: Readonly<Record<string, string>>, by: Trial['by']): Trial[] =>
  Object.entries(table).map(([call, group]) => ({ limit: `RATE_LIMIT_${group.toUpperCase()}`, call, by }));

/** Counted where they are answered, or all of them together. */
const BESIDES: readonly Trial[] = [
  { limit: 'RATE_LIMIT_PASSWORD', call: 'POST /auth/password', by: 'user' },
  { limit: 'RATE_LIMIT_PASSWORD', call: 'PATCH /users/me', by: 'user' },
  { limit: 'RATE_LIMIT_SEND', call: 'POST /rooms/:room/messages', by: 'user' },
  { limit: 'RATE_LIMIT_CALLS', call: 'PUT /rooms/:room/draft', by: 'user' },
  { limit: 'RATE_LIMIT_CALLS', call: 'POST /attachments', by: 'user' },
];
const TRIALS: readonly Trial[] = [...trials(BY_USER, 'user'), ...trials(BY_ADDRESS, 'address'), ...BESIDES];
const LIMITS = Object.keys(readApiConfig({})).filter((name) => name.startsWith('RATE_LIMIT_'));
const LOGINS = LIMITS.filter((name) => name.startsWith('RATE_LIMIT_LOGIN'));

describe('each limit, when it is one an hour', () => {
  let servers: TestServers;
  let client: mongo.MongoClient;
  let free: ApiNode;
  const nodes = new Map<string, Promise<ApiNode>>();
  before(async function () {
    this.timeout(240_000);
    servers = await startServers();
    client = new mongo.MongoClient(servers.mongodbUrl);
    free = await startApi({ servers });
  });
  after(async function () {
    this.timeout(60_000);
    for (const node of nodes.values()) await (await node).stop();
    await free?.stop();
    await client?.close();
  });

  /** A node on which nothing but these is limited much. */
  const limitedBy = (...limits: readonly string[]): Promise<ApiNode> => {
    const key = limits.join();
    const env = { RATE_LIMITS: 'on', ...Object.fromEntries(limits.map((limit) => [limit, '1/1h'])) };
    const node = nodes.get(key) ?? startApi({ servers, env });
    nodes.set(key, node);
    return node;
  };
  const newAddress = (): string => `10.${randomInt(256)}.${randomInt(256)}.${randomInt(256)}`;
  const newCaller = (): Promise<Caller> => Caller.create(free, resetTokens(client.db()));
  const make = (node: ApiNode, { method, path, ...rest }: Ask, address: string): Promise<Answer<Problem>> =>
    node.call<Problem>(method, path, { ...rest, headers: { 'x-forwarded-for': address } });

  /** What the calls could have changed: those rooms and people, and how much there is of anything. */
  async function state({ rooms, who, friends }: Caller): Promise<string> {
    const users = [who, ...friends].map(({ id }) => id);
    const names = (await client.db().listCollections().toArray()).map(({ name }) => name).sort();
    const counts: unknown[] = [];
    for (const name of names.filter((one) => !one.startsWith('search')))
      counts.push([name, await client.db().collection(name).countDocuments()]);
    return `${await digestOf(client.db(), rooms, users)}\n${JSON.stringify(counts)}`;
  }
  function expectRefused({ status, headers, body }: Answer<Problem>): void {
    expect([status, body.status, body.code]).to.deep.equal([429, 429, 'rate_limited']);
    expect(headers.get('content-type')).to.match(/^application\/problem\+json/);
    expect(Number(headers.get('retry-after'))).to.be.within(3_500, 3_600);
  }
  /** The router of Express takes these for the same path. */
  async function expectNoWayRound(node: ApiNode, ask: Ask, address: string): Promise<void> {
    const [path = '', query = ''] = ask.path.split('?');
    const loud = path.replaceAll(/\/[a-z]+(?=\/|$)/g, (literal) => literal.toUpperCase());
    const spellings = [`${API_PREFIX}${path}`, `${API_PREFIX}${loud}`, `${API_PREFIX.toUpperCase()}${path}`];
    const token = ask.token === undefined ? {} : { authorization: `Bearer ${ask.token}` };
    const headers = { 'x-forwarded-for': address, 'content-type': 'application/json', ...token };
    const body = typeof ask.body === 'string' ? ask.body : JSON.stringify(ask.body);
    const init = { headers, ...(body === undefined ? {} : { body }) };
    for (const method of ask.method === 'GET' ? ['GET', 'HEAD'] : [ask.method])
      for (const spelled of spellings.flatMap((one) => [one, `${one}/`, `${one}//`])) {
        const { status } = await fetch(`${node.origin}${spelled}?${query}`, { ...init, method });
        expect(status, `${method} ${spelled}`).to.be.oneOf([404, 429]);
      }
  }

  for (const { limit, call, by } of TRIALS)
    it(`${limit} refuses the second ${call} of one ${by}, which changes nothing, and nobody else’s`, async function () {
      this.timeout(60_000);
      const act = LIMITED[call];
      if (act === undefined) throw new Error(`${call} is counted, and not tried here`);
      const [node, caller, other] = await Promise.all([limitedBy(limit), newCaller(), newCaller()]);
      const [here, there] = [newAddress(), newAddress()];
      const { first, again, works }: Limited = await act(caller);
      const others = await act(other);
      expect((await make(node, first, here)).status).not.to.equal(429);
      const before = await state(caller);
      expectRefused(await make(node, again, here));
      await expectNoWayRound(node, again, by === 'user' ? there : here);
      expect(await state(caller)).to.equal(before);
      const passes = by === 'user' ? make(node, others.again, here) : make(node, again, there);
      expect((await passes).status, `another ${by}’s`).to.equal(works);
      if (by === 'user') expectRefused(await make(node, again, there));
    });

  describe('of wrong passwords', () => {
    const login = (node: ApiNode, { who }: Caller, address: string, password = PASSWORD) =>
      make(
        node,
        { method: 'POST', path: '/auth/login', body: { username: who.username, password } },
        address,
      );
    const scene = async (...limits: readonly string[]) => ({
      node: await limitedBy(...limits),
      ann: await newCaller(),
      bob: await newCaller(),
      here: newAddress(),
      there: newAddress(),
    });

    it('RATE_LIMIT_LOGIN refuses one name at one address', async () => {
      const { node, ann, bob, here, there } = await scene('RATE_LIMIT_LOGIN');
      expect((await login(node, ann, here, 'wrong horse')).status).to.equal(401);
      const before = await state(ann);
      expectRefused(await login(node, ann, here));
      expect(await state(ann)).to.equal(before);
      expect((await login(node, ann, there)).status, 'elsewhere').to.equal(200);
      expect((await login(node, bob, here)).status, 'another name').to.equal(200);
    });

    it('RATE_LIMIT_LOGIN_NAME refuses one name, wherever it comes from', async () => {
      const { node, ann, bob, here, there } = await scene('RATE_LIMIT_LOGIN_NAME');
      expect((await login(node, ann, here, 'wrong horse')).status).to.equal(401);
      const before = await state(ann);
      expectRefused(await login(node, ann, there));
      expectRefused(await login(node, ann, here));
      expect(await state(ann)).to.equal(before);
      expect((await login(node, bob, here)).status, 'another name').to.equal(200);
    });

    it('RATE_LIMIT_LOGIN_ADDRESS refuses one address, whatever the name', async () => {
      const { node, ann, bob, here, there } = await scene('RATE_LIMIT_LOGIN_ADDRESS');
      expect((await login(node, ann, here, 'wrong horse')).status).to.equal(401);
      const before = await state(bob);
      expectRefused(await login(node, bob, here));
      expect(await state(bob)).to.equal(before);
      expect((await login(node, bob, there)).status, 'elsewhere').to.equal(200);
    });

    it('count an attempt that was refused nowhere else: a name cannot be shut out by an address that is', async () => {
      const { node, ann, bob, here, there } = await scene(...LOGINS);
      expect((await login(node, ann, here, 'wrong horse')).status).to.equal(401);
      for (let i = 0; i < 3; i++) expectRefused(await login(node, bob, here, 'wrong horse'));
      expect((await login(node, bob, there)).status, 'another name, elsewhere').to.equal(200);
      expectRefused(await login(node, ann, there));
      expect((await login(node, bob, there)).status, 'where the other name was refused').to.equal(200);
    });
  });

  it('is tried here', () => {
    const tried = new Set([...TRIALS.map(({ limit }) => limit), ...LOGINS]);
    expect(LIMITS.filter((limit) => !tried.has(limit))).to.deep.equal([]);
    expect(LOGINS).to.have.length(3);
  });
});

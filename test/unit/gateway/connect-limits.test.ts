import { request, type IncomingHttpHeaders } from 'node:http';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { GatewayLimits } from '../../../gateway/limits.ts';
import { SocketServer } from '../../../gateway/server.ts';
import { readGatewayConfig } from '../../../shared/node/config.ts';
import { createLogger } from '../../../shared/node/logger.ts';
import { addressBehind, networkOf } from '../../../shared/node/network.ts';
import { idOf, testGateway, type TestGateway } from '../../support/gateway-harness.ts';

const [alice, room] = [idOf('a'), idOf('1')] as const;

describe('connections from one address', () => {
  let t: TestGateway;
  let server: SocketServer;
  let port: number;
  let now: number;
  const clients: WebSocket[] = [];

  const start = async (helloTimeout: number): Promise<void> => {
    now = 0;
    t = testGateway();
    t.cluster.join(alice, room);
    const env = { RATE_LIMIT_CONNECT: '4/1m', RATE_LIMIT_CONNECT_FAILED: '2/1m' };
    const limits = new GatewayLimits(readGatewayConfig(env), { now: () => now });
    server = new SocketServer({
      host: '127.0.0.1',
      port: 0,
      allowedOrigins: [],
      maxSockets: 100,
      trustedHops: 1,
      deps: { ...t.gateway.deps, limits, helloTimeout },
      heartbeat: t.gateway.heartbeat,
      logger: createLogger({ name: 'test', level: 'silent' }),
    });
    port = await server.listen();
  };
  beforeEach(() => start(60_000));
  afterEach(async () => {
    for (const client of clients.splice(0)) client.terminate();
    await server.close();
  });

  const upgrade = (
    from = '192.0.2.1',
  ): Promise<{ status?: number | undefined; headers: IncomingHttpHeaders }> =>
    new Promise((resolve, reject) => {
      const headers = {
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'x-forwarded-for': from,
      };
      const asked = request({ port, host: '127.0.0.1', path: '/ws', headers });
      asked.on('response', ({ statusCode: status, headers }) => resolve({ status, headers }));
      asked.on('upgrade', ({ statusCode: status, headers }, socket) => {
        socket.destroy();
        resolve({ status, headers });
      });
      asked.on('error', reject);
      asked.end();
    });
  const connect = async (say?: string, from = '192.0.2.1'): Promise<number> => {
    const headers = { 'x-forwarded-for': from };
    const client = new WebSocket(`ws://127.0.0.1:${port}/ws`, 'parley.v1', { headers });
    clients.push(client);
    const closed = new Promise<number>((resolve) => client.once('close', resolve));
    await new Promise((resolve) => client.once('open', resolve));
    if (say !== undefined) client.send(say);
    return closed;
  };

  it('are refused with 429 when there are too many, and let in again after the wait', async () => {
    for (let i = 0; i < 4; i++) expect((await upgrade()).status).to.equal(101);
    const { status, headers } = await upgrade();
    expect([status, headers['retry-after']]).to.deep.equal([429, '15']);
    expect((await upgrade('192.0.2.2')).status, 'another address').to.equal(101);
    now = 15_000;
    expect([(await upgrade()).status, (await upgrade()).status]).to.deep.equal([101, 429]);
  });

  it('are counted by what our own proxy says, whatever stands before it', async () => {
    for (let i = 0; i < 4; i++) await upgrade(`203.0.113.${i}, 192.0.2.9`);
    expect((await upgrade('203.0.113.200, 192.0.2.9')).status).to.equal(429);
  });

  it('that come to nothing count more: a forged token, a broken protocol', async () => {
    expect(await connect(JSON.stringify({ type: 'hello', token: 'forged' }))).to.equal(4401);
    expect(await connect('no frame')).to.equal(4400);
    expect((await upgrade()).status).to.equal(429);
    expect((await upgrade('192.0.2.2')).status).to.equal(101);
  });

  it('that come to nothing count more: no hello in time', async () => {
    await server.close();
    await start(20);
    expect([await connect(), await connect()]).to.deep.equal([4002, 4002]);
    expect((await upgrade()).status).to.equal(429);
  });

  it('of people who are let in cost nothing beyond themselves', async () => {
    const hello = JSON.stringify({ type: 'hello', token: `${alice}:${idOf('e')}` });
    for (let i = 0; i < 3; i++) void connect(hello);
    while ([...server.sessions].filter(({ isReady }) => isReady).length < 3)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect([(await upgrade()).status, (await upgrade()).status]).to.deep.equal([101, 429]);
  });
});

describe('an address', () => {
  it('is the one that our proxies saw', () => {
    expect(addressBehind(0, '10.0.0.1', '1.1.1.1')).to.equal('10.0.0.1');
    expect(addressBehind(1, '10.0.0.1', '1.1.1.1, 2.2.2.2')).to.equal('2.2.2.2');
    expect(addressBehind(2, '10.0.0.1', '1.1.1.1, 2.2.2.2')).to.equal('1.1.1.1');
    expect(addressBehind(5, '10.0.0.1', '1.1.1.1')).to.equal('1.1.1.1');
    expect(addressBehind(1, '10.0.0.1', undefined)).to.equal('10.0.0.1');
    expect(addressBehind(1, undefined, undefined)).to.equal(undefined);
  });

  it('counts as its network where it is IPv6, and as itself where it is IPv4 in another dress', () => {
    expect(networkOf('2001:db8:0:1::5')).to.equal(networkOf('2001:db8:0:1:ffff::1'));
    expect(networkOf('2001:db8:0:1::5')).not.to.equal(networkOf('2001:db8:0:2::5'));
    expect(networkOf('::ffff:192.0.2.1')).to.equal('192.0.2.1');
    expect(networkOf('192.0.2.1')).not.to.equal(networkOf('192.0.2.2'));
    for (const text of [undefined, '', 'unix:', 'somewhere']) expect(networkOf(text)).to.equal('unknown');
  });
});

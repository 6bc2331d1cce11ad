import { request } from 'node:http';
import { PassThrough } from 'node:stream';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { drain } from '../../../gateway/drain.ts';
import { SocketServer } from '../../../gateway/server.ts';
import { createLogger } from '../../../shared/node/logger.ts';
import { idOf, testGateway, type TestGateway } from '../../support/gateway-harness.ts';

const [alice, room] = [idOf('a'), idOf('1')] as const;

describe('gateway server', () => {
  let t: TestGateway;
  let server: SocketServer;
  let port: number;
  const clients: WebSocket[] = [];

  beforeEach(async () => {
    t = testGateway();
    t.cluster.join(alice, room);
    server = new SocketServer({
      host: '127.0.0.1',
      port: 0,
      allowedOrigins: ['https://chat.example'],
      maxSockets: 2,
      deps: t.gateway.deps,
      heartbeat: t.gateway.heartbeat,
      logger: createLogger({ name: 'test', level: 'silent' }),
    });
    port = await server.listen();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.terminate();
    await server.close();
  });

  const connect = (): WebSocket => {
    const client = new WebSocket(`ws://127.0.0.1:${port}/ws`, 'parley.v1');
    clients.push(client);
    return client;
  };
  const status = (path: string, headers: Record<string, string> = {}): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const upgrade = request({
        port,
        host: '127.0.0.1',
        path,
        headers: {
          connection: 'Upgrade',
          upgrade: 'websocket',
          'sec-websocket-version': '13',
          'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
          'sec-websocket-protocol': 'parley.v1',
          ...headers,
        },
      });
      upgrade.on('response', (response) => resolve(response.statusCode));
      upgrade.on('upgrade', (response, socket) => {
        socket.destroy();
        resolve(response.statusCode);
      });
      upgrade.on('error', reject);
      upgrade.end();
    });
  const opened = (client: WebSocket) => new Promise((resolve) => client.once('open', resolve));
  const closed = (client: WebSocket) => new Promise<number>((resolve) => client.once('close', resolve));
  const received = (client: WebSocket, type: string) =>
    new Promise<Record<string, unknown>>((resolve) => {
      client.on('message', (data: Buffer) => {
        const frame = JSON.parse(data.toString('utf8')) as Record<string, unknown>;
        if (frame['type'] === type) resolve(frame);
      });
    });
  const hello = JSON.stringify({ type: 'hello', token: `${alice}:${idOf('e')}` });

  it('upgrades on /ws for listed origins and for clients without one', async () => {
    expect(await status('/ws')).to.equal(101);
    expect(await status('/ws?x=1', { origin: 'https://chat.example' })).to.equal(101);
  });

  it('refuses other origins with 403, other paths with 404, other subprotocols with 400', async () => {
    expect(await status('/ws', { origin: 'https://evil.example' })).to.equal(403);
    expect(await status('/ws', { origin: 'null' })).to.equal(403);
    expect(await status('/other')).to.equal(404);
    expect(await status('/ws', { 'sec-websocket-protocol': 'graphql-ws' })).to.equal(400);
  });

  it('refuses with 503 when full and when draining', async () => {
    await Promise.all([opened(connect()), opened(connect())]);
    expect(await status('/ws')).to.equal(503);
    for (const client of clients) client.terminate();
    server.refuse();
    expect(await status('/ws')).to.equal(503);
  });

  it('speaks with a real client, past the library and in whole frames', async () => {
    const client = connect();
    await opened(client);
    const ready = received(client, 'ready');
    client.send(hello);
    await ready;
    const message = received(client, 'message');
    const text = 'ü'.repeat(40_000);
    await t.cluster.post(room, text);
    expect((await message)['text']).to.equal(text);
  });

  it('closes at binary frames with 4400 and at frames above 64 KiB with 1009', async () => {
    const [binary, large] = [connect(), connect()];
    await Promise.all([opened(binary), opened(large)]);
    const codes = Promise.all([closed(binary), closed(large)]);
    binary.send(Buffer.from([1]));
    large.send('x'.repeat(64 * 1024 + 1));
    expect(await codes).to.deep.equal([4400, 1009]);
  });

  it('drains: bye, then 1012 for everyone', async () => {
    const client = connect();
    await opened(client);
    const ready = received(client, 'ready');
    client.send(hello);
    await ready;
    const [bye, code] = [received(client, 'bye'), closed(client)];
    await drain(server, 0);
    expect((await bye)['retryAfterMs']).to.be.a('number');
    expect(await code).to.equal(1012);
    expect(server.sessions.size).to.equal(0);
  });

  it('writes to the connection directly: the internals of ws are where they were', async () => {
    const { WebSocketServer } = await import('ws');
    const { WireWriter } = await import('../../../gateway/wire-writer.ts');
    const plain = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
    const isDirect = new Promise<boolean>((resolve) => {
      plain.on('connection', (ws, upgrade) => resolve(new WireWriter(ws, upgrade.socket).isDirect));
    });
    await new Promise((resolve) => plain.once('listening', resolve));
    const client = new WebSocket(`ws://127.0.0.1:${(plain.address() as { port: number }).port}`);
    await opened(client);
    expect(await isDirect).to.equal(true);
    client.terminate();
    plain.close();
  });

  it('says the same through the library where it may not write to the connection', async () => {
    const { WebSocketServer } = await import('ws');
    const { WireWriter } = await import('../../../gateway/wire-writer.ts');
    const { controlFrame, PING } = await import('../../../gateway/out-frame.ts');
    const plain = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
    plain.on('connection', (ws) => {
      const writer = new WireWriter(ws, new PassThrough());
      const frames = [controlFrame({ type: 'pong' }), PING, controlFrame({ type: 'beat' })];
      if (!writer.isDirect) writer.write(frames, Buffer.concat(frames.map(({ wire }) => wire)));
    });
    await new Promise((resolve) => plain.once('listening', resolve));
    const client = new WebSocket(`ws://127.0.0.1:${(plain.address() as { port: number }).port}`);
    const heard: string[] = [];
    client.on('ping', () => heard.push('ping'));
    client.on('message', (data: Buffer) => heard.push(data.toString('utf8')));
    while (heard.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(heard).to.deep.equal(['{"type":"pong"}', 'ping', '{"type":"beat"}']);
    client.terminate();
    plain.close();
  });
});

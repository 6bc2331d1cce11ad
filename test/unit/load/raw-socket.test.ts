import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { type WebSocket, WebSocketServer } from 'ws';
import { connectRaw, HandshakeError, type RawSocket } from '../../../load/socket/index.ts';

class Ears {
  readonly texts: string[] = [];
  readonly closed: Promise<readonly [code: number, reason: string]>;
  #settle: (closed: readonly [number, string]) => void = () => undefined;
  #waiting: (() => void) | undefined;

  constructor() {
    this.closed = new Promise((resolve) => (this.#settle = resolve));
  }

  onText(bytes: Buffer, start: number, end: number): void {
    this.texts.push(bytes.toString('utf8', start, end));
    this.#waiting?.();
  }

  onClose(code: number, reason: string): void {
    this.#settle([code, reason]);
  }

  async heard(count: number): Promise<readonly string[]> {
    while (this.texts.length < count) await new Promise<void>((resolve) => (this.#waiting = resolve));
    return this.texts;
  }
}

describe('RawSocket', () => {
  let server: WebSocketServer;
  let url: string;
  const sockets: RawSocket[] = [];

  beforeEach(async () => {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
    await once(server, 'listening');
    url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    for (const peer of server.clients) peer.terminate();
    await new Promise((resolve) => server.close(resolve));
  });

  async function pair(greeting?: string): Promise<{ socket: RawSocket; peer: WebSocket; ears: Ears }> {
    const accepted = once(server, 'connection') as Promise<[WebSocket]>;
    if (greeting !== undefined) server.once('connection', (peer: WebSocket) => peer.send(greeting));
    const [socket, [peer]] = await Promise.all([
      connectRaw({ url, localAddress: '127.0.0.7', protocols: [] }),
      accepted,
    ]);
    sockets.push(socket);
    const ears = new Ears();
    socket.listen(ears);
    return { socket, peer, ears };
  }

  it('hears what a ws server sends, short and long', async () => {
    const { peer, ears } = await pair();
    const texts = ['', 'ü', 'x'.repeat(126), 'y'.repeat(70_000), 'z'];
    for (const text of texts) peer.send(text);
    expect(await ears.heard(texts.length)).to.deep.equal(texts);
  });

  it('hears what came with the upgrade', async () => {
    const { ears } = await pair('early');
    expect(await ears.heard(1)).to.deep.equal(['early']);
  });

  it('sends texts of every length, masked', async () => {
    const { socket, peer } = await pair();
    const texts = ['', 'ü', 'x'.repeat(125), 'x'.repeat(126), 'y'.repeat(65_536)];
    const heard: string[] = [];
    const all = new Promise<void>((resolve) =>
      peer.on('message', (data: Buffer) => {
        if (heard.push(data.toString()) === texts.length) resolve();
      }),
    );
    for (const text of texts) socket.sendText(text);
    await all;
    expect(heard).to.deep.equal(texts);
  });

  it('answers a ping with its own bytes', async () => {
    const { peer } = await pair();
    const pong = once(peer, 'pong') as Promise<[Buffer]>;
    peer.ping('are you there');
    expect(String((await pong)[0])).to.equal('are you there');
  });

  it('tells the code with which the server closes', async () => {
    const { peer, ears } = await pair();
    peer.close(4008, 'too slow');
    expect(await ears.closed).to.deep.equal([4008, 'too slow']);
  });

  it('tells 1006 when the connection breaks', async () => {
    const { peer, ears } = await pair();
    peer.terminate();
    expect((await ears.closed)[0]).to.equal(1006);
  });

  it('says goodbye with its own code', async () => {
    const { socket, peer, ears } = await pair();
    const closed = once(peer, 'close') as Promise<[number]>;
    socket.close(4999);
    expect((await closed)[0]).to.equal(4999);
    expect((await ears.closed)[0]).to.equal(4999);
  });

  it('closes with 1003 on a binary message', async () => {
    const { peer, ears } = await pair();
    const closed = once(peer, 'close') as Promise<[number]>;
    peer.send(Buffer.from([1, 2]));
    expect((await closed)[0]).to.equal(1003);
    expect((await ears.closed)[0]).to.equal(1003);
  });

  it('comes from the address it was told', async () => {
    const asked = new Promise<string | undefined>((resolve) =>
      server.once('connection', (_peer, request) => resolve(request.socket.remoteAddress)),
    );
    await pair();
    expect(await asked).to.equal('127.0.0.7');
  });

  it('rejects with the status when the upgrade is refused', async () => {
    server.options.verifyClient = (_info: unknown, done: (ok: boolean, code?: number) => void) =>
      done(false, 503);
    const error = await connectRaw({ url }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(HandshakeError);
    expect(error).to.include({ status: 503 });
  });

  it('rejects when nobody listens', async () => {
    const error = await connectRaw({ url: 'ws://127.0.0.1:1/' }).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(HandshakeError);
  });
});

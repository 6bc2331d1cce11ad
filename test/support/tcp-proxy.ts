import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * Stands between a node and a server; `cut` is the server's death as the node sees it, `stall` that it hangs (connections
 * stay, nothing answers), `mend` its return.
 */
export class TcpProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #pairs = new Set<readonly [near: Socket, far: Socket]>();
  #isCut = false;
  #isStalled = false;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async to(host: string, port: number): Promise<TcpProxy> {
    const server = createServer();
    const proxy = new TcpProxy(server);
    server.on('connection', (near) => proxy.#join(near, connect(port, host)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  stall(): void {
    this.#isStalled = true;
    for (const [near, far] of this.#pairs)
      for (const socket of [near, far]) {
        socket.unpipe();
        socket.pause();
      }
  }

  mend(): void {
    this.#isCut = false;
    if (!this.#isStalled) return;
    this.#isStalled = false;
    for (const [near, far] of this.#pairs) {
      near.pipe(far);
      far.pipe(near);
    }
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(near: Socket, far: Socket): void {
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        this.#pairs.delete(pair);
        other.destroy();
      });
      if (!this.#isStalled) socket.pipe(other);
    }
    if (this.#isCut) near.destroy();
  }
}

/** A proxy before the server at `address`, and the URL that leads through it. */
export async function proxied(address: string): Promise<{ proxy: TcpProxy; url: string }> {
  const url = new URL(address);
  const proxy = await TcpProxy.to(url.hostname, Number(url.port));
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  // A replica set would give the driver its members' own addresses, past the proxy.
  if (url.protocol === 'mongodb:') {
    url.searchParams.delete('replicaSet');
    url.searchParams.set('directConnection', 'true');
  }
  return { proxy, url: url.href };
}

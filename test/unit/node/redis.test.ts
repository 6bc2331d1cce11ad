import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import type { Redis } from 'ioredis';
import { createLogger } from '../../../shared/node/logger.ts';
import { connectCommands, connectSubscriber } from '../../../shared/node/redis.ts';
import { tapMessages } from '../../../shared/node/subscriber-tap.ts';

/** Answers every command with OK, as long as it does not hang. */
class FakeRedis {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #hangs = false;

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => this.#sockets.delete(socket));
      socket.on('data', (data) => {
        const commands = data.toString().match(/^\*\d+\r$/gm)?.length ?? 0;
        if (!this.#hangs) socket.write('+OK\r\n'.repeat(commands));
      });
    });
  }

  static async start(): Promise<FakeRedis> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FakeRedis(server);
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  hang(): void {
    this.#hangs = true;
  }

  resume(): void {
    this.#hangs = false;
  }

  say(text: string): void {
    for (const socket of this.#sockets) socket.write(text);
  }

  stop(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

describe('the connection for commands', function () {
  this.timeout(20_000);
  let server: FakeRedis;
  let redis: Redis;

  beforeEach(async () => {
    server = await FakeRedis.start();
    redis = connectCommands(server.url, createLogger({ name: 'test', level: 'silent' }));
    await once(redis, 'ready');
  });
  afterEach(() => {
    redis.disconnect();
    server.stop();
  });
  /** Not `once`, which an error on the way would end. */
  const next = (event: 'close' | 'ready'): Promise<void> =>
    new Promise((resolve) => redis.once(event, () => resolve()));
  const failureOf = (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('refuses at once, without another wait, while Redis hangs', async () => {
    server.hang();
    const closed = next('close');
    expect(await failureOf(redis.get('a'))).to.be.an('error');
    await closed;
    expect(redis.status).not.to.equal('ready');
    expect(await failureOf(redis.get('b')))
      .to.have.property('message')
      .that.includes("isn't writeable");
  });

  it('serves again when Redis answers again', async () => {
    server.hang();
    const closed = next('close');
    await failureOf(redis.get('a'));
    await closed;
    server.resume();
    await next('ready');
    expect(await redis.get('a')).to.equal('OK');
  });
});

describe('the connection for subscriptions', () => {
  it('gives its messages to who taps it, and nothing of them to the client: its insides are where they were', async () => {
    const server = await FakeRedis.start();
    const subscriber = connectSubscriber(server.url, createLogger({ name: 'test', level: 'silent' }));
    try {
      await once(subscriber, 'ready');
      const told: string[] = [];
      subscriber.on('messageBuffer', () => told.push('told by the client'));
      const message = new Promise<void>((resolve) => {
        const isTapped = tapMessages(subscriber, (channel, text) => {
          told.push(`${channel}=${text.toString()}`);
          resolve();
        });
        expect(isTapped).to.equal(true);
      });
      server.say('>3\r\n$7\r\nmessage\r\n$1\r\na\r\n$2\r\nhi\r\n');
      await message;
      expect(await subscriber.ping()).to.equal('OK');
      expect(told).to.deep.equal(['a=hi']);
    } finally {
      subscriber.disconnect();
      server.stop();
    }
  });
});

import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Redis } from 'ioredis';
import type { Bus } from '../../shared/node/bus.ts';
import { MemoryBroker } from '../../shared/node/bus-memory.ts';
import { RedisBus } from '../../shared/node/bus-redis.ts';
import { createLogger } from '../../shared/node/logger.ts';
import { connectCommands, connectSubscriber, settled } from '../../shared/node/redis.ts';

/** What a bus under test runs on, and how to take that away. */
interface Ground {
  start(): Promise<void>;
  connect(): Promise<Bus>;
  down(): Promise<void>;
  up(): Promise<void>;
  stop(): Promise<void>;
}

class MemoryGround implements Ground {
  #broker = new MemoryBroker();
  async start(): Promise<void> {
    this.#broker = new MemoryBroker();
  }
  async connect(): Promise<Bus> {
    return this.#broker.connect();
  }
  async down(): Promise<void> {
    this.#broker.down();
  }
  async up(): Promise<void> {
    this.#broker.up();
  }
  async stop(): Promise<void> {
    await Promise.resolve();
  }
}

class RedisGround implements Ground {
  readonly #logger = createLogger({ name: 'test', level: 'silent' });
  #port = 0;
  #server: ChildProcess | undefined;
  #commands: Redis[] = [];

  async start(): Promise<void> {
    this.#port = await freePort();
    await this.up();
  }
  async connect(): Promise<Bus> {
    const url = `redis://127.0.0.1:${this.#port}`;
    const commands = connectCommands(url, this.#logger);
    const subscriber = connectSubscriber(url, this.#logger);
    this.#commands.push(commands);
    const bus = new RedisBus(commands, subscriber, this.#logger);
    await Promise.all([settled(commands, 5_000), settled(subscriber, 5_000)]);
    return bus;
  }
  async down(): Promise<void> {
    const server = this.#server;
    if (server === undefined) return;
    this.#server = undefined;
    const exited = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await exited;
  }
  async up(): Promise<void> {
    const server = spawn(
      'redis-server',
      ['--port', String(this.#port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.stdout?.on('data', (data: Buffer) => {
        if (data.toString().includes('Ready to accept connections')) resolve();
      });
    });
  }
  async stop(): Promise<void> {
    for (const commands of this.#commands) commands.disconnect();
    await this.down();
  }
}

const grounds: readonly [string, () => Ground][] = [
  ['memory', () => new MemoryGround()],
  ['Redis', () => new RedisGround()],
];

for (const [name, create] of grounds) {
  describe(`bus on ${name}`, function () {
    this.timeout(20_000);
    const ground = create();
    const buses: Bus[] = [];
    before(() => ground.start());
    after(() => ground.stop());
    afterEach(async () => {
      for (const bus of buses.splice(0)) await bus.close();
    });

    const connect = async (): Promise<Bus> => {
      const bus = await ground.connect();
      buses.push(bus);
      return bus;
    };

    it('delivers to every subscriber what is published after the subscription is answered', async () => {
      const [a, b, publisher] = [await connect(), await connect(), await connect()];
      const inboxes = [inbox(a), inbox(b)];
      await Promise.all([a.subscribe(['x']), b.subscribe(['x'])]);
      await publisher.publish('x', Buffer.from([0, 255, 13, 10]));
      for (const box of inboxes) {
        expect(await box.next()).to.deep.equal(['x', Buffer.from([0, 255, 13, 10])]);
      }
    });

    it('keeps the order of a channel for calls made one after the other', async () => {
      const [subscriber, publisher] = [await connect(), await connect()];
      const box = inbox(subscriber);
      await subscriber.subscribe(['x', 'y']);
      await Promise.all(
        Array.from({ length: 500 }, (_, i) => publisher.publish('x', Buffer.from(String(i)))),
      );
      for (let i = 0; i < 500; i++) expect(String((await box.next())[1])).to.equal(String(i));
    });

    it('delivers nothing of channels that are not subscribed, or no longer', async () => {
      const bus = await connect();
      const box = inbox(bus);
      await bus.subscribe(['left', 'kept']);
      await bus.unsubscribe(['left']);
      await bus.publish('left', Buffer.from('1'));
      await bus.publish('never', Buffer.from('2'));
      await bus.publish('kept', Buffer.from('3'));
      expect(await box.next()).to.deep.equal(['kept', Buffer.from('3')]);
    });

    it('delivers once when a channel is subscribed twice', async () => {
      const bus = await connect();
      const box = inbox(bus);
      await Promise.all([bus.subscribe(['x']), bus.subscribe(['x', 'x'])]);
      await bus.publish('x', Buffer.from('1'));
      await bus.publish('x', Buffer.from('2'));
      expect(String((await box.next())[1])).to.equal('1');
      expect(String((await box.next())[1])).to.equal('2');
    });

    it('subscribes thousands of channels in one call', async () => {
      const bus = await connect();
      const box = inbox(bus);
      await bus.subscribe(Array.from({ length: 2_500 }, (_, i) => `many:${i}`));
      await bus.publish('many:2499', Buffer.from('last'));
      expect(await box.next()).to.deep.equal(['many:2499', Buffer.from('last')]);
    });

    it('lets the later wish win when subscribe and unsubscribe are not awaited', async () => {
      const bus = await connect();
      const box = inbox(bus);
      await Promise.all([bus.subscribe(['x', 'y']), bus.unsubscribe(['x'])]);
      await bus.publish('x', Buffer.from('1'));
      await bus.publish('y', Buffer.from('2'));
      expect(await box.next()).to.deep.equal(['y', Buffer.from('2')]);
    });

    it('rejects fast while away, and after `up` delivers on old channels and on those wished for meanwhile', async () => {
      const bus = await connect();
      const box = inbox(bus);
      await bus.subscribe(['old']);
      const isDown = nextState(bus, 'down');
      await ground.down();
      await isDown;
      const begin = performance.now();
      expect(await rejected(bus.publish('old', Buffer.from('lost')))).to.equal('unavailable');
      expect(await rejected(bus.subscribe(['new']))).to.equal('unavailable');
      expect(performance.now() - begin).to.be.lessThan(2_500);
      const isUp = nextState(bus, 'up');
      await ground.up();
      await isUp;
      const publisher = await connect();
      await publisher.publish('old', Buffer.from('1'));
      await publisher.publish('new', Buffer.from('2'));
      expect(await box.next()).to.deep.equal(['old', Buffer.from('1')]);
      expect(await box.next()).to.deep.equal(['new', Buffer.from('2')]);
    });
  });
}

function inbox(bus: Bus): { next(): Promise<[string, Buffer]> } {
  const arrived: [string, Buffer][] = [];
  let wake: () => void = () => undefined;
  bus.onMessage((channel, message) => {
    arrived.push([channel, message]);
    wake();
  });
  return {
    async next() {
      while (arrived.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      return arrived.shift()!;
    },
  };
}

function nextState(bus: Bus, wanted: 'up' | 'down'): Promise<void> {
  return new Promise((resolve) => {
    bus.onState((state) => {
      if (state === wanted) resolve();
    });
  });
}

async function rejected(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

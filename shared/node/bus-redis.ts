import type { Redis } from 'ioredis';
import type { Bus } from './bus.ts';
import { unavailable } from './errors.ts';
import type { Logger } from './logger.ts';
import { tapMessages } from './subscriber-tap.ts';

type State = 'up' | 'down';
type Waiter = {
  readonly channels: readonly string[];
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
};

/** Channels in one SUBSCRIBE: a command of some 20 kB. */
const CHANNELS_PER_COMMAND = 500;
/** ms between probes of the subscriber: a half-open connection is silent, like a quiet one. */
const PROBE_INTERVAL = 5_000;

/**
 * The bus on Redis pub/sub: one connection subscribes, the other publishes. A channel stays wanted from `subscribe` to
 * `unsubscribe`, also when the call rejects because Redis is away: it is then subscribed before the next `up`.
 */
export class RedisBus implements Bus {
  readonly #commands: Redis;
  readonly #subscriber: Redis;
  readonly #logger: Logger;
  readonly #wanted = new Set<string>();
  readonly #listeners: ((channel: string, message: Buffer) => void)[] = [];
  readonly #stateListeners: ((state: State) => void)[] = [];
  readonly #probe: NodeJS.Timeout;
  #waiters: Waiter[] = [];
  #state: State = 'down';

  /** `commands` stays the caller's; `subscriber` is the bus's own from here on and closed with it. */
  constructor(commands: Redis, subscriber: Redis, logger: Logger) {
    this.#commands = commands;
    this.#subscriber = subscriber;
    this.#logger = logger;
    // What the decoder still gets where its stream could not be tapped.
    subscriber.on('messageBuffer', (channel: Buffer, message: Buffer) =>
      this.#receive(channel.toString('latin1'), message),
    );
    subscriber.on('ready', () => this.#begin());
    subscriber.on('close', () => this.#changeState('down'));
    if (subscriber.status === 'ready') this.#begin();
    this.#probe = setInterval(() => void this.#ping(), PROBE_INTERVAL).unref();
  }

  get isUp(): boolean {
    return this.#state === 'up';
  }

  async publish(channel: string, message: Buffer): Promise<void> {
    try {
      await this.#commands.publish(channel, message);
    } catch (error) {
      throw unavailable('Redis', error);
    }
  }

  /** Calls of one turn of the event loop leave together. */
  async subscribe(channels: readonly string[]): Promise<void> {
    if (channels.length === 0) return;
    for (const channel of channels) this.#wanted.add(channel);
    if (this.#subscriber.status !== 'ready') throw unavailable('Redis');
    await new Promise<void>((resolve, reject) => {
      if (this.#waiters.length === 0) setImmediate(() => this.#flush());
      this.#waiters.push({ channels, resolve, reject });
    });
  }

  async unsubscribe(channels: readonly string[]): Promise<void> {
    // What is still to be subscribed goes first, so that the later wish wins.
    this.#flush();
    for (const channel of channels) this.#wanted.delete(channel);
    if (this.#subscriber.status !== 'ready') return;
    for (const chunk of chunks(channels)) {
      try {
        await this.#subscriber.unsubscribe(...chunk);
      } catch (error) {
        // Frames nobody wants any more are ignored by who listens, and the next reconnect ends them.
        this.#logger.warn({ err: error, channels: chunk.length }, 'channels could not be unsubscribed');
      }
    }
  }

  onMessage(listener: (channel: string, message: Buffer) => void): void {
    this.#listeners.push(listener);
  }

  onState(listener: (state: State) => void): void {
    this.#stateListeners.push(listener);
  }

  async close(): Promise<void> {
    clearInterval(this.#probe);
    this.#failWaiters();
    this.#wanted.clear();
    this.#subscriber.disconnect();
    await Promise.resolve();
  }

  /** With a new connection, on which nothing is subscribed yet. */
  #begin(): void {
    tapMessages(this.#subscriber, (channel, message) => this.#receive(channel, message));
    void this.#restore();
  }

  #receive(channel: string, message: Buffer): void {
    for (const listener of this.#listeners) listener(channel, message);
  }

  #flush(): void {
    const waiters = this.#waiters;
    if (waiters.length === 0) return;
    this.#waiters = [];
    this.#send(waiters.flatMap((waiter) => waiter.channels)).then(
      () => {
        for (const waiter of waiters) waiter.resolve();
      },
      (error: unknown) => {
        for (const waiter of waiters) waiter.reject(unavailable('Redis', error));
        this.#reconnect(error);
      },
    );
  }

  async #send(channels: readonly string[]): Promise<void> {
    await Promise.all(chunks(channels).map((chunk) => this.#subscriber.subscribe(...chunk)));
  }

  /** Every wanted channel is answered before `up`: what is published after it arrives. */
  async #restore(): Promise<void> {
    try {
      await this.#send([...this.#wanted]);
      this.#changeState('up');
    } catch (error) {
      this.#reconnect(error);
    }
  }

  /** A connection that left a wish unanswered is not to be trusted; a new one starts with all of them. */
  #reconnect(cause: unknown): void {
    if (this.#subscriber.status !== 'ready') return;
    this.#logger.warn({ err: cause }, 'the Redis subscriber does not answer; reconnecting');
    this.#subscriber.disconnect(true);
  }

  async #ping(): Promise<void> {
    if (this.#subscriber.status !== 'ready') return;
    try {
      await this.#subscriber.ping();
    } catch (error) {
      this.#reconnect(error);
    }
  }

  #changeState(state: State): void {
    if (state === 'down') this.#failWaiters();
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#stateListeners) listener(state);
  }

  #failWaiters(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const waiter of waiters) waiter.reject(unavailable('Redis'));
  }
}

function chunks(channels: readonly string[]): string[][] {
  const result: string[][] = [];
  for (let i = 0; i < channels.length; i += CHANNELS_PER_COMMAND) {
    result.push(channels.slice(i, i + CHANNELS_PER_COMMAND));
  }
  return result;
}

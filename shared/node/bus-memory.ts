import type { Bus } from './bus.ts';
import { unavailable } from './errors.ts';

type Listener = (channel: string, message: Buffer) => void;
type State = 'up' | 'down';

/** What the buses of one test share: the Redis that isn't there. `down()` loses what is published, as Redis does. */
export class MemoryBroker {
  readonly #buses = new Set<MemoryBus>();
  #up = true;

  get isUp(): boolean {
    return this.#up;
  }

  connect(): MemoryBus {
    const bus = new MemoryBus(this);
    this.#buses.add(bus);
    return bus;
  }

  disconnect(bus: MemoryBus): void {
    this.#buses.delete(bus);
  }

  publish(channel: string, message: Buffer): void {
    for (const bus of this.#buses) bus.receive(channel, message);
  }

  down(): void {
    this.#switch(false, 'down');
  }

  up(): void {
    this.#switch(true, 'up');
  }

  #switch(up: boolean, state: State): void {
    if (this.#up === up) return;
    this.#up = up;
    for (const bus of this.#buses) bus.changeState(state);
  }
}

/** The bus without Redis, for tests and single processes: same order, same losses, delivery in a later microtask. */
export class MemoryBus implements Bus {
  readonly #broker: MemoryBroker;
  readonly #channels = new Set<string>();
  readonly #listeners: Listener[] = [];
  readonly #stateListeners: ((state: State) => void)[] = [];

  constructor(broker: MemoryBroker) {
    this.#broker = broker;
  }

  async publish(channel: string, message: Buffer): Promise<void> {
    if (!this.#broker.isUp) throw unavailable('Redis');
    const copy = Buffer.from(message);
    await Promise.resolve();
    this.#broker.publish(channel, copy);
  }

  async subscribe(channels: readonly string[]): Promise<void> {
    for (const channel of channels) this.#channels.add(channel);
    if (!this.#broker.isUp) throw unavailable('Redis');
    await Promise.resolve();
  }

  async unsubscribe(channels: readonly string[]): Promise<void> {
    for (const channel of channels) this.#channels.delete(channel);
    await Promise.resolve();
  }

  onMessage(listener: Listener): void {
    this.#listeners.push(listener);
  }

  onState(listener: (state: State) => void): void {
    this.#stateListeners.push(listener);
  }

  async close(): Promise<void> {
    this.#broker.disconnect(this);
    this.#channels.clear();
    await Promise.resolve();
  }

  receive(channel: string, message: Buffer): void {
    if (!this.#channels.has(channel)) return;
    for (const listener of this.#listeners) listener(channel, message);
  }

  changeState(state: State): void {
    for (const listener of this.#stateListeners) listener(state);
  }
}

import type { Bus } from '../../shared/node/bus.ts';
import { INVALIDATION_CHANNEL } from '../../shared/node/keys.ts';
import type { Logger } from '../../shared/node/logger.ts';

/** What a stale entry is about, with its key. */
export type Stale = readonly [topic: 'member' | 'room' | 'user' | 'session', key: string];
type Listener = { readonly stale: (key: string) => void; readonly all: () => void };

const KEYS_PER_MESSAGE = 500;
const MAX_BYTES = 64 * 1024;

/**
 * API nodes tell each other which cache entries are stale. At once on this node, over Redis on the others; what is lost
 * on the way ends with the entry's 30 s, and a lost connection empties the caches.
 */
export class Invalidations {
  readonly #bus: Bus;
  readonly #logger: Logger;
  readonly #listeners = new Map<string, Listener>();

  constructor(deps: { readonly bus: Bus; readonly logger: Logger }) {
    this.#bus = deps.bus;
    this.#logger = deps.logger;
    this.#bus.onMessage((channel, message) => {
      if (channel === INVALIDATION_CHANNEL) this.#receive(message);
    });
    this.#bus.onState(() => this.#dropAll());
  }

  /** Rejects where Redis is away; the caches then live by their 30 s until it is back. */
  async start(): Promise<void> {
    await this.#bus.subscribe([INVALIDATION_CHANNEL]);
  }

  /** `all` is called when anything may have been missed. One listener a topic. */
  on(topic: Stale[0], listener: Listener): void {
    this.#listeners.set(topic, listener);
  }

  /** Resolves when Redis took it, or refused and that is logged. Call it after the store has the new state. */
  async send(stale: readonly Stale[]): Promise<void> {
    this.#apply(stale);
    try {
      for (let i = 0; i < stale.length; i += KEYS_PER_MESSAGE) {
        await this.#bus.publish(
          INVALIDATION_CHANNEL,
          Buffer.from(JSON.stringify(stale.slice(i, i + KEYS_PER_MESSAGE))),
        );
      }
    } catch (error) {
      this.#logger.warn({ err: error }, 'other nodes could not be told what is stale');
    }
  }

  #receive(message: Buffer): void {
    const stale = parseStale(message);
    if (stale === undefined)
      this.#logger.warn({ bytes: message.length }, 'an invalidation nobody of us sent');
    else this.#apply(stale);
  }

  #apply(stale: readonly Stale[]): void {
    for (const [topic, key] of stale) this.#listeners.get(topic)?.stale(key);
  }

  #dropAll(): void {
    for (const listener of this.#listeners.values()) listener.all();
  }
}

function parseStale(message: Buffer): readonly Stale[] | undefined {
  if (message.length > MAX_BYTES) return undefined;
  try {
    const value: unknown = JSON.parse(message.toString('utf8'));
    const isPair = (pair: unknown): boolean =>
      Array.isArray(pair) &&
      pair.length === 2 &&
      pair.every((part) => typeof part === 'string' && part.length <= 64);
    return Array.isArray(value) && value.every(isPair) ? (value as Stale[]) : undefined;
  } catch {
    return undefined;
  }
}

import type { Redis } from 'ioredis';
import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { previewKey } from '../../../shared/node/keys.ts';
import type { Card } from './card.ts';

/** Seconds a card is believed, and that there is none. */
const FOUND = 24 * 3_600;
const NOTHING = 3_600;
/** Cards this node knows by itself. */
const OWN = 1_000;
const OWN_MS = 10 * 60_000;

/** null: there is no card to be had. */
export type Known = Card | null;

/** What links were found to lead to: in this node for minutes, in Redis, if it is there, for all nodes and a day. */
export class CardCache {
  readonly #own = new LRUCache<string, { readonly card: Known }>({ max: OWN, ttl: OWN_MS });
  readonly #redis: Pick<Redis, 'get' | 'set'>;

  constructor(redis: Pick<Redis, 'get' | 'set'>) {
    this.#redis = redis;
  }

  /** Undefined: not known. */
  async get(url: string): Promise<Known | undefined> {
    const own = this.#own.get(url);
    if (own !== undefined) return own.card;
    try {
      const text = await this.#redis.get(keyOf(url));
      if (text === null) return undefined;
      const card = JSON.parse(text) as Known;
      this.#own.set(url, { card });
      return card;
    } catch {
      return undefined;
    }
  }

  async set(url: string, card: Known): Promise<void> {
    this.#own.set(url, { card });
    try {
      await this.#redis.set(keyOf(url), JSON.stringify(card), 'EX', card === null ? NOTHING : FOUND);
    } catch {
      // The next one asks the page again.
    }
  }
}

/** Addresses may carry what only some should read: not even the operator finds them in Redis. */
function keyOf(url: string): string {
  return previewKey(createHash('sha256').update(url).digest('base64url'));
}

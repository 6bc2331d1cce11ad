import type { Redis } from 'ioredis';
import { LRUCache } from 'lru-cache';
import { endedSessionKey } from '../../shared/node/keys.ts';
import type { Logger } from '../../shared/node/logger.ts';
import { ACCESS_TOKEN_SECONDS } from '../../shared/node/token.ts';
import type { SessionStore } from '../store/sessions.ts';
import type { Breaker } from './breaker.ts';
import type { Invalidations } from './invalidations.ts';
import type { Patience } from './patience.ts';

/** ms for which an answer from Redis holds. */
const MARK_AGE = 1_000;
/** ms after which the store is asked as well: a mark can be lost with Redis. */
const STORE_AGE = 30_000;
const MAX_SESSIONS = 100_000;
/** A little longer than any access token of the session lives. */
const MARK_SECONDS = ACCESS_TOKEN_SECONDS + 60;

interface Known {
  readonly ended: boolean;
  /** Monotonic ms. */
  readonly markAt: number;
  readonly storeAt: number;
}

/** Whether a session still lives, for each request: a mark in Redis says when one has ended, the store where Redis cannot. */
export class SessionGuard {
  readonly #store: SessionStore;
  readonly #redis: Redis;
  readonly #invalidations: Invalidations;
  readonly #logger: Logger;
  readonly #patience: Pick<Patience, 'ask'>;
  readonly #breaker: Pick<Breaker, 'run'>;
  readonly #known = new LRUCache<string, Known>({ max: MAX_SESSIONS });

  constructor(deps: {
    readonly store: SessionStore;
    readonly redis: Redis;
    readonly invalidations: Invalidations;
    readonly logger: Logger;
    readonly patience: Pick<Patience, 'ask'>;
    readonly breaker: Pick<Breaker, 'run'>;
  }) {
    this.#store = deps.store;
    this.#redis = deps.redis;
    this.#invalidations = deps.invalidations;
    this.#logger = deps.logger;
    this.#patience = deps.patience;
    this.#breaker = deps.breaker;
    this.#invalidations.on('session', {
      stale: (session) => this.#remember(session, true, 0, 0),
      all: () => this.#known.clear(),
    });
  }

  async isLive(session: string): Promise<boolean> {
    const now = performance.now();
    const known = this.#known.get(session);
    if (known?.ended === true) return false;
    if (known !== undefined && now - known.markAt < MARK_AGE) return true;
    if (known === undefined || now - known.storeAt > STORE_AGE) return this.#askStore(session, now);
    try {
      const ended = (await this.#breaker.run(() => this.#redis.exists(endedSessionKey(session)))) === 1;
      this.#remember(session, ended, now, known.storeAt);
      return !ended;
    } catch {
      return this.#askStore(session, now);
    }
  }

  /** After they are gone from the store. On every node at once where Redis is there, within 30 s where not. */
  async markEnded(sessions: readonly string[]): Promise<void> {
    try {
      await Promise.all(
        sessions.map((session) => this.#redis.set(endedSessionKey(session), '1', 'EX', MARK_SECONDS)),
      );
    } catch (error) {
      this.#logger.warn({ err: error, sessions: sessions.length }, 'ended sessions could not be marked');
    }
    await this.#invalidations.send(sessions.map((session) => ['session', session] as const));
  }

  async #askStore(session: string, now: number): Promise<boolean> {
    const living = await this.#patience.ask(() => this.#store.living([session]));
    const live = living.has(session);
    // An answer that began before the session ended must not undo what we have been told since.
    if (this.#known.get(session)?.ended === true) return false;
    this.#remember(session, !live, now, now);
    return live;
  }

  #remember(session: string, ended: boolean, markAt: number, storeAt: number): void {
    this.#known.set(session, { ended, markAt, storeAt });
  }
}

import type { KeyObject } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { verifyAccessToken, type AccessClaims, type TokenProblem } from '../../shared/node/token.ts';

/** About 10 MB when full. */
const MAX_TOKENS = 20_000;

/** Checks access tokens, and remembers what good ones say: a caller presents the same one for minutes. */
export class VerifiedTokens {
  readonly #key: KeyObject;
  readonly #now: () => number;
  readonly #claims = new LRUCache<string, AccessClaims>({ max: MAX_TOKENS });

  /** `now`: ms since the epoch. */
  constructor(key: KeyObject, now: () => number = Date.now) {
    this.#key = key;
    this.#now = now;
  }

  /** As `verifyAccessToken`. */
  check(token: string): AccessClaims | TokenProblem {
    const known = this.#claims.get(token);
    if (known !== undefined && known.expiresAt * 1_000 > this.#now()) return known;
    const claims = verifyAccessToken(this.#key, token);
    if (typeof claims === 'string') this.#claims.delete(token);
    else this.#claims.set(token, claims);
    return claims;
  }
}

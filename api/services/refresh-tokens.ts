import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Seconds a refresh token lives, from its last use on. */
export const REFRESH_TOKEN_SECONDS = 30 * 24 * 3600;
const FORM = /^([0-9a-f]{24})\.([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{22})$/;

/**
 * Refresh tokens: `session.value.seal`. A token's successor is an HMAC of it, so every node derives the same one. The
 * seal proves that we made it: only then may an old token end its session, and a forged one costs no query.
 */
export class RefreshTokens {
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  first(session: string): string {
    return this.#seal(session, randomBytes(32).toString('base64url'));
  }

  /** The session a token names; undefined for one we did not make. */
  sessionOf(token: string): string | undefined {
    const [, session, value, seal] = FORM.exec(token) ?? [];
    if (session === undefined || value === undefined || seal === undefined) return undefined;
    const expected = this.#hmac('seal', `${session}.${value}`).subarray(0, 16);
    return timingSafeEqual(Buffer.from(seal, 'base64url'), expected) ? session : undefined;
  }

  /** `token` must be one we made. */
  successor(token: string): string {
    return this.#seal(token.slice(0, 24), this.#hmac('successor', token).toString('base64url'));
  }

  /** As it is stored. */
  hash(token: string): string {
    return createHash('sha256').update(token).digest('hex');
  }

  #seal(session: string, value: string): string {
    const text = `${session}.${value}`;
    return `${text}.${this.#hmac('seal', text).subarray(0, 16).toString('base64url')}`;
  }

  #hmac(purpose: string, text: string): Buffer {
    return createHmac('sha256', this.#secret).update(`${purpose}:${text}`).digest();
  }
}

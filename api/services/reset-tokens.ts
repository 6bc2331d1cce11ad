import { createHmac, timingSafeEqual } from 'node:crypto';
import type { User } from '../store/users.ts';

/** Seconds a link to set a new password is good for. */
export const RESET_SECONDS = 3_600;
const FORM = /^([0-9a-f]{24})\.([0-9]{10})\.([A-Za-z0-9_-]{43})$/;

/**
 * Tokens of password-reset links: `user.expiry.seal`. The seal covers the present password hash, so that a link works
 * once, on any node, without being stored.
 */
export class ResetTokens {
  readonly #secret: string;

  constructor(secret: string) {
    this.#secret = secret;
  }

  create(user: Pick<User, 'id' | 'passwordHash'>): string {
    const expiry = Math.floor(Date.now() / 1_000) + RESET_SECONDS;
    return `${user.id}.${expiry}.${this.#seal(user, String(expiry)).toString('base64url')}`;
  }

  /** The user a token names; undefined for what is none, or has expired. */
  userOf(token: string): string | undefined {
    const [, user, expiry] = FORM.exec(token) ?? [];
    return Number(expiry) > Date.now() / 1_000 ? user : undefined;
  }

  isValid(token: string, user: Pick<User, 'id' | 'passwordHash'>): boolean {
    const [, id, expiry, seal] = FORM.exec(token) ?? [];
    if (id !== user.id || expiry === undefined || seal === undefined) return false;
    return timingSafeEqual(Buffer.from(seal, 'base64url'), this.#seal(user, expiry));
  }

  #seal(user: Pick<User, 'id' | 'passwordHash'>, expiry: string): Buffer {
    return createHmac('sha256', this.#secret)
      .update(`reset:${user.id}.${expiry}.${user.passwordHash}`)
      .digest();
  }
}

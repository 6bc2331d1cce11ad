import type { UserSummary } from '../../shared/wire/rest.ts';

/** The fake server's tokens: each works until it is taken back. */
export class FakeSessions {
  /** Seconds an access token is said to live. */
  expiresIn = 900;
  #count = 0;
  readonly #access = new Map<string, string>();
  readonly #refresh = new Map<string, string>();

  userOf(token: string): string | undefined {
    return this.#access.get(token);
  }

  open(user: UserSummary): unknown {
    this.#count += 1;
    const accessToken = `access-${this.#count}`;
    const refreshToken = `refresh-${this.#count}`;
    this.#access.set(accessToken, user.id);
    this.#refresh.set(refreshToken, user.id);
    return { user, accessToken, refreshToken, expiresIn: this.expiresIn };
  }

  /** Whose refresh token it was; it is spent. */
  spend(token: string): string | undefined {
    const user = this.#refresh.get(token);
    this.#refresh.delete(token);
    return user;
  }

  /** Access tokens given out so far are worth nothing. */
  expire(): void {
    this.#access.clear();
  }
}

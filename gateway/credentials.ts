import { ParleyError } from '../shared/node/errors.ts';
import type { AccessClaims, TokenProblem } from '../shared/node/token.ts';
import { CloseCode } from '../shared/wire/protocol.ts';

/** ms after `exp` at which a socket without a fresh token closes. */
const TOKEN_GRACE = 30_000;

type Verify = (token: string) => AccessClaims | TokenProblem;
type Closable = { close(code: number, reason: string): void };

/** Who is at the other end of one socket, by their token, and until when that holds. */
export class Credentials {
  readonly #verify: Verify;
  readonly #socket: Closable;
  #user = '';
  #session = '';
  /** Unix seconds. */
  #expiresAt = 0;

  /** `socket` is closed at a token that ends it. */
  constructor(verify: Verify, socket: Closable) {
    this.#verify = verify;
    this.#socket = socket;
  }

  /** '' before `accept`. */
  get session(): string {
    return this.#session;
  }

  /** The user of a good token; any other closes the socket. */
  accept(token: string): string | undefined {
    const claims = this.#verify(token);
    if (claims === 'expired') this.#socket.close(CloseCode.tokenExpired, 'token expired');
    else if (claims === 'forged') this.#socket.close(CloseCode.sessionEnded, 'token not accepted');
    if (typeof claims === 'string') return undefined;
    this.#user = claims.user;
    this.#session = claims.session;
    this.#expiresAt = claims.expiresAt;
    return claims.user;
  }

  /** Takes a fresh token of the same session; throws for one that is not, closes at a forged one. */
  refresh(token: string): void {
    const claims = this.#verify(token);
    if (claims === 'forged') return this.#socket.close(CloseCode.sessionEnded, 'token not accepted');
    if (claims === 'expired') throw new ParleyError('unauthorized', 'The token has expired.');
    if (claims.user !== this.#user || claims.session !== this.#session) {
      throw new ParleyError('forbidden', 'The token belongs to another session.');
    }
    this.#expiresAt = Math.max(this.#expiresAt, claims.expiresAt);
  }

  /** True when the token ran out and the grace with it. `unixMs`: wall time. */
  isExpired(unixMs: number): boolean {
    return unixMs > this.#expiresAt * 1_000 + TOKEN_GRACE;
  }
}

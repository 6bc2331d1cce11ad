import { ParleyError } from '../shared/node/errors.ts';
import type { GatewayConfig } from '../shared/node/config.ts';
import type { Levels } from '../shared/node/levels.ts';
import type { Limit } from '../shared/node/limit.ts';
import { TokenBuckets } from '../shared/node/token-buckets.ts';
import { CloseCode } from '../shared/wire/protocol.ts';

/** Why sockets are closed before `ready` where the client is to blame. */
const FAULTS: ReadonlySet<number> = new Set([
  CloseCode.silent,
  CloseCode.protocolViolation,
  CloseCode.sessionEnded,
]);
export const isFault = (closeCode: number): boolean => FAULTS.has(closeCode);

type Config = Pick<
  GatewayConfig,
  | 'RATE_LIMITS'
  | 'RATE_LIMIT_SEND'
  | 'RATE_LIMIT_FRAMES'
  | 'RATE_LIMIT_HELLO'
  | 'RATE_LIMIT_CONNECT'
  | 'RATE_LIMIT_CONNECT_FAILED'
>;

export interface GatewayLimitsDeps {
  readonly now?: () => number;
  /** What the gateways have left together, by the limit's name; without it each counts for itself. */
  readonly levels?: ((name: string, limit: Limit) => Levels) | undefined;
}

/**
 * How often one user may do what, over all their sockets to all gateways, and how often one address may connect to this one.
 * Nothing here waits for Redis: when a gateway dies, thousands come back within a second, which is also why each gateway
 * lets in as many as it can bear, whatever the others do.
 */
export class GatewayLimits {
  readonly #sends: TokenBuckets;
  readonly #frames: TokenBuckets;
  readonly #hellos: TokenBuckets;
  readonly #connects: TokenBuckets;
  readonly #failures: TokenBuckets;

  constructor(config: Config, { now = () => performance.now(), levels }: GatewayLimitsDeps = {}) {
    const isOn = config.RATE_LIMITS === 'on';
    const own = (limit: Limit) => new TokenBuckets(isOn ? limit : undefined, { now });
    const shared = (name: string, limit: Limit) =>
      new TokenBuckets(isOn ? limit : undefined, { now, levels: levels?.(name, limit) });
    this.#sends = shared('send', config.RATE_LIMIT_SEND);
    this.#frames = shared('frames', config.RATE_LIMIT_FRAMES);
    this.#hellos = shared('hello', config.RATE_LIMIT_HELLO);
    this.#connects = own(config.RATE_LIMIT_CONNECT);
    this.#failures = shared('connect-failed', config.RATE_LIMIT_CONNECT_FAILED);
  }

  /** Throws `rate_limited`: the message was not taken, and goes again after the wait. */
  send(user: string): void {
    refuseFor(this.#sends.take(user), 'You are sending too fast.');
  }

  /** Any other frame; throws `rate_limited`. */
  frame(user: string): void {
    refuseFor(this.#frames.take(user), 'Too many frames.');
  }

  /** ms until an address may connect again; 0 lets this connection in. */
  connect(network: string): number {
    return this.#failures.waitFor(network) || this.#connects.take(network);
  }

  /** A connection from there came to nothing, and its client was to blame. */
  failed(network: string): void {
    this.#failures.take(network);
  }

  /** ms to wait before another connection of this user; 0 lets this one in. */
  hello(user: string): number {
    return this.#hellos.take(user);
  }
}

function refuseFor(retryAfterMs: number, message: string): void {
  if (retryAfterMs > 0) throw new ParleyError('rate_limited', message, { retryAfterMs });
}

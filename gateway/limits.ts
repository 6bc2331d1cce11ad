import { ParleyError } from '../shared/node/errors.ts';
import type { GatewayConfig } from '../shared/node/config.ts';
import { TokenBuckets } from '../shared/node/token-buckets.ts';

type Config = Pick<
  GatewayConfig,
  'RATE_LIMITS' | 'RATE_LIMIT_SEND' | 'RATE_LIMIT_FRAMES' | 'RATE_LIMIT_HELLO'
>;

/** How often one user may do what, over all their sockets to this gateway. Nothing here asks Redis. */
export class GatewayLimits {
  readonly #sends: TokenBuckets;
  readonly #frames: TokenBuckets;
  readonly #hellos: TokenBuckets;

  constructor(config: Config, now?: () => number) {
    const isOn = config.RATE_LIMITS === 'on';
    this.#sends = new TokenBuckets(isOn ? config.RATE_LIMIT_SEND : undefined, now);
    this.#frames = new TokenBuckets(isOn ? config.RATE_LIMIT_FRAMES : undefined, now);
    this.#hellos = new TokenBuckets(isOn ? config.RATE_LIMIT_HELLO : undefined, now);
  }

  /** Throws `rate_limited`: the message was not taken, and goes again after the wait. */
  send(user: string): void {
    refuseFor(this.#sends.take(user), 'You are sending too fast.');
  }

  /** Any other frame; throws `rate_limited`. */
  frame(user: string): void {
    refuseFor(this.#frames.take(user), 'Too many frames.');
  }

  /** ms to wait before another connection; 0 lets this one in. */
  hello(user: string): number {
    return this.#hellos.take(user);
  }
}

function refuseFor(retryAfterMs: number, message: string): void {
  if (retryAfterMs > 0) throw new ParleyError('rate_limited', message, { retryAfterMs });
}

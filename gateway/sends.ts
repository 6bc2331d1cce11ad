import { ParleyError } from '../shared/node/errors.ts';
import type { InternalSend, SendResult } from '../shared/node/internal.ts';
import type { AckFrame, ErrorFrame, SendFrame, ServerFrame } from '../shared/wire/protocol.ts';
import type { GatewayLimits } from './limits.ts';
import type { GatewayMetrics } from './metrics.ts';
import type { Uplink } from './uplink.ts';

/** Sends of one socket that may wait for their answer. */
export const MAX_UNANSWERED = 64;
const RETRY_AFTER = 1_000;

type SendDeps = {
  readonly uplink: Uplink;
  readonly metrics: Pick<GatewayMetrics, 'sendSeconds'>;
  readonly limits?: Pick<GatewayLimits, 'send'> | undefined;
};

/** One socket's sends: each is answered by `ack` or `error` with its clientId. */
export class Sends {
  readonly #deps: SendDeps;
  readonly #say: (frame: ServerFrame) => void;
  readonly #unanswered = new Set<SendFrame>();
  #isRefusing = false;

  constructor(deps: SendDeps, say: (frame: ServerFrame) => void) {
    this.#deps = deps;
    this.#say = say;
  }

  get unanswered(): number {
    return this.#unanswered.size;
  }

  /**
   * Whether the user may write there is the API's to judge: it knows of a join before the signal reaches this gateway.
   * Throws `rate_limited` when too many are unanswered, `unavailable` after `refuse`.
   */
  send(frame: SendFrame, user: string): void {
    if (this.#isRefusing) throw leaving();
    if (this.#unanswered.size >= MAX_UNANSWERED) {
      throw new ParleyError('rate_limited', 'Too many unanswered messages.', { retryAfterMs: RETRY_AFTER });
    }
    this.#deps.limits?.send(user);
    this.#unanswered.add(frame);
    const since = performance.now();
    this.#deps.uplink.send(internalSend(frame, user)).then(
      (result) => this.#answer(frame, answerFrame(result, frame.clientId), since),
      (error: unknown) => this.#answer(frame, sendErrorFrame(error, frame.clientId), since),
    );
  }

  /** From now on sends are answered by an error that says to try again, which will be elsewhere. */
  refuse(): void {
    this.#isRefusing = true;
  }

  /** Gives up on what is unanswered: the frames that tell so. Answers that still come are not said. */
  abandon(): ServerFrame[] {
    this.refuse();
    const frames = [...this.#unanswered].map(({ clientId }) => sendErrorFrame(leaving(), clientId));
    this.#unanswered.clear();
    return frames;
  }

  #answer(send: SendFrame, frame: AckFrame | ErrorFrame, since: number): void {
    this.#deps.metrics.sendSeconds[frame.type].observe((performance.now() - since) / 1_000);
    if (this.#unanswered.delete(send)) this.#say(frame);
  }
}

const leaving = (): ParleyError =>
  new ParleyError('unavailable', 'This connection is closing.', { retryAfterMs: RETRY_AFTER });

function internalSend(frame: SendFrame, user: string): InternalSend {
  const { room, clientId, text, replyTo, thread, attachments, forward, after } = frame;
  return { user, room, clientId, text, replyTo, thread, attachments, forward, after };
}

function answerFrame(result: SendResult, clientId: string): AckFrame | ErrorFrame {
  if ('code' in result) return { type: 'error', ...result, clientId };
  const { room, seq, id, at } = result;
  return { type: 'ack', room, seq, id, at, clientId };
}

/** Any failure as the frame that tells it; what nobody expected is `unavailable`, its insides stay here. */
export function sendErrorFrame(error: unknown, clientId?: string): ErrorFrame {
  const known =
    error instanceof ParleyError ? error : new ParleyError('unavailable', 'Something went wrong.');
  return {
    type: 'error',
    code: known.code,
    message: known.message,
    retry: known.retry,
    ...(known.retryAfterMs === undefined ? {} : { retryAfterMs: known.retryAfterMs }),
    ...(clientId === undefined ? {} : { clientId }),
  };
}

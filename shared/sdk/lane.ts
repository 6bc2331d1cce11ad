import { Backoff } from '../wire/backoff.ts';
import { LIMITS, type ClientFrame } from '../wire/protocol.ts';
import type { Message, SendMessageBody } from '../wire/rest.ts';
import { ApiError, isRetryable } from './errors.ts';
import type { OutboxEntry } from './outbox-store.ts';
import { Timer } from './timer.ts';
import type { Timing } from './timing.ts';

export interface LaneDeps {
  readonly timing: Timing;
  readonly random: () => number;
  readonly send: (frame: ClientFrame) => boolean;
  readonly post: (room: string, draft: SendMessageBody) => Promise<Message>;
  /** Time to look for the next thing to send. */
  readonly onAgain: () => void;
  readonly onStored: (entry: OutboxEntry, message: Message) => void;
  readonly onRefused: (entry: OutboxEntry, error: ApiError) => void;
  readonly onChange: () => void;
}

/** One room's sending: a single message in flight, whose outcome is awaited before the next. */
export class Lane {
  readonly #deps: LaneDeps;
  readonly #backoff: Backoff;
  /** The answer is overdue, or a wait is over. */
  readonly #timer = new Timer(() => {
    this.#release();
    this.#deps.onAgain();
  });
  #entry: OutboxEntry | undefined;
  #overRest = false;
  #waiting = false;

  constructor(deps: LaneDeps) {
    this.#deps = deps;
    this.#backoff = new Backoff({ random: deps.random });
  }

  get inFlight(): string | undefined {
    return this.#entry?.clientId;
  }

  /** Sends `entry` unless something is in flight or a wait was asked for. `after`: the seq it must stand behind. */
  go(entry: OutboxEntry, after: number | undefined, overSocket: boolean): void {
    if (this.#entry !== undefined || this.#waiting) return;
    // A gateway closes for good at a frame that is too large: every later start would end there as well.
    if (entry.text.length > LIMITS.textLength) {
      this.#deps.onRefused(entry, new ApiError('invalid', 'The message is too long.'));
      return;
    }
    const draft: SendMessageBody = {
      clientId: entry.clientId,
      ...said(entry),
      ...(entry.replyTo === undefined ? {} : { replyTo: entry.replyTo }),
      ...(entry.thread === undefined ? {} : { thread: entry.thread }),
      ...(after === undefined ? {} : { after }),
    };
    if (overSocket) this.#overSocket(entry, draft);
    else this.#viaRest(entry, draft);
  }

  /** The outcome of `clientId` is known. */
  settle(clientId: string): void {
    if (this.#entry?.clientId !== clientId) return;
    this.#backoff.reset();
    this.#release();
  }

  /** The server asks to try `clientId` again. */
  later(clientId: string, retryAfterMs: number | undefined): void {
    if (this.#entry?.clientId !== clientId) return;
    this.#release();
    this.#waiting = true;
    this.#timer.set(this.#backoff.next(retryAfterMs));
    this.#deps.onChange();
  }

  onLink(ready: boolean): void {
    if (!ready && this.#entry !== undefined && !this.#overRest) this.#release();
    if (!ready || !this.#waiting) return;
    // A new gateway owes no old wait.
    this.#release();
  }

  stop(): void {
    this.#release();
  }

  #overSocket(entry: OutboxEntry, draft: SendMessageBody): void {
    if (!this.#deps.send({ type: 'send', room: entry.room, ...draft })) return;
    this.#take(entry, false);
    this.#timer.set(this.#deps.timing.ack);
  }

  #viaRest(entry: OutboxEntry, draft: SendMessageBody): void {
    this.#take(entry, true);
    this.#deps.post(entry.room, draft).then(
      (message) => {
        this.#deps.onStored(entry, message);
      },
      (error: unknown) => {
        const known = error instanceof ApiError ? error : new ApiError('unavailable', String(error));
        if (isRetryable(known)) this.later(entry.clientId, known.retryAfterMs);
        else if (this.inFlight === entry.clientId) this.#deps.onRefused(entry, known);
      },
    );
  }

  #take(entry: OutboxEntry, overRest: boolean): void {
    this.#entry = entry;
    this.#overRest = overRest;
    this.#deps.onChange();
  }

  #release(): void {
    this.#timer.stop();
    this.#entry = undefined;
    this.#waiting = false;
  }
}

/** What it says, and what goes along: of a message that is forwarded only which one it is. */
function said({
  text,
  attachments,
  forward,
}: OutboxEntry): Pick<SendMessageBody, 'text' | 'attachments' | 'forward'> {
  if (forward !== undefined) return { text: '', forward: { room: forward.room, seq: forward.seq } };
  return { text, ...(attachments === undefined ? {} : { attachments: attachments.map(({ id }) => id) }) };
}

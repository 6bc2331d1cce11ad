import { randomUUID } from 'node:crypto';
import { call, type Person } from '../support/person.ts';
import type { Ledger } from './ledger.ts';
import type { Reader } from './reader.ts';
import { pause } from './pause.ts';

/** An answer to one attempt to send; `none`: the connection broke or nobody answered in time, the outcome is open. */
export type Answer =
  | { readonly kind: 'ack'; readonly seq: number }
  | { readonly kind: 'error'; readonly code: string; readonly retry: boolean; readonly retryAfterMs: number }
  | { readonly kind: 'none' };

export interface Draft {
  readonly room: string;
  readonly clientId: string;
  readonly text: string;
  readonly after?: number;
}
/** One way to send: one attempt. Never rejects. */
export type Send = (draft: Draft) => Promise<Answer>;

/** One attempt, as it was answered; times of `performance.now()`. */
export interface Attempt {
  /** When the first attempt to send this message began. */
  readonly firstAt: number;
  readonly at: number;
  readonly answeredAt: number;
  readonly answer: Answer;
}

const ATTEMPT_TIMEOUT = 20_000;
/** ms before an attempt that was not told how long to wait. */
const RETRY_PAUSE = 300;

export function overRest(person: Person): Send {
  return async ({ room, ...body }) => {
    try {
      const raw = { signal: AbortSignal.timeout(ATTEMPT_TIMEOUT) };
      const path = `/rooms/${room}/messages`;
      const answer = await call<{ seq?: number; code?: string }>(person.place, 'POST', path, {
        token: person.token,
        body,
        raw,
      });
      if (answer.status < 300 && answer.body.seq !== undefined) return { kind: 'ack', seq: answer.body.seq };
      return {
        kind: 'error',
        code: answer.body.code ?? String(answer.status),
        retry: answer.status === 429 || answer.status >= 500,
        retryAfterMs: Number(answer.headers.get('retry-after') ?? 0) * 1_000,
      };
    } catch {
      return { kind: 'none' };
    }
  };
}

export function overSocket(reader: Reader): Send {
  return async (draft) => {
    await reader.whenReady();
    const answer = await reader.ask({ type: 'send', ...draft }, ATTEMPT_TIMEOUT);
    if (answer === undefined) return { kind: 'none' };
    if (answer.type === 'ack') return { kind: 'ack', seq: answer.seq };
    const { code, retry, retryAfterMs = 0 } = answer;
    return { kind: 'error', code, retry, retryAfterMs };
  };
}

export interface LaneOptions {
  readonly name: string;
  readonly sender: string;
  readonly room: string;
  readonly send: Send;
  readonly ledger: Ledger;
  /** ms between two messages, unless the one before takes longer. */
  readonly interval: number;
  readonly onAttempt?: (attempt: Attempt) => void;
}

/** Sends numbered messages into a room, each after the answer to the one before, each again until it is answered. */
export class Lane {
  readonly #options: LaneOptions;
  #isStopping = false;
  #running: Promise<void> | undefined;

  constructor(options: LaneOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running = this.#run();
  }

  /** Sends nothing new; resolves when the last one is answered. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    const { interval } = this.#options;
    let due = performance.now() + Math.random() * interval;
    let after: number | undefined;
    for (let n = 1; ; n++) {
      await pause(due - performance.now());
      if (this.#isStopping) return;
      after = (await this.#say(n, after)) ?? after;
      due = Math.max(due + interval, performance.now());
    }
  }

  async #say(n: number, after: number | undefined): Promise<number | undefined> {
    const { name: lane, room, sender, ledger, send, onAttempt } = this.#options;
    const clientId = randomUUID();
    ledger.sent({ room, sender, clientId, lane, n });
    const draft = { room, clientId, text: `${lane} ${n}`, ...(after === undefined ? {} : { after }) };
    const firstAt = performance.now();
    for (;;) {
      const at = performance.now();
      const answer = await send(draft);
      onAttempt?.({ firstAt, at, answeredAt: performance.now(), answer });
      if (answer.kind === 'ack') {
        ledger.acked({ room, clientId, seq: answer.seq });
        return answer.seq;
      }
      if (answer.kind === 'error' && !answer.retry) {
        ledger.refused({ clientId, code: answer.code });
        return undefined;
      }
      const asked = answer.kind === 'error' ? answer.retryAfterMs : 0;
      await pause(asked + Math.random() * RETRY_PAUSE);
    }
  }
}

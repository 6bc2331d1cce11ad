import { randomUUID } from 'node:crypto';
import { spread } from './figures.ts';
import type { Attempt, Draft, Send } from './lane.ts';
import type { Ledger } from './ledger.ts';
import { pause } from './pause.ts';

/** ms between two looks at what is due. */
const TICK = 10;
/** Sends that may be unanswered; beyond that the run would say more of its own memory than of the cluster's. */
const MAX_UNANSWERED = 50_000;
/** ms for each rate that is tried. */
const STEP = 4_000;
const FIRST_RATE = 200;
const GROWTH = 1.4;
const MAX_RATE = 20_000;
/** A rate is sustainable when so many are acknowledged, and 99 of 100 within so many ms. */
const LEAST_ACKED = 0.98;
const MOST_MS = 400;

/** A place to say something from. */
export interface Mouth {
  readonly sender: string;
  readonly room: string;
  readonly send: Send;
}

/**
 * Sends at a rate that does not depend on the answers: people do not wait for each other. Each message is tried once; one
 * that is refused is not sent again.
 */
export class Flood {
  readonly #mouths: readonly Mouth[];
  readonly #ledger: Ledger;
  readonly #onAttempt: (attempt: Attempt) => void;
  readonly #timer: NodeJS.Timeout;
  #rate = 0;
  #due = 0;
  #last = performance.now();
  #said = 0;
  #unanswered = 0;
  #sample: Attempt[] = [];

  constructor(mouths: readonly Mouth[], ledger: Ledger, onAttempt: (attempt: Attempt) => void) {
    this.#mouths = mouths;
    this.#ledger = ledger;
    this.#onAttempt = onAttempt;
    this.#timer = setInterval(() => this.#tick(), TICK);
  }

  /** Messages a second from now on. */
  set rate(rate: number) {
    this.#rate = rate;
  }

  /** Says nothing more; resolves when everything is answered. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    while (this.#unanswered > 0) await pause(50);
  }

  /** Raises the rate until the answers take too long; the highest that did not, or half of the first. */
  async findSustainable(say: (text: string) => void): Promise<number> {
    let sustainable = FIRST_RATE / 2;
    for (let rate = FIRST_RATE; rate < MAX_RATE; rate = Math.round(rate * GROWTH)) {
      this.rate = rate;
      await pause(STEP / 4);
      this.#sample = [];
      await pause(STEP);
      const acked = this.#sample.filter(({ answer }) => answer.kind === 'ack');
      const { p99 } = spread(this.#sample.map(({ at, answeredAt }) => answeredAt - at));
      const share = acked.length / ((rate * STEP) / 1_000);
      say(`${rate} a second: ${Math.round(share * 100)} % acknowledged, p99 ${p99} ms`);
      if (share < LEAST_ACKED || p99 > MOST_MS) break;
      sustainable = rate;
    }
    this.rate = 0;
    return sustainable;
  }

  #tick(): void {
    const now = performance.now();
    this.#due += (this.#rate * (now - this.#last)) / 1_000;
    this.#last = now;
    for (; this.#due >= 1; this.#due--) if (this.#unanswered < MAX_UNANSWERED) void this.#say();
  }

  async #say(): Promise<void> {
    const mouth = this.#mouths[this.#said++ % this.#mouths.length];
    if (mouth === undefined) return;
    const { room, sender, send } = mouth;
    const draft: Draft = { room, clientId: randomUUID(), text: `message ${this.#said} of a flood` };
    const { clientId } = draft;
    this.#ledger.sent({ room, sender, clientId, lane: clientId, n: 1 });
    this.#unanswered += 1;
    const at = performance.now();
    const answer = await send(draft);
    const attempt = { firstAt: at, at, answeredAt: performance.now(), answer };
    this.#unanswered -= 1;
    this.#sample.push(attempt);
    this.#onAttempt(attempt);
    if (answer.kind === 'ack') this.#ledger.acked({ room, clientId, seq: answer.seq });
    else if (answer.kind === 'error' && !answer.retry) this.#ledger.refused({ clientId, code: answer.code });
  }
}

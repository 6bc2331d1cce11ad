import { Samples } from '../measure/samples.ts';
import type { SendReport, SendTimes } from './send-report.ts';

/** Counts acknowledgements; only those between the warm-up and the end are measured. */
export class SendMeter {
  readonly #from: number;
  readonly #to: number;
  readonly #latency = new Samples();
  readonly #reasons = new Map<string, number>();
  #total = 0;

  /** Begins now. */
  constructor({ warmUp, seconds }: SendTimes) {
    this.#from = performance.now() + warmUp * 1_000;
    this.#to = this.#from + seconds * 1_000;
  }

  get isOver(): boolean {
    return performance.now() >= this.#to;
  }

  acknowledged(sentAt: number): void {
    const now = performance.now();
    this.#total++;
    if (now >= this.#from && now < this.#to) this.#latency.add(now - sentAt);
  }

  /** `reason`: a status or a code. */
  refused(reason: string): void {
    const now = performance.now();
    if (now < this.#from || now >= this.#to) return;
    this.#reasons.set(reason, (this.#reasons.get(reason) ?? 0) + 1);
  }

  report(): SendReport {
    const acknowledged = this.#latency.count;
    const perSecond = acknowledged / ((this.#to - this.#from) / 1_000);
    const refused = [...this.#reasons.values()].reduce((sum, count) => sum + count, 0);
    return {
      ...{ acknowledged, perSecond, refused, total: this.#total },
      reasons: Object.fromEntries(this.#reasons),
      ...this.#latency.latency(),
    };
  }
}

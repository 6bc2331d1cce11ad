import { Samples } from '../measure/samples.ts';
import type { SendReport, SendTimes } from './send-report.ts';

/** Counts acknowledgements; only those between the warm-up and the end are measured. */
export class SendMeter {
  readonly #from: number;
  readonly #to: number;
  readonly #latency = new Samples();
  #total = 0;
  #refused = 0;

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

  refused(): void {
    this.#refused++;
  }

  report(): SendReport {
    const acknowledged = this.#latency.count;
    const perSecond = acknowledged / ((this.#to - this.#from) / 1_000);
    return {
      ...{ acknowledged, perSecond, refused: this.#refused, total: this.#total },
      ...this.#latency.latency(),
    };
  }
}

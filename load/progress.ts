import type { Sample } from './recorder.ts';

/** Lines that stay, and at a terminal one line below them that changes. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  readonly #isTerminal: boolean;
  #line = '';
  #saidAt = 0;

  constructor(stream: NodeJS.WriteStream = process.stdout) {
    this.#stream = stream;
    this.#isTerminal = stream.isTTY;
  }

  /** A line that stays. */
  say(text: string): void {
    this.#wipe();
    this.#stream.write(`${text}\n`);
    this.#draw();
  }

  /** The line that changes; without a terminal, a line every `everyMs` ms. */
  show(text: string, everyMs = 5_000): void {
    if (this.#isTerminal) {
      this.#wipe();
      this.#line = text;
      this.#draw();
      return;
    }
    const time = performance.now();
    if (time - this.#saidAt < everyMs) return;
    this.#saidAt = time;
    this.#stream.write(`${text}\n`);
  }

  /** Takes the line that changes away. */
  clear(): void {
    this.#wipe();
    this.#line = '';
    this.#saidAt = 0;
  }

  #wipe(): void {
    if (this.#isTerminal && this.#line !== '') this.#stream.write('\r\u001b[K');
  }

  #draw(): void {
    if (this.#isTerminal) this.#stream.write(this.#line.slice(0, Math.max(20, this.#stream.columns - 1)));
  }
}

export const thousands = (value: number): string => Math.round(value).toLocaleString('en-US');

/** `850 µs`, `12 ms`, `3.4 s` */
export function duration(ms: number): string {
  if (ms >= 1_000) return `${(ms / 1_000).toFixed(ms >= 10_000 ? 0 : 1)} s`;
  return ms >= 10 || ms === 0 ? `${Math.round(ms)} ms` : `${ms.toFixed(1)} ms`;
}

/** One second of a run in one line. */
export function statusLine(phase: string, sample: Sample, errors: number): string {
  const { counters, delivery, lag, connected } = sample;
  const parts = [
    `${phase} ${Math.round(sample.t)} s`,
    `${thousands(connected)} connected`,
    ...(counters.ready > 0 ? [`+${thousands(counters.ready)}/s`] : []),
    `${thousands(counters.sent)} sends/s`,
    `${thousands(counters.deliveries)} deliveries/s`,
    `p50 ${duration(delivery.p50)} p99 ${duration(delivery.p99)}`,
    `${thousands(errors)} errors`,
    `lag ${duration(lag)}`,
  ];
  return parts.join(' · ');
}

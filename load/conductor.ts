import { Findings, type FoundViolations } from './check/findings.ts';
import { SeqBits } from './check/seq-bits.ts';
import { now, pause } from './clock.ts';
import type { Crew } from './crew.ts';
import { findMax, type Step } from './find-max.ts';
import type { LoadOptions } from './options.ts';
import { duration, type Progress, thousands } from './progress.ts';
import type { Recorder, Sample } from './recorder.ts';
import { errorPercent } from './verdict.ts';
import { Watchman } from './watchman.ts';

/** ms that sockets may take longer than the ramp. */
const CONNECT_PATIENCE = 60_000;
/** ms before the first send, so that every worker has heard of it. */
const LEAD = 300;
/** Of each step of the search, the ms that do not count. */
const WARM_UP = 2_000;
/** ms after which what a broken step left behind is given up. */
const RECOVERY = 15_000;
const POLL = 100;
/** ms beyond which workers' own patience counts as a hang. */
const GRACE = 30_000;
const STORM_AT = 0.5;

export interface Judged {
  readonly found: FoundViolations;
  /** (socket, room) pairs. */
  readonly views: number;
  readonly acked: number;
  readonly open: number;
  readonly away: number;
  /** ms from the last send's answer until everything was delivered, or patience was over. */
  readonly settledMs: number;
}

export interface ConductorOptions {
  readonly options: LoadOptions;
  readonly crew: Crew;
  readonly recorder: Recorder;
  readonly progress: Progress;
  /** Ends what is under way, so that the run is judged with what there is. */
  readonly signal: AbortSignal;
}

/** Leads the workers through a run: connect, send, settle, judge. */
export class Conductor {
  readonly #options: LoadOptions;
  readonly #crew: Crew;
  readonly #recorder: Recorder;
  readonly #progress: Progress;
  readonly #signal: AbortSignal;
  readonly #watchman: Watchman;
  readonly steps: Step[] = [];
  /** What began when, in seconds of the run. */
  readonly phases: { readonly t: number; readonly name: string }[] = [];

  constructor({ options, crew, recorder, progress, signal }: ConductorOptions) {
    this.#options = options;
    this.#crew = crew;
    this.#recorder = recorder;
    this.#progress = progress;
    this.#signal = signal;
    this.#watchman = new Watchman(progress);
  }

  /** What is going on. */
  get phase(): string {
    return this.phases.at(-1)?.name ?? '';
  }

  /** Is shown each second of the run. */
  watch(sample: Sample): void {
    this.#watchman.look(sample);
  }

  /** Opens all sockets; gives how many are ready when all are, or when it took too long. */
  async connect(): Promise<number> {
    const { connections, ramp } = this.#options;
    const since = now();
    this.#enter('connect');
    const perSecond = ramp / this.#crew.size;
    this.#crew.order(() => ({ type: 'open', perSecond }));
    const patience = (connections / ramp) * 1_000 + CONNECT_PATIENCE;
    await this.#until(patience, () => this.#recorder.connected >= connections);
    const { connected } = this.#recorder;
    const took = (now() - since) / 1_000;
    this.#progress.say(
      `connected  ${thousands(connected)} of ${thousands(connections)} in ${took.toFixed(1)} s, ${thousands(connected / took)}/s`,
    );
    return connected;
  }

  /** Sends at the given rate for the given time; a storm cuts sockets at half time. */
  async steady(): Promise<void> {
    const { rate, duration: seconds, mix, stormPercent } = this.#options;
    this.#enter(mix === 'idle' ? 'idle' : 'send');
    this.#send(rate);
    if (mix === 'storm') {
      await this.#until(seconds * 1_000 * STORM_AT);
      if (!this.#signal.aborted) this.#storm(stormPercent);
      await this.#until(seconds * 1_000 * (1 - STORM_AT));
    } else await this.#until(seconds * 1_000);
    this.#send(0);
  }

  #storm(percent: number): void {
    this.#enter('storm');
    this.#crew.order(() => ({ type: 'cut', share: percent / 100 }));
    this.#progress.say(`storm      ${percent} % of the sockets cut`);
  }

  #enter(name: string): void {
    this.phases.push({ t: this.#recorder.elapsed, name });
  }

  /** Raises the rate until a limit breaks; gives the highest that held. */
  async search(): Promise<number> {
    const { rate } = this.#options;
    const held = await findMax(rate, (next) => this.#attempt(next));
    this.#send(0);
    return held;
  }

  /** Waits until everything is answered and delivered, then judges what each socket was shown. */
  async judge(): Promise<Judged> {
    this.#enter('settle');
    const patience = this.#options.settle * 1_000;
    const settled = await this.#crew.ask({ type: 'settle', patience }, 'settled', patience + GRACE);
    const acked = new Map<string, SeqBits>();
    for (const answer of settled)
      for (const [room, bits] of answer.acked) {
        const all = acked.get(room) ?? new SeqBits();
        all.addAll(SeqBits.from(bits));
        acked.set(room, all);
      }
    const packed = new Map([...acked].map(([room, bits]) => [room, bits.pack()]));
    const judged = await this.#crew.ask(
      { type: 'judge', acked: packed, patience },
      'judged',
      patience + GRACE,
    );
    const findings = new Findings();
    for (const { found } of judged) findings.merge(found);
    for (const { nothing } of settled) lostToNothing(acked, nothing, findings);
    const sum = (pick: (answer: (typeof judged)[number]) => number): number =>
      judged.reduce((total, answer) => total + pick(answer), 0);
    return {
      found: findings.told(),
      views: sum(({ views }) => views),
      acked: [...acked.values()].reduce((total, { count }) => total + count, 0),
      open: settled.reduce((total, { open }) => total + open, 0),
      away: sum(({ away }) => away),
      settledMs: Math.round(Math.max(...judged.map(({ tookMs }) => tookMs))),
    };
  }

  async #attempt(rate: number): Promise<Step | undefined> {
    const { step: seconds, limitP99 = Infinity, limitErrors } = this.#options;
    this.#enter(`${thousands(rate)}/s`);
    this.#send(rate);
    await this.#until(WARM_UP);
    const { window, end } = this.#recorder.window();
    await this.#until(seconds * 1_000);
    end();
    if (this.#signal.aborted) return undefined;
    const { counters } = window;
    const { p50, p99 } = window.spread('delivery');
    const errors = errorPercent(counters, 0);
    const why = [
      ...(p99 > limitP99 ? [`p99 ${duration(p99)} is above ${duration(limitP99)}`] : []),
      ...(errors > limitErrors ? [`${errors.toFixed(1)} % errors`] : []),
      ...(counters.acked === 0 ? ['nothing was acknowledged'] : []),
    ].join(', ');
    // Ticks do not come when a step begins and ends: what they told of counts, not how long the step was.
    const told = Math.max(1, window.ticks / this.#crew.size);
    const perSecond = (count: number): number => Math.round(count / told);
    const step = {
      ...{ rate, p50, p99, errors, why, ok: why === '' },
      ...{ acked: perSecond(counters.acked), deliveries: perSecond(counters.deliveries) },
    };
    this.steps.push(step);
    this.#progress.say(stepLine(step));
    if (!step.ok) await this.#recover();
    return step;
  }

  /** What waits is given up, what is under way is waited for: the next step begins with an empty cluster. */
  async #recover(): Promise<void> {
    this.#enter('recover');
    this.#send(0);
    await this.#crew.ask({ type: 'settle', patience: RECOVERY }, 'settled', RECOVERY + GRACE);
    await this.#until(WARM_UP);
  }

  /** Workers send in turn: each at its part of the rate, one after the other. */
  #send(rate: number): void {
    const from = now() + LEAD;
    const { size } = this.#crew;
    const interval = rate > 0 ? 1_000 / rate : 0;
    this.#crew.order((worker) => ({ type: 'send', rate: rate / size, from: from + worker * interval }));
  }

  /** Until it holds, the time is over, or the run is to end. Rejects when a worker is gone. */
  async #until(ms: number, holds: () => boolean = () => false): Promise<void> {
    const deadline = now() + ms;
    while (now() < deadline && !this.#signal.aborted && !holds())
      await Promise.race([pause(Math.min(POLL, deadline - now())), this.#crew.failed]);
  }
}

/** What a log or a `void` said is no message must not have been acknowledged. */
function lostToNothing(
  acked: ReadonlyMap<string, SeqBits>,
  nothing: ReadonlyMap<string, readonly number[]>,
  findings: Findings,
): void {
  for (const [room, seqs] of nothing)
    for (const seq of seqs)
      if (acked.get(room)?.has(seq) === true)
        findings.add('lost', `${room} ${seq} was acknowledged, and is nothing in the log`);
}

const stepLine = ({ rate, acked, deliveries, p50, p99, errors, ok, why }: Step): string =>
  [
    `${ok ? 'held' : 'broke'}`.padEnd(10),
    `${thousands(rate)}/s: ${thousands(acked)} acked/s, ${thousands(deliveries)} deliveries/s,`,
    `p50 ${duration(p50)}, p99 ${duration(p99)}, ${errors.toFixed(1)} % errors${why === '' ? '' : ` (${why})`}`,
  ].join(' ');

import type { Disturbance, Fate, Tape } from './fate.ts';
import type { History } from './history.ts';
import type { Process, Simulation } from './simulation.ts';

/** What all nodes share, and what befalls it. */
export interface Surroundings {
  readonly simulation: Simulation;
  readonly tape: Tape;
  readonly history: History;
  readonly redis: { away: boolean };
  /** Changes the counters as a lost or restored Redis does. */
  readonly disturb: (what: Disturbance) => void;
  readonly onDeath: (process: Process) => void;
}

/** What a caller hears of a call that failed. */
export class Fault extends Error {}

/** Carries one node's calls to a shared server, each to its fate. A dead node's calls go nowhere. */
export class Link {
  readonly process: Process;
  readonly #around: Surroundings;
  readonly #name: string;

  constructor(process: Process, name: string, around: Surroundings) {
    this.process = process;
    this.#name = name;
    this.#around = around;
  }

  get tape(): Tape {
    return this.#around.tape;
  }

  /** Draws what happens just before a call and then to it. undefined: the caller is dead. */
  draw(what: string): Fate | undefined {
    if (this.process.dead) return undefined;
    const { tape, simulation, history } = this.#around;
    const before = tape.disturbance();
    if (before.kind === 'caller paused') this.process.pausedUntil = simulation.now + before.ms;
    else this.#around.disturb(before);
    const fate = tape.fate();
    if (before.kind !== 'none') history.note(() => `${this.#name}: ${JSON.stringify(before)}`);
    history.note(() => `${this.#name}: ${what} ${JSON.stringify(fate)}`);
    if (fate.kind === 'death') this.#around.onDeath(this.process);
    return fate;
  }

  /** A call that rejects when it fails. */
  call<T>(what: string, effect: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const fate = this.draw(what);
      if (fate === undefined) return;
      if (fate.kind === 'done') {
        this.later(fate.delay, () => this.answer(fate.answer, effect(), resolve, reject));
        return;
      }
      if (fate.effect !== undefined) this.later(fate.effect, () => void effect().catch(() => undefined));
      if (fate.kind === 'failed') this.fail(fate.delay, what, reject);
    });
  }

  /** Redis: calls fail at once while it is away. */
  redis<T>(what: string, effect: () => Promise<T>): Promise<T> {
    return this.call(what, async () => {
      if (this.#around.redis.away) throw new Fault('Redis is away');
      return effect();
    });
  }

  /** An effect: happens whatever becomes of the caller. */
  later(ms: number, effect: () => void): void {
    this.#around.simulation.at(this.#around.simulation.now + ms, effect);
  }

  fail(ms: number, what: string, reject: (error: Error) => void): void {
    const { simulation } = this.#around;
    simulation.at(simulation.now + ms, () => reject(new Fault(`no answer to ${what}`)), this.process);
  }

  /** The caller hears `result`, if it lives, once it runs. */
  answer<T>(
    ms: number,
    result: Promise<T>,
    resolve: (value: T) => void,
    reject: (error: unknown) => void,
  ): void {
    const { simulation } = this.#around;
    const hear = (): void => void result.then(resolve, reject);
    result.catch(() => undefined);
    if (ms === 0 && !this.process.dead && this.process.pausedUntil <= simulation.now) hear();
    else simulation.at(simulation.now + ms, hear, this.process);
  }
}

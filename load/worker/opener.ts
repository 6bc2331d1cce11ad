import { now } from '../clock.ts';
import { Fifo } from '../fifo.ts';
import { Schedule } from '../schedule.ts';
import type { Member } from './member.ts';

/**
 * Sockets of one process that are being opened at once. In life each belongs to a machine of its own; here one process
 * does all their handshakes, and with thousands at once each would take longer than its patience.
 */
const AT_ONCE = 128;

/** Opens sockets: the first time at a fixed rate, later when their wait is over. */
export class Opener {
  readonly #waiting = new Fifo<Member>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #opening = 0;
  #isOver = false;

  /** Each of them once, so many a second. */
  open(members: readonly Member[], perSecond: number): void {
    const schedule = new Schedule(perSecond, now());
    const left = members.values();
    const step = (): void => {
      while (schedule.due(now()) !== undefined) {
        const { value, done } = left.next();
        if (done === true) return this.#next();
        this.#waiting.push(value);
      }
      this.#next();
      this.#later(step, schedule.wait(now()));
    };
    step();
  }

  /** Once more, after `wait` ms. */
  again(member: Member, wait: number): void {
    this.#later(() => {
      this.#waiting.push(member);
      this.#next();
    }, wait);
  }

  stop(): void {
    this.#isOver = true;
    this.#waiting.clear();
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #later(then: () => void, ms: number): void {
    if (this.#isOver) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      then();
    }, ms);
    this.#timers.add(timer);
  }

  #next(): void {
    while (this.#opening < AT_ONCE) {
      const member = this.#waiting.shift();
      if (member === undefined) return;
      this.#opening += 1;
      void member.open().finally(() => {
        this.#opening -= 1;
        this.#next();
      });
    }
  }
}

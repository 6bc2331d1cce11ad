import type { UserSummary } from '../wire/rest.ts';
import { Value } from './observable.ts';
import { Timer } from './timer.ts';

/** Names shown at most. */
const MAX_TYPING = 20;

/** Who types in one room; each ends by itself. */
export class Typing {
  readonly users = new Value<readonly UserSummary[]>([]);
  readonly #duration: number;
  readonly #timers = new Map<string, Timer>();

  /** `duration` in ms. */
  constructor(duration: number) {
    this.#duration = duration;
  }

  heard(user: UserSummary): void {
    const running = this.#timers.get(user.id);
    if (running !== undefined) {
      running.set(this.#duration);
      return;
    }
    if (this.#timers.size >= MAX_TYPING) return;
    const timer = new Timer(() => {
      this.ended(user.id);
    });
    timer.set(this.#duration);
    this.#timers.set(user.id, timer);
    this.users.set([...this.users.get(), user]);
  }

  /** Their message came, or nothing more did. */
  ended(id: string): void {
    const timer = this.#timers.get(id);
    if (timer === undefined) return;
    timer.stop();
    this.#timers.delete(id);
    this.users.set(this.users.get().filter((user) => user.id !== id));
  }

  clear(): void {
    for (const id of [...this.#timers.keys()]) this.ended(id);
  }
}

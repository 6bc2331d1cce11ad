import { codeOf, type Account } from './account.ts';
import type { History } from './history.ts';
import { between, type Random } from './random.ts';

export interface Guest {
  readonly user: string;
  readonly room: string;
}

const RETRY_PAUSE = 300;
/** Minutes of trying: something is wrong for good. */
const MAX_TRIES = 500;
/** ms from the end of the traffic in which nobody is taken out any more. */
const LAST = 8_000;

/** The rooms' owner, who takes people out and adds them again, and notes when the answer to that came. */
export class Bouncer {
  readonly #owner: Account;
  readonly #history: History;
  readonly #random: Random;

  constructor(owner: Account, history: History, random: Random) {
    this.#owner = owner;
    this.#history = history;
    this.#random = random;
  }

  /** In and out until `end` (performance.now); resolves with the guest in. */
  async bother({ user, room }: Guest, end: number): Promise<void> {
    for (;;) {
      const stay = between(this.#random, 3_000, 15_000);
      const away = between(this.#random, 300, 6_000);
      if (performance.now() + stay + away + LAST > end) return;
      await pause(stay);
      await this.#remove(user, room);
      await pause(away);
      await this.#add(user, room);
    }
  }

  /** For good: a removal without an answer may have come true after the guest was added again. */
  async settle(guests: readonly Guest[]): Promise<void> {
    await Promise.all(guests.map(({ user, room }) => this.#add(user, room)));
  }

  async #remove(user: string, room: string): Promise<void> {
    for (let tries = 1; tries < MAX_TRIES; tries++) {
      const answer = await this.#owner.try('DELETE', `/rooms/${room}/members/${user}`);
      // Not found: a try without an answer did it.
      if (answer?.status === 204 || answer?.status === 404) {
        return this.#history.removed(user, room, tries === 1 && answer.status === 204);
      }
      if (answer !== undefined && answer.status < 500)
        this.#note(`remove ${user} ${room}: ${codeOf(answer)}`);
      await pause(RETRY_PAUSE);
    }
    throw new Error('a membership cannot be changed');
  }

  async #add(user: string, room: string): Promise<void> {
    this.#history.returns(user, room);
    for (let tries = 1; tries < MAX_TRIES; tries++) {
      const answer = await this.#owner.try('POST', `/rooms/${room}/members`, { users: [user] });
      if (answer?.status === 200) return this.#note(`added ${user} ${room}`);
      if (answer !== undefined && answer.status < 500) this.#note(`add ${user} ${room}: ${codeOf(answer)}`);
      await pause(RETRY_PAUSE);
    }
    throw new Error('a membership cannot be changed');
  }

  #note(text: string): void {
    this.#history.note('owner', text);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

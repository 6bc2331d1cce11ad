import { randomUUID } from 'node:crypto';
import { codeOf, isOpen, type Account } from './account.ts';
import type { History } from './history.ts';

const RETRY_PAUSE = 300;

/** Sends over REST, one message after the other, each named `after` the one before, again until it is answered. */
export class RestSender {
  readonly #account: Account;
  readonly #history: History;
  readonly #last = new Map<string, { n: number; seq: number | undefined }>();

  constructor(account: Account, history: History) {
    this.#account = account;
    this.#history = history;
  }

  /** Resolves when the server said yes or no; gives up, unanswered, after `deadline` (performance.now). */
  async say(room: string, deadline: number): Promise<void> {
    const before = this.#last.get(room) ?? { n: 0, seq: undefined };
    const n = before.n + 1;
    const { id: sender, username } = this.#account;
    const clientId = randomUUID();
    const text = `${username}/${room.slice(-4)}/${n}`;
    const lane = `${username} ${room}`;
    this.#last.set(room, { n, seq: before.seq });
    this.#history.sent({ room, sender, clientId, text, lane, n, isMember: true, isQueued: false });
    const body = { clientId, text, ...(before.seq === undefined ? {} : { after: before.seq }) };
    while (performance.now() < deadline) {
      const answer = await this.#account.try<{ seq: number }>('POST', `/rooms/${room}/messages`, body);
      if (answer?.status === 200 || answer?.status === 201) {
        const { seq } = answer.body;
        this.#last.set(room, { n, seq });
        return this.#history.acked({ room, sender, clientId, seq });
      }
      if (answer !== undefined && !isOpen(answer)) {
        return this.#history.refused({ room, sender, clientId, code: codeOf(answer) });
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE));
    }
  }
}

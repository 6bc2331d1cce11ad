import { randomUUID } from 'node:crypto';
import { call, type Person } from '../support/person.ts';
import type { History } from './history.ts';

const RETRY_PAUSE = 300;
const ANSWER_TIMEOUT = 10_000;

/** Sends over REST, one message after the other, each named `after` the one before, again until it is answered. */
export class RestSender {
  readonly #person: Person;
  readonly #history: History;
  readonly #last = new Map<string, { n: number; seq: number | undefined }>();

  constructor(person: Person, history: History) {
    this.#person = person;
    this.#history = history;
  }

  /** Resolves when the server said yes or no; gives up, unanswered, after `deadline` (performance.now). */
  async say(room: string, deadline: number): Promise<void> {
    const before = this.#last.get(room) ?? { n: 0, seq: undefined };
    const n = before.n + 1;
    const { id: sender, username } = this.#person;
    const clientId = randomUUID();
    const text = `${username}/${room.slice(-4)}/${n}`;
    const lane = `${username} ${room}`;
    this.#last.set(room, { n, seq: before.seq });
    this.#history.add({
      type: 'send',
      room,
      sender,
      clientId,
      text,
      lane,
      n,
      isMember: true,
      isQueued: false,
    });
    const body = { clientId, text, ...(before.seq === undefined ? {} : { after: before.seq }) };
    while (performance.now() < deadline) {
      const answer = await this.#post(room, body);
      if (answer?.status === 200 || answer?.status === 201) {
        const { seq } = answer.body as { seq: number };
        this.#last.set(room, { n, seq });
        this.#history.add({ type: 'ack', room, sender, clientId, seq });
        return;
      }
      if (answer !== undefined && answer.status < 500 && answer.status !== 429) {
        const code = String((answer.body as { code?: string }).code ?? answer.status);
        this.#history.add({ type: 'refusal', room, sender, clientId, code });
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, RETRY_PAUSE));
    }
  }

  async #post(room: string, body: unknown): Promise<{ status: number; body: unknown } | undefined> {
    try {
      const { place, token } = this.#person;
      const raw = { signal: AbortSignal.timeout(ANSWER_TIMEOUT) };
      return await call(place, 'POST', `/rooms/${room}/messages`, { token, body, raw });
    } catch {
      return undefined; // no answer: the outcome is open
    }
  }
}

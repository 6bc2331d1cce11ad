import type { Message, SearchResults } from '../../../../shared/wire/rest.ts';
import { problemText } from '../chat/problems.ts';

/** Found messages kept; whoever wants more says more precisely what they look for. */
const MAX_KEPT = 600;

/** Messages found page by page. An answer to an older question never replaces a newer one's. */
export class Found {
  #messages: readonly Message[] = $state.raw([]);
  #next: string | undefined = $state();
  #loading = $state(false);
  #problem: string | undefined = $state();
  #turn = 0;
  #ask: ((cursor?: string) => Promise<SearchResults>) | undefined;

  get messages(): readonly Message[] {
    return this.#messages;
  }
  get loading(): boolean {
    return this.#loading;
  }
  get problem(): string | undefined {
    return this.#problem;
  }
  get hasMore(): boolean {
    return this.#next !== undefined && this.#messages.length < MAX_KEPT;
  }

  /** Another question; never rejects. What was found stays until the answer is here. */
  async ask(question: (cursor?: string) => Promise<SearchResults>): Promise<void> {
    this.#ask = question;
    await this.#load(undefined);
  }

  async more(): Promise<void> {
    if (!this.#loading && this.hasMore && this.#problem === undefined) await this.#load(this.#next);
  }

  /** Asks once more what went wrong. */
  async again(): Promise<void> {
    await this.#load(this.#messages.length > 0 ? this.#next : undefined);
  }

  clear(): void {
    this.#turn += 1;
    this.#ask = undefined;
    [this.#messages, this.#next, this.#problem, this.#loading] = [[], undefined, undefined, false];
  }

  async #load(cursor: string | undefined): Promise<void> {
    const ask = this.#ask;
    if (ask === undefined) return;
    this.#turn += 1;
    const turn = this.#turn;
    this.#loading = true;
    this.#problem = undefined;
    try {
      const { results, next } = await ask(cursor);
      if (turn !== this.#turn) return;
      this.#messages = cursor === undefined ? results : [...this.#messages, ...results];
      this.#next = next;
    } catch (error) {
      if (turn === this.#turn) this.#problem = problemText(error);
    } finally {
      if (turn === this.#turn) this.#loading = false;
    }
  }
}

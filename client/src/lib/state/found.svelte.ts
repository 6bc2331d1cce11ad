import type { Message, SearchResults } from '../../../../shared/wire/rest.ts';
import { codeOf, problemText } from '../chat/problems.ts';

/** Found messages kept; whoever wants more says more precisely what they look for. */
const MAX_KEPT = 600;

/** A page of answers; `isKept`: only what this device keeps was looked through. */
export interface Answer extends SearchResults {
  readonly isKept?: boolean;
}

/** Messages found page by page; `T`: what a question is about. An answer to an older question never replaces a newer one's. */
export class Found<T = undefined> {
  #messages: readonly Message[] = $state.raw([]);
  #next: string | undefined = $state();
  #loading = $state(false);
  #problem: string | undefined = $state();
  #answers = $state(0);
  #about: T | undefined = $state.raw();
  #asked: T | undefined;
  #isOld = $state(false);
  #isKept = $state(false);
  #turn = 0;
  #ask: ((cursor?: string) => Promise<Answer>) | undefined;

  get messages(): readonly Message[] {
    return this.#messages;
  }
  get loading(): boolean {
    return this.#loading;
  }
  get problem(): string | undefined {
    return this.#problem;
  }
  /** How many questions were answered: with each the list begins anew. */
  get answers(): number {
    return this.#answers;
  }
  /** What the question that was answered last is about. */
  get about(): T | undefined {
    return this.#about;
  }
  /** What is listed answers an older question: the one asked last has no answer yet, or could not be answered. */
  get isOld(): boolean {
    return this.#isOld;
  }
  /** What is listed was found among what this device keeps, without the server. */
  get isKept(): boolean {
    return this.#isKept;
  }
  get hasMore(): boolean {
    return this.#next !== undefined && this.#messages.length < MAX_KEPT;
  }

  /** Another question; never rejects. What was found stays until the answer is here. */
  async ask(question: (cursor?: string) => Promise<Answer>, about?: T): Promise<void> {
    this.#ask = question;
    this.#asked = about;
    this.#isOld = true;
    await this.#load(undefined);
  }

  /** Asks the same anew; never rejects. Where nothing else is found first, what is listed stays as it is. */
  async refresh(): Promise<void> {
    await this.#load(undefined, true);
  }

  async more(): Promise<void> {
    if (!this.#loading && this.hasMore && this.#problem === undefined) await this.#load(this.#next);
  }

  /** Asks once more what went wrong. */
  async again(): Promise<void> {
    await this.#load(this.#isOld ? undefined : this.#next);
  }

  clear(): void {
    this.#turn += 1;
    this.#ask = undefined;
    this.#isOld = false;
    this.#isKept = false;
    this.#about = undefined;
    [this.#messages, this.#next, this.#problem, this.#loading] = [[], undefined, undefined, false];
  }

  async #load(cursor: string | undefined, isAnew = false): Promise<void> {
    const ask = this.#ask;
    if (ask === undefined) return;
    this.#turn += 1;
    const turn = this.#turn;
    this.#loading = true;
    this.#problem = undefined;
    try {
      const { results, next, isKept = false } = await ask(cursor);
      if (turn !== this.#turn || (isAnew && beginsWith(this.#messages, results))) return;
      this.#messages = cursor === undefined ? results : [...this.#messages, ...results];
      this.#next = next;
      if (cursor !== undefined) return;
      this.#answers += 1;
      this.#about = this.#asked;
      this.#isKept = isKept;
      this.#isOld = false;
    } catch (error) {
      if (turn === this.#turn) this.#problem = searchProblem(error);
    } finally {
      if (turn === this.#turn) this.#loading = false;
    }
  }
}

function beginsWith(messages: readonly Message[], page: readonly Message[]): boolean {
  if (page.length === 0) return messages.length === 0;
  return page.every(({ id, rev }, i) => messages[i]?.id === id && messages[i].rev === rev);
}

function searchProblem(error: unknown): string {
  if (codeOf(error) !== 'overloaded') return problemText(error);
  return 'The search takes too long at the moment. More words, or a single conversation, make it quicker.';
}

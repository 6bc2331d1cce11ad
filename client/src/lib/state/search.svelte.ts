import { problemText } from '../chat/problems.ts';

/** ms of rest in typing before asking. */
const REST = 150;

/** Asks as one types: debounced, and an answer to an older question never replaces a newer one. */
export class Search<T> {
  readonly #ask: (query: string) => Promise<readonly T[]>;
  #query = $state('');
  #results: readonly T[] = $state.raw([]);
  #loading = $state(false);
  #problem: string | undefined = $state();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #turn = 0;

  constructor(ask: (query: string) => Promise<readonly T[]>) {
    this.#ask = ask;
  }

  get query(): string {
    return this.#query;
  }
  set query(query: string) {
    this.#query = query;
    this.#loading = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.run(), REST);
  }
  get results(): readonly T[] {
    return this.#results;
  }
  get loading(): boolean {
    return this.#loading;
  }
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Asks now; never rejects. */
  async run(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.#loading = true;
    try {
      const results = await this.#ask(this.#query.trim());
      if (turn === this.#turn) [this.#results, this.#problem] = [results, undefined];
    } catch (error) {
      if (turn === this.#turn) this.#problem = problemText(error);
    } finally {
      if (turn === this.#turn) this.#loading = false;
    }
  }

  /** Drops the question that has not been asked yet. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#turn += 1;
  }
}

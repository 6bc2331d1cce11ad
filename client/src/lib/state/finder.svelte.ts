import { parseSearch, questionOf, withoutFilter, type Filter } from '../chat/search-query.ts';
import type { App } from './app.svelte.ts';
import { Found } from './found.svelte.ts';

/** ms of rest in typing before asking. */
const REST = 250;

/** Full-text search as one types it. Owned by the panel that shows it, which stops it. */
export class Finder {
  readonly found = new Found();
  readonly #app: App;
  #text = $state('');
  #waiting = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly typed = $derived(parseSearch(this.#text));
  readonly question = $derived.by(() =>
    questionOf(this.#text, this.#app.rooms, this.#app.me ?? { id: '', username: '' }),
  );

  constructor(app: App, text: string) {
    this.#app = app;
    this.#text = text;
  }

  get text(): string {
    return this.#text;
  }
  set text(text: string) {
    this.#text = text;
    this.#waiting = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.run(), REST);
  }
  get loading(): boolean {
    return this.#waiting || this.found.loading;
  }

  drop(filter: Filter): void {
    this.text = withoutFilter(this.#text, filter);
  }
  add(filter: string): void {
    this.text = `${this.#text.trim()} ${filter}`.trim();
  }

  /** Asks now; never rejects. */
  async run(): Promise<void> {
    this.#waiting = false;
    clearTimeout(this.#timer);
    const { question } = this;
    if (question.kind !== 'ask') return this.found.clear();
    await this.found.ask((cursor) =>
      this.#app.client.search({ ...question.query, ...(cursor === undefined ? {} : { cursor }) }),
    );
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.found.clear();
  }
}

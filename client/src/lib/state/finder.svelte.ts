import { searchKept } from '../../../../shared/sdk/search-kept.ts';
import type { SearchQuery } from '../../../../shared/wire/rest.ts';
import { parseSearch, questionOf, withoutFilter, type Filter, type Typed } from '../chat/search-query.ts';
import type { App } from './app.svelte.ts';
import { Found, type Answer } from './found.svelte.ts';

/** ms of rest in typing before asking. */
const REST = 250;

/** Full-text search as one types it. Owned by the panel that shows it, which stops it. */
export class Finder {
  readonly found = new Found<Typed>();
  readonly #app: App;
  #text = $state('');
  #waiting = $state(false);
  #wrong: string | undefined = $state();
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
  /** What of the text cannot be asked; known when typing rests, so that nothing flickers meanwhile. */
  get wrong(): string | undefined {
    return this.#wrong;
  }
  /** What `found` is the answer to; undefined where nothing was asked. */
  get answered(): Typed | undefined {
    return this.found.about;
  }
  get loading(): boolean {
    return this.#waiting || this.found.loading;
  }

  drop(filter: Filter): void {
    this.text = withoutFilter(this.#text, filter);
  }
  dropAll(): void {
    this.text = this.typed.words;
  }
  add(filter: string): void {
    this.text = `${this.#text.trim()} ${filter}`.trim();
  }

  /** Asks now; never rejects. */
  async run(): Promise<void> {
    this.#waiting = false;
    clearTimeout(this.#timer);
    const { question, typed } = this;
    this.#wrong = question.kind === 'wrong' ? question.text : undefined;
    // What was found before stays in its place.
    if (question.kind === 'wrong') return;
    if (question.kind === 'nothing') {
      this.found.clear();
      return;
    }
    const { query } = question;
    await this.found.ask((cursor) => this.#ask(query, cursor), typed);
  }

  /** Without a server, what this device keeps is looked through. */
  async #ask(query: SearchQuery, cursor: string | undefined): Promise<Answer> {
    const { client } = this.#app;
    const kept = (): Answer => ({ ...searchKept(client.messages(), query), isKept: true });
    if (cursor !== undefined) return client.search({ ...query, cursor });
    if (this.#app.cutOff) return kept();
    try {
      return await client.search(query);
    } catch (error) {
      if (this.#app.cutOff) return kept();
      throw error;
    }
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.found.clear();
  }
}

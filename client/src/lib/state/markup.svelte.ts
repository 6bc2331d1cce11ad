import { SvelteSet } from 'svelte/reactivity';
import { Bounded } from '../chat/bounded.ts';
import type { Colours, Highlight } from '../chat/markdown/highlight.ts';
import type { Render, Rendered } from '../chat/markdown/render.ts';

/** Rendered texts kept: more than a few screens of them. */
const KEPT = 500;
const KEPT_CODE = 100;
const UNFOLDED = 200;

/** Renders messages' markup once per text, with libraries that are fetched when a message needs them. Owned by the app. */
export class Markup {
  #render: Render | undefined = $state.raw();
  #highlight: Highlight | undefined = $state.raw();
  #isLoading = false;
  #isLoadingColours = false;
  // By text, not by message: an edit is another text, and the same text looks the same everywhere.
  readonly #blocks = new Bounded<readonly Rendered[]>(KEPT);
  readonly #colours = new Bounded<Colours>(KEPT_CODE);
  readonly #unfolded = new SvelteSet<string>();

  /** What to draw for `text`; undefined until the renderer is here, then asked again. */
  blocks(text: string): readonly Rendered[] | undefined {
    const render = this.#render;
    if (render !== undefined) return this.#blocks.get(text, () => render(text));
    this.load();
    return undefined;
  }

  /** The colours of `code`; undefined until the highlighter is here, then asked again. */
  colours(code: string, language: string): Colours | undefined {
    const highlight = this.#highlight;
    if (highlight !== undefined)
      return this.#colours.get(`${language} ${code}`, () => highlight(code, language));
    this.#loadColours();
    return undefined;
  }

  /** Fetches the renderer, once; a fetch that failed is tried again with the next message. */
  load(): void {
    if (this.#isLoading) return;
    this.#isLoading = true;
    import('../chat/markdown/render.ts').then(
      ({ createRender }) => {
        this.#render = createRender();
      },
      () => {
        this.#isLoading = false;
      },
    );
  }

  #loadColours(): void {
    if (this.#isLoadingColours) return;
    this.#isLoadingColours = true;
    import('../chat/markdown/highlight.ts').then(
      ({ highlight }) => {
        this.#highlight = highlight;
      },
      () => {
        this.#isLoadingColours = false;
      },
    );
  }

  /** Whether a long message was unfolded, also after it left the screen. */
  isUnfolded(id: string): boolean {
    return this.#unfolded.has(id);
  }
  setUnfolded(id: string, unfolded: boolean): void {
    this.#unfolded.delete(id);
    if (unfolded) this.#unfolded.add(id);
    const oldest = this.#unfolded.keys().next();
    if (this.#unfolded.size > UNFOLDED && !oldest.done) this.#unfolded.delete(oldest.value);
  }

  /** Nothing of one person's is left for the next at this screen. */
  clear(): void {
    this.#blocks.clear();
    this.#colours.clear();
    this.#unfolded.clear();
  }
}

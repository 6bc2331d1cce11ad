/** Keeps the drawn rows of a list by key, and tells when one of them, or the viewport, has another size. */
export class RowWatch {
  readonly elements: ReadonlyMap<string, HTMLElement>;
  readonly #elements = new Map<string, HTMLElement>();
  readonly #observer: ResizeObserver;
  #viewport: Element | undefined;

  /** `resized` comes once behind all that was measured, before anything is painted. */
  constructor(measured: (key: string, height: number) => void, resized: () => void) {
    this.elements = this.#elements;
    this.#observer = new ResizeObserver((entries) => {
      // In a pane that is hidden nothing has a height.
      if (this.#viewport?.clientHeight === 0) return;
      for (const { target, borderBoxSize } of entries) {
        const key = target instanceof HTMLElement ? target.dataset['row'] : undefined;
        if (key !== undefined) measured(key, borderBoxSize[0]?.blockSize ?? 0);
      }
      resized();
    });
  }

  /** For the element of a row, which carries its key; gives the stop. */
  row(element: HTMLElement): () => void {
    const key = element.dataset['row'] ?? '';
    this.#elements.set(key, element);
    this.#observer.observe(element);
    return () => {
      if (this.#elements.get(key) === element) this.#elements.delete(key);
      this.#observer.unobserve(element);
    };
  }

  viewport(scroller: HTMLElement): () => void {
    this.#viewport = scroller;
    this.#observer.observe(scroller);
    return () => {
      this.#observer.unobserve(scroller);
      this.#viewport = undefined;
    };
  }
}

/** What is used of the browser's history. */
export interface HistoryLike {
  readonly state: unknown;
  pushState(state: unknown, unused: string, path?: string): void;
  replaceState(state: unknown, unused: string, path?: string): void;
  go(delta: number): void;
}

/**
 * The client's own entries in the browser's history: its pages, and at most one place above them for what lies over a
 * page, which the browser's back takes away. A step back takes a moment: what comes meanwhile waits for its end.
 */
export class PageHistory {
  readonly #history: HistoryLike;
  #onback: (() => void) | undefined;
  #stepping = false;
  readonly #waiting: (() => void)[] = [];

  constructor(history: HistoryLike) {
    this.#history = history;
  }

  /** Goes to a page; `done` once the address is its own. */
  go(path: string, replace: boolean, done: () => void): void {
    this.#inTurn(() => {
      const state = { depth: this.#mark('depth') + (replace ? 0 : 1) };
      // What lay over the page is left behind: its entry becomes the new page's.
      if (replace || this.#isCovered) this.#history.replaceState(state, '', path);
      else this.#history.pushState(state, '', path);
      done();
    });
  }

  /** Steps back to the page before; `otherwise` where there is none of the client's. */
  back(otherwise: () => void): void {
    this.#inTurn(() => {
      if (this.#mark('depth') > 0) this.#history.go(this.#isCovered ? -2 : -1);
      else otherwise();
    });
  }

  /** Something lies over the page: the browser's back calls `onback`, once. */
  cover(onback: () => void): void {
    this.#onback = onback;
    this.#inTurn(() => {
      if (this.#onback === undefined || this.#isCovered) return;
      this.#history.pushState({ depth: this.#mark('depth'), cover: 1 }, '');
    });
  }

  /** It went away otherwise, and leaves no place behind. */
  uncover(): void {
    if (this.#onback === undefined) return;
    this.#onback = undefined;
    this.#inTurn(() => {
      if (this.#onback !== undefined || !this.#isCovered) return;
      this.#stepping = true;
      this.#history.go(-1);
    });
  }

  /** At each `popstate`. */
  popped(): void {
    const isOwn = this.#stepping;
    this.#stepping = false;
    const onback = this.#onback;
    // The end of a step of one's own takes nothing away: what is there by now has come meanwhile, and waits for its place.
    if (!isOwn && onback !== undefined && !this.#isCovered) {
      this.#onback = undefined;
      onback();
    }
    while (!this.#stepping) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      next();
    }
  }

  get #isCovered(): boolean {
    return this.#mark('cover') > 0;
  }

  #inTurn(work: () => void): void {
    if (this.#stepping) this.#waiting.push(work);
    else work();
  }

  /** A number this client left with the entry. */
  #mark(name: 'depth' | 'cover'): number {
    const { state } = this.#history;
    if (typeof state !== 'object' || state === null || !(name in state)) return 0;
    const value: unknown = (state as Readonly<Record<string, unknown>>)[name];
    return typeof value === 'number' ? value : 0;
  }
}

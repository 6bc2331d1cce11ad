/** What stands above the words of a message (a day, the unread line, a name) belongs to its row. */
export type Part = 'row' | 'words';

/** A row, or its words, and how far (px) its top stands below the top of the list. */
export interface Mark {
  readonly key: string;
  readonly part: Part;
  readonly top: number;
}

/** Rows in view, by index; `last` is seen to its end, and stands before `first` where none is. */
export interface InView {
  readonly first: number;
  readonly last: number;
}

/** px that a row may be cut and still count as seen to its end. */
const CUT = 8;

/** The rows that are drawn, as elements: where they stand on the screen. */
export class RowSheet {
  readonly scroller: HTMLElement;
  readonly #above: HTMLElement;
  readonly #below: HTMLElement;
  readonly #rows: ReadonlyMap<string, HTMLElement>;
  #offset = 0;

  /** `above` and `below`: the space that stands for rows that are not drawn. */
  constructor(
    scroller: HTMLElement,
    space: { readonly above: HTMLElement; readonly below: HTMLElement },
    rows: ReadonlyMap<string, HTMLElement>,
  ) {
    this.scroller = scroller;
    this.#above = space.above;
    this.#below = space.below;
    this.#rows = rows;
  }

  /** False while its pane is hidden: nothing can be measured then. */
  get isShown(): boolean {
    return this.scroller.clientHeight > 0;
  }

  /** px it is scrolled down. */
  get offset(): number {
    return this.scroller.scrollTop;
  }
  set offset(px: number) {
    this.scroller.scrollTop = px;
    this.noteOffset();
  }
  noteOffset(): void {
    this.#offset = this.scroller.scrollTop;
  }
  /** Scrolled since the offset was set or noted. */
  get wasMoved(): boolean {
    return this.scroller.scrollTop !== this.#offset;
  }

  /** px. */
  get above(): number {
    return this.#above.getBoundingClientRect().height;
  }
  set above(px: number) {
    this.#above.style.height = `${String(px)}px`;
  }
  set below(px: number) {
    this.#below.style.height = `${String(px)}px`;
  }

  /** Where the drawn rows begin and end, px below the list's top. */
  get edges(): { readonly top: number; readonly bottom: number } {
    const edge = this.scroller.getBoundingClientRect().top;
    return {
      top: this.#above.getBoundingClientRect().bottom - edge,
      bottom: this.#below.getBoundingClientRect().top - edge,
    };
  }

  /** How far below the list's top it stands; undefined where it is not drawn. */
  topOf({ key, part }: Pick<Mark, 'key' | 'part'>): number | undefined {
    const row = this.#rows.get(key);
    if (row === undefined) return undefined;
    const element = part === 'row' ? row : wordsOf(row);
    return element.getBoundingClientRect().top - this.scroller.getBoundingClientRect().top;
  }

  /** px. */
  heightOf(key: string): number {
    return this.#rows.get(key)?.getBoundingClientRect().height ?? 0;
  }

  /** The first message whose words are seen to begin, or the one that fills the view. `keys` in the order in which they stand. */
  firstSeen(keys: readonly string[]): Mark | undefined {
    let last: Mark | undefined;
    for (const key of keys) {
      const top = this.topOf({ key, part: 'words' });
      if (top === undefined) continue;
      if (last !== undefined && top >= this.scroller.clientHeight) return last;
      last = { key, part: 'words', top };
      if (top >= 0) return last;
    }
    return last;
  }

  /** Which of the rows with these `keys`, in the order in which they stand, are in view; undefined where none is drawn there. */
  inView(keys: readonly string[]): InView | undefined {
    return rowsInView(
      this.scroller,
      keys.map((key) => this.#rows.get(key)),
    );
  }

  /** The row that an element stands in. */
  rowOf(element: Element): string | undefined {
    return element.closest<HTMLElement>('[data-row]')?.dataset['row'];
  }
}

/** Which of these rows, in the order in which they stand, are in view of `scroller`; those that are not drawn are undefined. */
export function rowsInView(
  scroller: HTMLElement,
  rows: readonly (HTMLElement | undefined)[],
): InView | undefined {
  const { top: edge, height } = scroller.getBoundingClientRect();
  const boxes = rows.map((row) => row?.getBoundingClientRect());
  const first = boxes.findIndex((box) => box !== undefined && box.bottom > edge);
  if (first === -1) return undefined;
  return {
    first,
    last: boxes.findLastIndex((box) => box !== undefined && box.bottom <= edge + height + CUT),
  };
}

const wordsOf = (row: HTMLElement): Element => row.querySelector('[data-words]') ?? row;

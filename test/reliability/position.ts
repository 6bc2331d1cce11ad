/** How much of one room one reader has. */
export class Position {
  /** What it held from the beginning: it is shown only what comes after. */
  readonly from: number;
  /** The numbers of the messages it was shown. */
  readonly messages = new Set<number>();
  readonly #above = new Set<number>();
  #known: number;

  constructor(head: number) {
    this.from = head;
    this.#known = head;
  }

  /** Nothing at or below it is missing. */
  get known(): number {
    return this.#known;
  }

  /** A number was decided: as a message, as a change of one, or as nothing. */
  heard(seq: number): void {
    if (seq > this.#known) this.#above.add(seq);
    while (this.#above.delete(this.#known + 1)) this.#known += 1;
  }

  /** Everything up to `to` has been read from the log. */
  readTo(to: number): void {
    if (to <= this.#known) return;
    this.#known = to;
    for (const seq of this.#above) if (seq <= to) this.#above.delete(seq);
    this.heard(to);
  }
}

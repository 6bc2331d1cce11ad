/** How far one socket has one room. Costs two numbers where nothing is missing. */
export class View {
  /** It was told of nothing at or below: it came later. */
  readonly base: number;
  #known: number;
  #above: Set<number> | undefined;

  constructor(head: number) {
    this.base = head;
    this.#known = head;
  }

  /** Nothing at or below it is missing. */
  get known(): number {
    return this.#known;
  }
  /** Whether something above `known` is there already. */
  get hasHole(): boolean {
    return this.#above !== undefined;
  }

  /** A number was decided, as a message or as nothing; false where that was known. */
  heard(seq: number): boolean {
    if (seq === this.#known + 1 && this.#above === undefined) {
      this.#known = seq;
      return true;
    }
    if (this.has(seq)) return false;
    this.#above ??= new Set();
    this.#above.add(seq);
    this.#close();
    return true;
  }

  has(seq: number): boolean {
    return seq <= this.#known || this.#above?.has(seq) === true;
  }

  /** Everything up to `to` was read from the log. */
  readTo(to: number): void {
    if (to <= this.#known) return;
    this.#known = to;
    if (this.#above === undefined) return;
    for (const seq of this.#above) if (seq <= to) this.#above.delete(seq);
    this.#close();
  }

  #close(): void {
    const above = this.#above;
    if (above === undefined) return;
    while (above.delete(this.#known + 1)) this.#known += 1;
    if (above.size === 0) this.#above = undefined;
  }
}

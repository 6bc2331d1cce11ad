/** The metrics of one process, summed by name over the labels that are not asked for. */
export class Metrics {
  readonly #lines: readonly string[];

  private constructor(text: string) {
    this.#lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  }

  /** Reads them from a node's internal port. */
  static async of(node: { readonly internalPort: number }): Promise<Metrics> {
    const response = await fetch(`http://127.0.0.1:${node.internalPort}/metrics`);
    return new Metrics(await response.text());
  }

  /** All series, a line each. */
  get text(): string {
    return this.#lines.join('\n');
  }

  /** The sum of all series with these labels; 0 where there is none. */
  sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
    const wanted = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
    return this.#lines
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      .filter((line) => wanted.every((label) => line.includes(label)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  }
}

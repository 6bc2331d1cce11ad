import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A run's events as JSON lines in a file, because hours of frames would not fit in memory. */
export class Journal {
  readonly path: string;
  readonly #file: WriteStream;

  constructor(path: string) {
    this.path = path;
    this.#file = createWriteStream(path);
  }

  /** What comes after the end is left out: clients that are still being closed say a last word. */
  add(line: object): void {
    if (!this.#file.writableEnded) this.#file.write(`${JSON.stringify(line)}\n`);
  }

  /** Resolves when everything is in the file; nothing more is taken. */
  async end(): Promise<void> {
    this.#file.end();
    if (!this.#file.writableFinished) await once(this.#file, 'finish');
  }
}

export interface JournalLine {
  readonly at: number;
  readonly type: string;
  readonly [field: string]: unknown;
}

/** The lines of a finished journal, one by one. */
export async function* readJournal(path: string): AsyncGenerator<JournalLine> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  for await (const line of lines) yield JSON.parse(line) as JournalLine;
}

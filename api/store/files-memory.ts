import { PIECE_BYTES, type FileStore } from './files.ts';

/** The bytes' memory twin, for unit tests. */
export class MemoryFileStore implements FileStore {
  readonly #files = new Map<string, Buffer[]>();

  async write(id: string, _name: string, pieces: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<number> {
    const stored: Buffer[] = [];
    this.#files.set(id, stored);
    for await (const piece of pieces) stored.push(Buffer.from(piece));
    return stored.reduce((sum, { length }) => sum + length, 0);
  }

  async *read(id: string, start: number, end: number): AsyncGenerator<Buffer> {
    for (let n = Math.floor(start / PIECE_BYTES); n * PIECE_BYTES <= end; n++) {
      const piece = this.#files.get(id)?.[n];
      if (piece === undefined) throw new Error(`piece ${n} of file ${id} is missing`);
      const from = n * PIECE_BYTES;
      yield piece.subarray(Math.max(0, start - from), end - from + 1);
    }
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#files.delete(id);
  }
}

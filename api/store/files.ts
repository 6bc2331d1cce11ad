/** The bytes of files, in pieces. */

/** Bytes of one piece: GridFS's own default, a little below a power of two for the sake of the document around it. */
export const PIECE_BYTES = 255 * 1024;

export interface FileStore {
  /**
   * Stores the pieces one after the other, each full but the last, and asks for the next when one is durable; gives the
   * number of bytes. What was stored stays when `pieces` throws.
   */
  write(id: string, name: string, pieces: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<number>;
  /** The bytes from `start` to `end`, both inclusive, a piece at a time. Rejects where some are missing. */
  read(id: string, start: number, end: number): AsyncIterable<Buffer>;
  /** Removes them, whole or not. */
  remove(ids: readonly string[]): Promise<void>;
}

/** GridFS's own. */
export const PIECE_INDEXES = [{ name: 'files_id_1_n_1', key: { files_id: 1, n: 1 }, unique: true }] as const;

import { mongo } from 'mongoose';
import { PIECE_BYTES, type FileStore } from './files.ts';
import type { Unhurried } from './unhurried.ts';

const { Binary, ObjectId } = mongo;
const READ_TIMEOUT = 5_000;
/** ms for the pieces of some files to go. */
const DELETE_TIMEOUT = 60_000;

/**
 * Files as GridFS lays them out, so that its tools read them. The driver's own streams are not used: a read of theirs holds
 * up to 16 MiB and a cursor for as long as its reader is slow, and a broken write of theirs may go on after it was given up.
 */
export class GridFsStore implements FileStore {
  readonly #files: mongo.Collection;
  readonly #chunks: mongo.Collection;

  constructor(collections: { readonly files: mongo.Collection; readonly chunks: mongo.Collection }) {
    this.#files = collections.files;
    this.#chunks = collections.chunks;
  }

  async write(id: string, name: string, pieces: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<number> {
    const _id = new ObjectId(id);
    let length = 0;
    let n = 0;
    for await (const piece of pieces) {
      await this.#chunks.insertOne({ files_id: _id, n, data: new Binary(piece) });
      length += piece.length;
      n += 1;
    }
    const file = { _id, length, chunkSize: PIECE_BYTES, uploadDate: new Date(), filename: name };
    await this.#files.insertOne(file);
    return length;
  }

  async *read(id: string, start: number, end: number): AsyncGenerator<Buffer> {
    const files_id = new ObjectId(id);
    for (let n = Math.floor(start / PIECE_BYTES); n * PIECE_BYTES <= end; n++) {
      const chunk = await this.#chunks.findOne({ files_id, n }, { maxTimeMS: READ_TIMEOUT });
      if (chunk === null) throw new Error(`piece ${n} of file ${id} is missing`);
      const { buffer } = chunk['data'] as mongo.Binary;
      const from = n * PIECE_BYTES;
      yield Buffer.from(buffer.buffer, buffer.byteOffset, buffer.length).subarray(
        Math.max(0, start - from),
        end - from + 1,
      );
    }
  }

  async remove(ids: readonly string[]): Promise<void> {
    const unhurried: mongo.DeleteOptions & Unhurried = { socketTimeoutMS: DELETE_TIMEOUT };
    const keys = ids.map((id) => new ObjectId(id));
    await this.#chunks.deleteMany({ files_id: { $in: keys } }, unhurried);
    await this.#files.deleteMany({ _id: { $in: keys } });
  }
}

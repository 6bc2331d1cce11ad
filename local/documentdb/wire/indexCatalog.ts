import { deserialize, serialize, type Document } from 'bson';
import type { Store } from './store.ts';
import { bytesOf, isStoreError } from './store.ts';

const LIMIT = 1_000;

/** The key patterns of each collection's indexes, remembered until that collection's indexes change. */
export class IndexCatalog {
  readonly #store: Store;
  readonly #known = new Map<string, ReadonlyMap<string, Document>>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** The index's key pattern, or undefined when it has none of that name. */
  async keyPattern(db: string, collection: string, index: string): Promise<Document | undefined> {
    const namespace = `${db}.${collection}`;
    const known = this.#known.get(namespace)?.get(index);
    if (known) return known;
    const fresh = await this.#read(db, collection);
    if (this.#known.size >= LIMIT) this.#known.clear();
    this.#known.set(namespace, fresh);
    return fresh.get(index);
  }

  /** To be called after a database's indexes changed. */
  forget(db: string): void {
    for (const namespace of this.#known.keys())
      if (namespace.startsWith(`${db}.`)) this.#known.delete(namespace);
  }

  async #read(db: string, collection: string): Promise<Map<string, Document>> {
    const command = serialize({ listIndexes: collection, cursor: { batchSize: 1000 }, $db: db });
    try {
      const [row] = await this.#store.query('listIndexes', [db, Buffer.from(command)]);
      const page = deserialize(bytesOf(row?.[0] ?? null)) as { cursor: { firstBatch: Document[] } };
      return new Map(page.cursor.firstBatch.map(({ name, key }) => [String(name), key as Document]));
    } catch (error) {
      // The collection may have been dropped meanwhile.
      if (isStoreError(error)) return new Map();
      throw error;
    }
  }
}

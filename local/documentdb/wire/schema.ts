import { deserialize, serialize, type Document } from 'bson';
import type { Call } from './call.ts';
import { CommandFailure } from './failure.ts';
import type { IndexCatalog } from './indexCatalog.ts';
import { Serial } from './serial.ts';
import { isStoreError, type Store } from './store.ts';

/** Commands that change collections and indexes: one at a time, since DocumentDB's deadlock with each other. */
export class Schema {
  readonly #store: Store;
  readonly #catalog: IndexCatalog;
  readonly #serial = new Serial();

  constructor(store: Store, catalog: IndexCatalog) {
    this.#store = store;
    this.#catalog = catalog;
  }

  createIndexes(call: Call): Promise<Buffer> {
    return this.#change(call, async () => {
      const reply = deserialize(
        await this.#store.bson('createIndexes', [call.db, call.body], call.maxTimeMs),
      );
      // One shard's answer is the whole answer, as a MongoDB without shards gives it.
      const { raw, ...rest } = reply as { raw?: Record<string, Document> };
      return encode({ ...Object.values(raw ?? {})[0], ...rest });
    });
  }

  dropIndexes(call: Call): Promise<Buffer> {
    return this.#change(call, async () => {
      const reply = deserialize(await this.#store.bson('dropIndexes', [call.db, call.body], call.maxTimeMs));
      return encode({ ...reply, ok: 1 });
    });
  }

  create(call: Call): Promise<Buffer> {
    return this.#change(call, () => this.#store.bson('create', [call.db, call.body], call.maxTimeMs));
  }

  drop(call: Call): Promise<Buffer> {
    return this.#change(call, async () => {
      await this.#store.query('drop', [call.db, call.collection], call.maxTimeMs).catch((error: unknown) => {
        // Dropping what is not there succeeds, as since MongoDB 7.0.
        if (!isStoreError(error) || error.code !== 'M0008') throw error;
      });
      return encode({ ns: `${call.db}.${call.collection}`, ok: 1 });
    });
  }

  dropDatabase(call: Call): Promise<Buffer> {
    return this.#change(call, async () => {
      await this.#store.query('dropDatabase', [call.db], call.maxTimeMs);
      return encode({ dropped: call.db, ok: 1 });
    });
  }

  collMod(call: Call): Promise<Buffer> {
    const values = [call.db, call.collection, call.body];
    return this.#change(call, () => this.#store.bson('collMod', values, call.maxTimeMs));
  }

  renameCollection(call: Call): Promise<Buffer> {
    return this.#change({ ...call, db: call.collection.split('.')[0] ?? '' }, () =>
      this.#store.bson('renameCollection', [call.body], call.maxTimeMs),
    );
  }

  #change(call: Call, task: () => Promise<Buffer>): Promise<Buffer> {
    if (call.db === '') throw new CommandFailure(73, 'a database has no name');
    return this.#serial.run(async () => {
      try {
        return await task();
      } finally {
        this.#catalog.forget(call.db);
      }
    });
  }
}

const encode = (document: Document) => Buffer.from(serialize(document));

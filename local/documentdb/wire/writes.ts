import { deserialize, serialize, type Document } from 'bson';
import { find } from './bsonScan.ts';
import { documentsOf, type Call } from './call.ts';
import { describeDuplicate, documentOfUpdate, DUPLICATE_KEY, indexNamed } from './duplicateKey.ts';
import { unpackCode } from './failure.ts';
import type { IndexCatalog } from './indexCatalog.ts';
import type { Store } from './store.ts';

type WriteError = { index: number; code: number; errmsg: string };
type WriteResult = Document & { n: number; writeErrors?: WriteError[] };

const FIELDS = { insert: 'documents', update: 'updates', delete: 'deletes' } as const;
export type WriteKind = keyof typeof FIELDS;

/** A batch that met another batch in a deadlock is given its turn again this often. */
const ATTEMPTS = 5;
const WRITE_CONFLICT = 112;

/** insert, update and delete. Their answers are decoded only when they tell of errors. */
export class Writes {
  readonly #store: Store;
  readonly #catalog: IndexCatalog;

  constructor(store: Store, catalog: IndexCatalog) {
    this.#store = store;
    this.#catalog = catalog;
  }

  async run(kind: WriteKind, call: Call): Promise<Buffer> {
    const reply = await this.#store.bson(kind, [call.db, call.body, call.sequence], call.maxTimeMs);
    if (!find(reply, 'writeErrors')) return reply;
    const result = decode(reply);
    if (kind === 'insert') await this.#insertConflicted(call, result);
    for (const error of result.writeErrors ?? []) await this.#explain(kind, call, error);
    return Buffer.from(serialize(result));
  }

  /** Two batches with the same keys in another order deadlock, which MongoDB's do not: what lost goes once more. */
  async #insertConflicted(call: Call, result: WriteResult): Promise<void> {
    const options = deserialize(call.body, { fieldsAsRaw: { documents: true } });
    const ordered = options['ordered'] !== false;
    for (let attempt = 1; attempt < ATTEMPTS; attempt += 1) {
      const errors = result.writeErrors ?? [];
      const conflicted = errors.filter(({ code }) => code === WRITE_CONFLICT).map(({ index }) => index);
      const [first] = conflicted;
      if (first === undefined) return;
      const documents = documentsOf(call, 'documents');
      const again = ordered ? documents.map((_, index) => index).slice(first) : conflicted;
      const command = { insert: call.collection, ordered, $db: call.db };
      const sequence = Buffer.concat(again.map((index) => documents[index] ?? Buffer.alloc(0)));
      const values = [call.db, Buffer.from(serialize(command)), sequence];
      const next = decode(await this.#store.bson('insert', values, call.maxTimeMs));
      const left = errors.filter(({ code }) => code !== WRITE_CONFLICT);
      const failed = (next.writeErrors ?? []).map((error) => ({ ...error, index: again[error.index] ?? 0 }));
      result.n += next.n;
      result.writeErrors = [...left, ...failed].toSorted((a, b) => a.index - b.index);
      if (result.writeErrors.length === 0) delete result.writeErrors;
    }
  }

  async #explain(kind: WriteKind, call: Call, error: WriteError): Promise<void> {
    const index = indexNamed(error.errmsg);
    if (error.code !== DUPLICATE_KEY || index === undefined) return;
    const { db, collection } = call;
    const bytes = documentsOf(call, FIELDS[kind])[error.index];
    const sent = bytes ? deserialize(bytes) : {};
    const document = kind === 'update' ? await documentOfUpdate(this.#store, db, collection, sent) : sent;
    const { message, details } = await describeDuplicate(this.#catalog, { db, collection, index, document });
    Object.assign(error, { errmsg: message, ...details });
  }
}

function decode(reply: Buffer): WriteResult {
  const result = deserialize(reply) as WriteResult;
  for (const error of result.writeErrors ?? []) error.code = unpackCode(error.code);
  return result;
}

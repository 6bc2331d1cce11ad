import { deserialize, EJSON, ObjectId, serialize, type Document } from 'bson';
import { CommandFailure } from './failure.ts';
import type { IndexCatalog } from './indexCatalog.ts';
import type { Store, StoreError } from './store.ts';

export const DUPLICATE_KEY = 11000;

export type Duplicate = {
  readonly db: string;
  readonly collection: string;
  readonly index: string;
  /** The document that was refused, as far as it is known. */
  readonly document: Document;
};

/** The error as MongoDB words it: the message, the violated index's key pattern and the values that met it. */
export async function describeDuplicate(
  catalog: IndexCatalog,
  duplicate: Duplicate,
): Promise<CommandFailure> {
  const { db, collection, index, document } = duplicate;
  const keyPattern = (await catalog.keyPattern(db, collection, index)) ?? { [index]: 1 };
  const keyValue: Document = {};
  for (const path of Object.keys(keyPattern)) keyValue[path] = valueAt(document, path.split('.'));
  const shown = Object.entries(keyValue).map(([path, value]) => `${path}: ${show(value)}`);
  const message = `E11000 duplicate key error collection: ${db}.${collection} index: ${index} dup key: { ${shown.join(', ')} }`;
  return new CommandFailure(DUPLICATE_KEY, message, { keyPattern, keyValue });
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return value ?? null;
  if (Array.isArray(value)) return valueAt(value[0], path);
  if (typeof value !== 'object' || value === null) return null;
  return valueAt((value as Document)[head], rest);
}

function show(value: unknown): string {
  if (value instanceof ObjectId) return `ObjectId('${value.toHexString()}')`;
  return EJSON.stringify(value as Document);
}

/** The index's name in DocumentDB's message about a duplicate key. */
export const indexNamed = (message: string) => /Index '(.+)'/.exec(message)?.[1];

/** The violated index, from an error of PostgreSQL's own (which some commands pass on), by the constraint's number. */
export async function indexOfError(store: Store, error: StoreError): Promise<string> {
  const named = indexNamed(error.message);
  if (named) return named;
  const id = /^documents_rum_index_(\d+)/.exec(error.constraint ?? '')?.[1];
  const [row] = id ? await store.query('indexName', [id]) : [];
  return row?.[0] ?? '_id_';
}

/** The refused document, which PostgreSQL's detail of the error shows first. */
export function documentOfError(error: StoreError): Document | undefined {
  const hex = /=\s*\((?:\d+, )?BSONHEX([0-9a-f]+)/.exec(error.detail ?? '')?.[1];
  if (!hex) return undefined;
  try {
    return deserialize(Buffer.from(hex, 'hex'));
  } catch {
    return undefined;
  }
}

/** What a refused update would have made of its document: the stored one, then what filter and update set. */
export async function documentOfUpdate(
  store: Store,
  db: string,
  collection: string,
  update: Document,
): Promise<Document> {
  const { q, u } = update as { q: Document; u: Document };
  const command = { find: collection, filter: q, limit: 1, singleBatch: true, $db: db };
  const page = await store.bson('find', [db, Buffer.from(serialize(command))]).catch(() => undefined);
  const [stored] = page
    ? (deserialize(page) as { cursor: { firstBatch: Document[] } }).cursor.firstBatch
    : [];
  const operators = Array.isArray(u) ? {} : u;
  const isReplacement = !Object.keys(operators).some((key) => key.startsWith('$'));
  const set = isReplacement ? operators : { ...operators['$setOnInsert'], ...operators['$set'] };
  return { ...plainEqualities(q), ...stored, ...set };
}

function plainEqualities(filter: Document): Document {
  return Object.fromEntries(Object.entries(filter).filter(([key]) => !key.startsWith('$')));
}

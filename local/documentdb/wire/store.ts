import pg from 'pg';
import { STATEMENTS, type StatementName } from './statements.ts';

export type Row = readonly (string | null)[];
export type Parameter = string | Buffer | null;

/** The connection to PostgreSQL broke: whether the command took effect is unknown, as when MongoDB itself dies. */
export class StoreLost extends Error {}

/** A statement that PostgreSQL refused. */
export type StoreError = Error & {
  readonly code: string;
  readonly detail?: string | undefined;
  readonly constraint?: string | undefined;
};

export const isStoreError = (error: unknown): error is StoreError =>
  error instanceof pg.DatabaseError && typeof error.code === 'string';

/** A deadlock undoes the whole statement, so it may be tried again. */
const DEADLOCK = '40P01';
const ATTEMPTS = 5;

/** Keeps BSON as the text PostgreSQL sends: pg would take binary results for UTF-8. */
const asText = { getTypeParser: () => (value: string) => value };

/** Statements against the database, over a bounded pool; more of them wait their turn. */
export class Store {
  readonly #pool: pg.Pool;

  constructor(options: { socketDir: string; user: string; size: number }) {
    const { socketDir: host, user, size: max } = options;
    this.#pool = new pg.Pool({ host, user, database: 'postgres', max, idleTimeoutMillis: 0, types: asText });
    // A broken idle connection is replaced when next needed.
    this.#pool.on('error', () => undefined);
  }

  /**
   * Runs one statement, prepared under its name. `maxTimeMs` (0: none) ends it with SQLSTATE 57014. Throws
   * StoreError when refused, StoreLost when the connection broke.
   */
  async query(name: StatementName, values: readonly Parameter[], maxTimeMs = 0): Promise<Row[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(name, values, maxTimeMs);
      } catch (error) {
        if (!isStoreError(error) || error.code !== DEADLOCK || attempt === ATTEMPTS) throw error;
      }
    }
  }

  /** The first column of the first row, as bytes; throws when there is none. */
  async bson(name: StatementName, values: readonly Parameter[], maxTimeMs = 0): Promise<Buffer> {
    const [row] = await this.query(name, values, maxTimeMs);
    return bytesOf(row?.[0] ?? null);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #once(name: StatementName, values: readonly Parameter[], maxTimeMs: number): Promise<Row[]> {
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw lost(error);
    });
    let broken: Error | undefined;
    try {
      if (maxTimeMs > 0) await client.query(`SET statement_timeout = ${Math.ceil(maxTimeMs)}`);
      const result = await client.query<string[]>({
        name,
        text: STATEMENTS[name],
        values: [...values],
        rowMode: 'array',
      });
      return result.rows;
    } catch (error) {
      if (isStoreError(error) && !/^57P/.test(error.code)) throw error;
      broken = lost(error);
      throw broken;
    } finally {
      if (maxTimeMs > 0 && !broken)
        await client.query('RESET statement_timeout').catch((e: unknown) => (broken = lost(e)));
      client.release(broken);
    }
  }
}

const lost = (cause: unknown) =>
  new StoreLost(cause instanceof Error ? cause.message : String(cause), { cause });

/** The bytes of a BSON column, which arrives as `BSONHEX` and hexadecimal digits. */
export function bytesOf(column: string | null): Buffer {
  if (!column?.startsWith('BSONHEX')) throw new StoreLost('a result is not BSON');
  return Buffer.from(column.slice(7), 'hex');
}

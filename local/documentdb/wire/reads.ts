import { deserialize, Long, serialize } from 'bson';
import { find } from './bsonScan.ts';
import type { Call } from './call.ts';
import { Cursors } from './cursors.ts';
import { CommandFailure } from './failure.ts';
import type { StatementName } from './statements.ts';
import { bytesOf, type Store } from './store.ts';

type Paged = 'find' | 'aggregate' | 'listCollections' | 'listIndexes';

const EXPLAINED: Readonly<Record<string, StatementName>> = {
  find: 'explainFind',
  aggregate: 'explainAggregate',
  count: 'explainCount',
  distinct: 'explainDistinct',
};

/** Commands that read, in pages where the result is long. */
export class Reads {
  readonly cursors: Cursors;
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
    // Best effort: files of forgotten cursors are deleted after 10 minutes anyway.
    this.cursors = new Cursors((ids) => {
      store.query('forgetCursors', [`{${ids.join(',')}}`]).catch(() => undefined);
    });
  }

  /** The first page; the rest, if any, waits in a cursor. */
  async firstPage(kind: Paged, call: Call): Promise<Buffer> {
    const [row] = await this.#store.query(kind, [call.db, call.body], call.maxTimeMs);
    const [page = null, continuation, id] = row ?? [];
    if (continuation && id) this.cursors.put(id, { db: call.db, continuation: bytesOf(continuation) });
    return bytesOf(page);
  }

  async getMore(call: Call): Promise<Buffer> {
    const element = find(call.body, 'getMore');
    const id = element?.type === 0x12 ? call.body.readBigInt64LE(element.start).toString() : '';
    const cursor = this.cursors.take(id);
    if (!cursor) throw new CommandFailure(43, `cursor id ${id} not found`);
    const values = [cursor.db, call.body, cursor.continuation];
    const [row] = await this.#store.query('getMore', values, call.maxTimeMs);
    const [page = null, continuation] = row ?? [];
    if (continuation) this.cursors.put(id, { db: cursor.db, continuation: bytesOf(continuation) });
    return bytesOf(page);
  }

  killCursors(call: Call): Buffer {
    const { cursors = [] } = deserialize(call.body, { promoteLongs: false }) as { cursors?: unknown[] };
    const ids = cursors.filter((id): id is Long => Long.isLong(id));
    const killed = ids.map((id) => this.cursors.kill(id.toString()));
    return Buffer.from(
      serialize({
        cursorsKilled: ids.filter((_, index) => killed[index]),
        cursorsNotFound: ids.filter((_, index) => !killed[index]),
        cursorsAlive: [],
        cursorsUnknown: [],
        ok: 1,
      }),
    );
  }

  /** PostgreSQL's plan, under the name where MongoDB's would be. */
  async explain(call: Call): Promise<Buffer> {
    const element = find(call.body, 'explain');
    const inner = element?.type === 0x03 ? call.body.subarray(element.start, element.end) : Buffer.alloc(0);
    const [name, collection] = Object.entries(inner.length > 0 ? deserialize(inner) : {})[0] ?? [''];
    const statement = EXPLAINED[name];
    if (!statement) throw new CommandFailure(115, `explain of ${name} is not supported`);
    const [row] = await this.#store.query(statement, [call.db, inner], call.maxTimeMs);
    const plans = JSON.parse(row?.[0] ?? '[]') as { Plan?: object }[];
    const namespace = `${call.db}.${String(collection)}`;
    return Buffer.from(
      serialize({ queryPlanner: { namespace, winningPlan: plans[0]?.Plan ?? {}, rejectedPlans: [] }, ok: 1 }),
    );
  }
}

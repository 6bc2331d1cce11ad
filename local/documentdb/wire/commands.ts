import { deserialize, serialize, type Document } from 'bson';
import { toCall, type Call } from './call.ts';
import { describeDuplicate, documentOfError, DUPLICATE_KEY, indexOfError } from './duplicateKey.ts';
import { CommandFailure, mongoCode } from './failure.ts';
import { buildInfo, hello, serverStatus } from './handshake.ts';
import { IndexCatalog } from './indexCatalog.ts';
import type { Request } from './message.ts';
import { Reads } from './reads.ts';
import { Schema } from './schema.ts';
import { isStoreError, StoreLost, type Store, type StoreError } from './store.ts';
import { Writes } from './writes.ts';

type Command = (call: Call, connectionId: number) => Promise<Buffer> | Buffer | Document;

const OK = { ok: 1 };

/** MongoDB's commands on a store: takes a request, gives the bytes of the reply document. */
export class Commands {
  readonly #store: Store;
  readonly #catalog: IndexCatalog;
  readonly #table: ReadonlyMap<string, Command>;
  readonly #reads: Reads;

  constructor(store: Store, connections: () => number) {
    this.#store = store;
    this.#catalog = new IndexCatalog(store);
    this.#reads = new Reads(store);
    this.#table = new Map(Object.entries(this.#commands(connections)));
  }

  /** Failures become replies; only StoreLost is thrown: the connection must then end, as with a MongoDB that died. */
  async run(request: Request, connectionId: number): Promise<Buffer> {
    let call: Call | undefined;
    try {
      call = toCall(request);
      const command = this.#table.get(call.name);
      if (!command) throw new CommandFailure(59, `no such command: '${call.name}'`);
      const reply = await command(call, connectionId);
      return Buffer.isBuffer(reply) ? reply : Buffer.from(serialize(reply));
    } catch (error) {
      if (error instanceof StoreLost) throw error;
      return (await this.#toFailure(error, call)).encode();
    }
  }

  /** To be called now and then: forgets cursors nobody uses. */
  sweep(): void {
    this.#reads.cursors.sweep();
  }

  async #toFailure(error: unknown, call: Call | undefined): Promise<CommandFailure> {
    if (error instanceof CommandFailure) return error;
    if (!isStoreError(error))
      return new CommandFailure(1, error instanceof Error ? error.message : String(error));
    const code = mongoCode(error.code);
    if (code === DUPLICATE_KEY && call) return this.#duplicate(error, call);
    return new CommandFailure(code, code === 50 ? 'operation exceeded time limit' : error.message);
  }

  async #duplicate(error: StoreError, call: Call): Promise<CommandFailure> {
    const { db, collection } = call;
    const index = await indexOfError(this.#store, error);
    const document = documentOfError(error) ?? {};
    return describeDuplicate(this.#catalog, { db, collection, index, document });
  }

  #commands(connections: () => number): Record<string, Command> {
    const store = this.#store;
    const reads = this.#reads;
    const writes = new Writes(store, this.#catalog);
    const schema = new Schema(store, this.#catalog);
    const greet: Command = (_, connectionId) => hello(connectionId);
    const ok: Command = () => OK;
    return {
      hello: greet,
      isMaster: greet,
      ismaster: greet,
      ping: ok,
      endSessions: ok,
      refreshSessions: ok,
      killSessions: ok,
      killAllSessions: ok,
      logout: ok,
      buildInfo,
      buildinfo: buildInfo,
      serverStatus: () => serverStatus(connections()),
      getParameter,
      connectionStatus: () => ({ authInfo: { authenticatedUsers: [], authenticatedUserRoles: [] }, ...OK }),
      whatsmyuri: () => ({ you: '127.0.0.1', ...OK }),
      getCmdLineOpts: () => ({ argv: [], parsed: {}, ...OK }),
      replSetGetStatus: () => {
        throw new CommandFailure(76, 'not running with --replSet');
      },
      insert: (call) => writes.run('insert', call),
      update: (call) => writes.run('update', call),
      delete: (call) => writes.run('delete', call),
      findAndModify: (call) => store.bson('findAndModify', [call.db, call.body], call.maxTimeMs),
      findandmodify: (call) => store.bson('findAndModify', [call.db, call.body], call.maxTimeMs),
      find: (call) => reads.firstPage('find', call),
      aggregate: (call) => reads.firstPage('aggregate', call),
      getMore: (call) => reads.getMore(call),
      killCursors: (call) => reads.killCursors(call),
      count: (call) => store.bson('count', [call.db, call.body], call.maxTimeMs),
      distinct: (call) => store.bson('distinct', [call.db, call.body], call.maxTimeMs),
      explain: (call) => reads.explain(call),
      listCollections: (call) => reads.firstPage('listCollections', call),
      listIndexes: (call) => reads.firstPage('listIndexes', call),
      listDatabases: (call) => store.bson('listDatabases', [call.body], call.maxTimeMs),
      createIndexes: (call) => schema.createIndexes(call),
      dropIndexes: (call) => schema.dropIndexes(call),
      create: (call) => schema.create(call),
      drop: (call) => schema.drop(call),
      dropDatabase: (call) => schema.dropDatabase(call),
      collMod: (call) => schema.collMod(call),
      renameCollection: (call) => schema.renameCollection(call),
      collStats: (call) => store.bson('collStats', [call.db, call.collection], call.maxTimeMs),
      dbStats: (call) => store.bson('dbStats', [call.db], call.maxTimeMs),
      validate: (call) => store.bson('validate', [call.db, call.body], call.maxTimeMs),
    };
  }
}

/** Answers what tools ask for; an unknown parameter is an error, as in MongoDB. */
function getParameter(call: Call): Document {
  const { featureCompatibilityVersion } = deserialize(call.body);
  if (featureCompatibilityVersion === undefined) throw new CommandFailure(72, 'no option found to get');
  return { featureCompatibilityVersion: { version: '7.0' }, ...OK };
}

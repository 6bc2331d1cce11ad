import type { Document } from 'bson';
import { MAX_MESSAGE_BYTES } from './message.ts';

/** MongoDB 7.0's wire version, whose commands DocumentDB understands. */
const MAX_WIRE_VERSION = 21;
const VERSION = '7.0.0';

/**
 * The answer to `hello`, `isMaster` and `ismaster`. It poses as a standalone server: drivers then send no transaction
 * numbers, so a write whose answer was lost is reported instead of silently sent twice to a server that could not tell.
 */
export function hello(connectionId: number): Document {
  return {
    helloOk: true,
    isWritablePrimary: true,
    ismaster: true,
    maxBsonObjectSize: 16 * 1024 * 1024,
    maxMessageSizeBytes: MAX_MESSAGE_BYTES,
    // DocumentDB's own limit (documentdb.maxWriteBatchSize); drivers split larger batches.
    maxWriteBatchSize: 25_000,
    localTime: new Date(),
    logicalSessionTimeoutMinutes: 30,
    connectionId,
    minWireVersion: 0,
    maxWireVersion: MAX_WIRE_VERSION,
    readOnly: false,
    ok: 1,
  };
}

/** The answer to `buildInfo`. */
export function buildInfo(): Document {
  return {
    version: VERSION,
    gitVersion: 'documentdb',
    versionArray: [...VERSION.split('.').map(Number), 0],
    modules: [],
    bits: 64,
    debug: false,
    maxBsonObjectSize: 16 * 1024 * 1024,
    ok: 1,
  };
}

/** The answer to `serverStatus`: only what is cheap and known. */
export function serverStatus(connections: number): Document {
  return {
    host: 'localhost',
    version: VERSION,
    process: 'parley-documentdb',
    pid: process.pid,
    uptime: process.uptime(),
    localTime: new Date(),
    connections: { current: connections },
    ok: 1,
  };
}

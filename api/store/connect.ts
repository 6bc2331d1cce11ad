import { Mongoose, type mongo } from 'mongoose';
import type { Logger } from '../../shared/node/logger.ts';
import { BLOCK_INDEXES } from './blocks.ts';
import { DRAFT_INDEXES } from './drafts.ts';
import { FOLLOW_INDEXES, THREAD_INDEXES } from './threads.ts';
import { INVITE_INDEXES } from './invites.ts';
import { ATTACHMENT_INDEXES } from './attachments.ts';
import { PIECE_INDEXES } from './files.ts';
import { LOG_INDEXES } from './log.ts';
import { MEMBER_INDEXES } from './members.ts';
import { ROOM_INDEXES } from './rooms.ts';
import { SCHEDULED_INDEXES } from './scheduled.ts';
import { SEARCH_INDEXES } from './search.ts';
import { SESSION_INDEXES } from './sessions.ts';
import type { Unhurried } from './unhurried.ts';
import { THREAD_DRAFT_INDEXES } from './thread-drafts.ts';
import { USER_INDEXES } from './users.ts';

/** ms until an unreachable store counts as such. */
const SELECTION_TIMEOUT = 5_000;
/**
 * ms of silence after which a call counts as failed: above the 5 s the store is given for a read. The driver reads once
 * more, unless its heartbeats have shown meanwhile that the store hangs.
 */
const SOCKET_TIMEOUT = 6_000;
/** ms between the driver's looks at the store; its return is noticed within that time. */
const HEARTBEAT = 500;
const INDEX_ATTEMPTS = 8;

interface IndexDescription {
  readonly name: string;
  readonly key: Readonly<Record<string, 1 | -1 | 'text'>>;
  readonly unique?: boolean;
  readonly expireAfterSeconds?: number;
  readonly partialFilterExpression?: Readonly<Record<string, unknown>>;
}
type Indexes = Readonly<Record<string, readonly IndexDescription[]>>;

const INDEXES: Indexes = {
  users: USER_INDEXES,
  sessions: SESSION_INDEXES,
  rooms: ROOM_INDEXES,
  members: MEMBER_INDEXES,
  invites: INVITE_INDEXES,
  blocks: BLOCK_INDEXES,
  log: LOG_INDEXES,
  follows: FOLLOW_INDEXES,
  threads: THREAD_INDEXES,
  search: SEARCH_INDEXES,
  attachments: ATTACHMENT_INDEXES,
  'attachments.chunks': PIECE_INDEXES,
  drafts: DRAFT_INDEXES,
  threadDrafts: THREAD_DRAFT_INDEXES,
  scheduled: SCHEDULED_INDEXES,
};

/**
 * The store, reached or refused within 5 s. An instance of mongoose of its own, so that two nodes can live in one
 * process. Writes are acknowledged by a majority and journaled; reads go to the primary, at majority. Rejects when the
 * store cannot be reached.
 */
export async function connectStore(url: string): Promise<Mongoose> {
  const db = new Mongoose();
  db.set('strictQuery', 'throw');
  db.set('sanitizeFilter', true);
  db.set('bufferCommands', false);
  try {
    await db.connect(url, {
      serverSelectionTimeoutMS: SELECTION_TIMEOUT,
      connectTimeoutMS: SELECTION_TIMEOUT,
      socketTimeoutMS: SOCKET_TIMEOUT,
      heartbeatFrequencyMS: HEARTBEAT,
      waitQueueTimeoutMS: SELECTION_TIMEOUT,
      maxPoolSize: 20,
      bufferCommands: false,
      autoIndex: false,
      autoCreate: false,
      writeConcern: { w: 'majority', journal: true },
      readConcern: { level: 'majority' },
      readPreference: 'primary',
    });
  } catch (error) {
    await db.disconnect();
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`MongoDB cannot be reached (${reason}). Is MONGODB_URL right?`, { cause: error });
  }
  return db;
}

/** Resolves when the store answers; rejects within `timeoutMs` when it does not. */
export async function pingStore(db: Mongoose, timeoutMs: number): Promise<void> {
  const client = db.connection.getClient();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    await Promise.race([client.db().command({ ping: 1 }), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Makes every index that is missing. Idempotent; several nodes may start at once. */
export async function ensureIndexes(db: Mongoose, logger: Logger): Promise<void> {
  const native = db.connection.getClient().db();
  for (const [collection, indexes] of Object.entries(INDEXES)) {
    // One at a time: some engines deadlock when two are built at once.
    for (const index of indexes) await ensureIndex(native, collection, index, logger);
  }
}

async function ensureIndex(
  db: mongo.Db,
  collection: string,
  index: IndexDescription,
  logger: Logger,
): Promise<void> {
  const { key, ...options } = index;
  for (let attempt = 1; ; attempt++) {
    try {
      // On a large collection it takes as long as it takes.
      const unhurried: mongo.CreateIndexesOptions & Unhurried = { ...options, socketTimeoutMS: 0 };
      await db.collection(collection).createIndex({ ...key }, unhurried);
      return;
    } catch (error) {
      if (attempt === INDEX_ATTEMPTS) throw error;
      // Most likely another node is building it at this moment.
      logger.warn({ err: error, collection, index: index.name, attempt }, 'an index could not be made yet');
      await new Promise((resolve) => setTimeout(resolve, 100 * attempt * (0.5 + Math.random())));
    }
  }
}

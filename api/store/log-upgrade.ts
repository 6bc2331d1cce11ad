/** Brings a log of an earlier Parley, whose `_id` was the entry's id, to the keys of now (log-key.ts). */
import { mongo } from 'mongoose';
import type { Logger } from '../../shared/node/logger.ts';
import { isAllDuplicates } from './bulk-errors.ts';
import { logKey } from './log-key.ts';
import type { LogRow } from './log-rows.ts';

const LOG = 'log';
const EARLIER = 'log_by_id';
/** Left for the operator to drop. */
const COPIED = 'log_by_id_copied';
const LOWEST_ID = new mongo.ObjectId('0'.repeat(24));
const BATCH = 1_000;

/**
 * Does nothing to a log that has the keys already. Else the collection is put aside and copied; nothing of it is changed
 * or removed. A start that dies in between is made good by the next. No node of an earlier version may run meanwhile.
 */
export async function upgradeLog(db: mongo.Db, logger: Logger): Promise<void> {
  // A comparison with an ObjectId is true of ObjectIds alone.
  const isEarlier = (await db.collection(LOG).findOne({ _id: { $gte: LOWEST_ID } })) !== null;
  if (isEarlier) await db.collection(LOG).rename(EARLIER);
  const [waiting] = await db.listCollections({ name: EARLIER }, { nameOnly: true }).toArray();
  if (waiting === undefined) return;
  logger.warn('the log of an earlier version is copied; this happens once');
  const copied = await copy(db.collection(EARLIER), db.collection<LogRow>(LOG));
  await db.collection(EARLIER).rename(COPIED);
  logger.warn({ entries: copied, left: COPIED }, 'the log is copied; what is left may be dropped');
}

async function copy(from: mongo.Collection, to: mongo.Collection<LogRow>): Promise<number> {
  let copied = 0;
  let batch: LogRow[] = [];
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    await insertMissing(to, batch);
    copied += batch.length;
    batch = [];
  };
  for await (const { _id, ...rest } of from.find({}, { batchSize: BATCH })) {
    batch.push({ _id: logKey(String(rest['room']), Number(rest['seq'])), id: _id, ...rest });
    if (batch.length === BATCH) await flush();
  }
  await flush();
  return copied;
}

/** What an earlier try has copied stays as it is. */
async function insertMissing(to: mongo.Collection<LogRow>, rows: LogRow[]): Promise<void> {
  try {
    await to.insertMany(rows, { ordered: false, writeConcern: { w: 'majority', journal: true } });
  } catch (error) {
    if (!isAllDuplicates(error)) throw error;
  }
}

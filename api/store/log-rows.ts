/** Entries of the log as rows of its collection, and back. */
import { mongo } from 'mongoose';
import { logKey } from './log-key.ts';
import { isMessage, type LogEntry, type RoomHint } from './log.ts';

const { ObjectId } = mongo;

/** A row of the collection `log`; what it holds besides is the entry's. */
export interface LogRow extends mongo.Document {
  readonly _id: mongo.Binary;
}

/** Fields that are ObjectIds in the store and hex strings above it. */
const isId = (field: string): boolean =>
  field === 'id' || field === 'room' || field === 'sender' || field === 'by';

/** Field by field: leaving one out of a copy costs more than all the rest. */
export function toRow(entry: LogEntry): LogRow {
  const row: LogRow = { _id: logKey(entry.room, entry.seq) };
  for (const field in entry) {
    const value: unknown = entry[field as keyof LogEntry];
    row[field] = isId(field) && value !== undefined ? new ObjectId(String(value)) : value;
  }
  return row;
}

/** A row of the collection as an entry. */
export function toEntry(row: mongo.Document): LogEntry {
  const entry: Record<string, unknown> = {};
  for (const field in row) {
    const value: unknown = row[field];
    if (field !== '_id') entry[field] = isId(field) && value !== undefined ? String(value) : value;
  }
  return entry as unknown as LogEntry;
}

/** What a room's row says of its log. */
export function toHint(row: mongo.Document): RoomHint {
  const last = row['lastMessage'] as mongo.Document | undefined;
  const hint = { firstSeq: Number(row['firstSeq'] ?? 0), lastSeq: Number(row['lastSeq'] ?? 0) };
  if (last === undefined || last === null) return hint;
  // A hint of an earlier version has the id as its key.
  const entry = toEntry({ id: last['_id'], ...last });
  return isMessage(entry) ? { ...hint, lastMessage: entry } : hint;
}

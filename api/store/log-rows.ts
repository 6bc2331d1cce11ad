/** Entries of the log as rows of its collection, and back. */
import { mongo } from 'mongoose';
import { isMessage, type LogEntry, type RoomHint } from './log.ts';

const { ObjectId } = mongo;

/** Fields that are ObjectIds in the store and hex strings above it. */
const isId = (field: string): boolean => field === 'room' || field === 'sender' || field === 'by';

/** Field by field: leaving one out of a copy costs more than all the rest. */
export function toRow(entry: LogEntry): mongo.Document {
  const row: mongo.Document = { _id: new ObjectId(entry.id) };
  for (const field in entry) {
    const value: unknown = entry[field as keyof LogEntry];
    if (field !== 'id') row[field] = isId(field) && value !== undefined ? new ObjectId(String(value)) : value;
  }
  return row;
}

/** A row of the collection as an entry. */
export function toEntry(row: mongo.Document): LogEntry {
  const entry: Record<string, unknown> = { id: String(row['_id']) };
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
  const entry = toEntry(last);
  return isMessage(entry) ? { ...hint, lastMessage: entry } : hint;
}

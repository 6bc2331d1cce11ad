/** What the log's writes are made of: the updates that let a message follow its change, and what a failed insert means. */
import { mongo } from 'mongoose';
import { isDuplicate, writeErrorsOf } from './bulk-errors.ts';
import { logKey } from './log-key.ts';
import type { Following, InsertOutcome, LogEntry } from './log.ts';
import { toRow, type LogRow } from './log-rows.ts';

const { ObjectId } = mongo;

/** A room's hint holds a copy of its last message: not of a deleted text. */
export function toForgetting({ room, of }: LogEntry): mongo.AnyBulkWriteOperation {
  const filter = { _id: new ObjectId(room), 'lastMessage.seq': of };
  return {
    updateOne: {
      filter,
      update: { $set: { 'lastMessage.text': '' }, $unset: { 'lastMessage.attachments': 1 } },
    },
  };
}

/** In the order in which a death in between does no harm: message, texts, and only then the mark. */
export function toUpdates({ change, message }: Following): mongo.AnyBulkWriteOperation<LogRow>[] {
  const room = new ObjectId(change.room);
  const changes = { room, of: change.of, prev: { $exists: true }, seq: { $lte: change.seq } };
  const replacement = message === undefined ? undefined : toRow(message);
  const isDelete = change.action?.type === 'delete';
  return [
    ...(replacement === undefined
      ? []
      : [
          {
            replaceOne: {
              filter: { _id: logKey(change.room, change.of ?? 0), rev: change.prev },
              replacement,
            },
          },
        ]),
    ...(isDelete
      ? [
          { updateMany: { filter: changes, update: { $unset: { was: 1, attachments: 1 } } } },
          {
            updateMany: {
              filter: { ...changes, 'action.type': 'edit' },
              update: { $set: { 'action.text': '' } },
            },
          },
        ]
      : []),
    { updateOne: { filter: { _id: logKey(change.room, change.seq) }, update: { $unset: { pending: 1 } } } },
  ];
}

/** Sets the outcome of each entry the error speaks of; of all, where it does not say which. */
export function judge(error: unknown, outcomes: InsertOutcome[]): void {
  if (!(error instanceof mongo.MongoBulkWriteError)) {
    outcomes.fill('unknown');
    return;
  }
  const writeErrors = writeErrorsOf(error);
  for (const failure of writeErrors)
    outcomes[failure.index] = isDuplicate(failure) ? metIndex(failure.errmsg ?? '') : 'unknown';
  // The driver also wraps a lost connection in this error, with counts that do not add up; and a write concern that
  // was not met says nothing of single entries: those without an error of their own may be there or not.
  const accounted = error.insertedCount + writeErrors.length === outcomes.length;
  if (accounted && error.result.getWriteConcernError() === undefined) return;
  for (const [i, outcome] of outcomes.entries()) if (outcome === 'stored') outcomes[i] = 'unknown';
}

/** Which unique index, from the message of error 11000: the one part of it that every MongoDB version has. */
function metIndex(message: string): InsertOutcome {
  if (message.includes('room_sender_client')) return 'duplicate';
  return message.includes('room_of_prev') ? 'conflict' : 'taken';
}

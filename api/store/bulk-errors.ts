/** What of a batch of writes went wrong. */
import { mongo } from 'mongoose';

const DUPLICATE_KEY = 11000;

/** One for each write that failed; the driver gives a single one without its list. */
export function writeErrorsOf({ writeErrors }: mongo.MongoBulkWriteError): readonly mongo.WriteError[] {
  return [writeErrors].flat();
}

export const isDuplicate = ({ code }: { readonly code?: unknown }): boolean => code === DUPLICATE_KEY;

/** Whether nothing else went wrong than that some were there. */
export function isAllDuplicates(error: unknown): error is mongo.MongoBulkWriteError {
  if (!(error instanceof mongo.MongoBulkWriteError)) return false;
  const failures = writeErrorsOf(error);
  return (
    failures.length > 0 && error.result.getWriteConcernError() === undefined && failures.every(isDuplicate)
  );
}

import { documentStarts, type Request } from './message.ts';
import { documentLength, elements, find, numberOf, stringOf } from './bsonScan.ts';
import { CommandFailure } from './failure.ts';

/** One command, with what its bytes say at their top level. */
export type Call = {
  readonly name: string;
  readonly db: string;
  /** The command's own value where that is a string: nearly always the collection. */
  readonly collection: string;
  readonly body: Buffer;
  /** Documents sent beside the body, end to end, or null. */
  readonly sequence: Buffer | null;
  /** 0: no limit. */
  readonly maxTimeMs: number;
};

/** Throws CommandFailure for what only a replica set can do (a transaction, a retryable write). */
export function toCall(request: Request): Call {
  const { body, sequence } = request;
  let name = '';
  let collection = '';
  let db = 'admin';
  let maxTimeMs = 0;
  for (const element of elements(body)) {
    const isString = element.type === 0x02;
    if (name === '') {
      name = element.name;
      if (isString) collection = stringOf(body, element);
    } else if (element.name === '$db' && isString) db = stringOf(body, element);
    else if (element.name === 'maxTimeMS') maxTimeMs = numberOf(body, element) ?? 0;
    else if (element.name === 'txnNumber' || element.name === 'startTransaction') {
      throw new CommandFailure(20, 'this store has no transactions: they need a replica set');
    }
  }
  return { name, db, collection, body, sequence: sequence?.bytes ?? null, maxTimeMs };
}

/** The documents a write command carries, in its sequence or in its body's array of that name; views of the bytes. */
export function documentsOf(call: Call, field: string): Buffer[] {
  const { body, sequence } = call;
  if (sequence) {
    return [...documentStarts(sequence)].map((at) =>
      sequence.subarray(at, at + documentLength(sequence, at)),
    );
  }
  const array = find(body, field);
  if (!array) return [];
  return [...elements(body, array.start)].map(({ start, end }) => body.subarray(start, end));
}

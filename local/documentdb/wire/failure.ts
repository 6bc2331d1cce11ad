import { serialize, type Document } from 'bson';
import { MONGO_CODES } from './codes.ts';

const NAMES: Readonly<Record<number, string>> = {
  1: 'InternalError', 2: 'BadValue', 9: 'FailedToParse', 14: 'TypeMismatch', 20: 'IllegalOperation',
  26: 'NamespaceNotFound', 27: 'IndexNotFound', 28: 'PathNotViable', 40: 'ConflictingUpdateOperators',
  43: 'CursorNotFound', 48: 'NamespaceExists', 50: 'MaxTimeMSExpired', 59: 'CommandNotFound',
  66: 'ImmutableField', 67: 'CannotCreateIndex', 68: 'IndexAlreadyExists', 72: 'InvalidOptions',
  73: 'InvalidNamespace', 76: 'NoReplicationEnabled', 85: 'IndexOptionsConflict', 86: 'IndexKeySpecsConflict',
  112: 'WriteConflict', 115: 'CommandNotSupported', 121: 'DocumentValidationFailure', 146: 'ExceededMemoryLimit',
  10334: 'BSONObjectTooLarge', 11000: 'DuplicateKey',
}; // prettier-ignore

/** PostgreSQL's own conditions that have an equal in MongoDB; any other becomes InternalError. */
const SQLSTATES: Readonly<Record<string, number>> = {
  '23505': 11000, '23P01': 11000, '40P01': 112, '40001': 112, '55P03': 112, '57014': 50, '42P01': 26, '53100': 14031,
  '0A000': 115, '22P02': 2, '22023': 2, '54000': 10334,
}; // prettier-ignore

/** A command that failed, as its client is told. */
export class CommandFailure extends Error {
  readonly code: number;
  readonly details: Document;

  constructor(code: number, message: string, details: Document = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }

  /** The reply's bytes. */
  encode(): Buffer {
    const { code, message: errmsg, details } = this;
    return Buffer.from(serialize({ ok: 0, errmsg, code, codeName: codeName(code), ...details }));
  }
}

export const codeName = (code: number) => NAMES[code] ?? `Location${code}`;

/** MongoDB's code for an SQLSTATE: DocumentDB's own start with M, and count in base 36. */
export function mongoCode(sqlState: string): number {
  if (/^M[0-9A-Z]{4}$/.test(sqlState)) return MONGO_CODES[parseInt(sqlState.slice(1), 36)] ?? 1;
  return SQLSTATES[sqlState] ?? 1;
}

/** MongoDB's code for a number in DocumentDB's writeErrors: an SQLSTATE packed as PostgreSQL does, 6 bits a letter. */
export function unpackCode(packed: number): number {
  const letters = [0, 6, 12, 18, 24].map((shift) => String.fromCharCode(((packed >> shift) & 0x3f) + 48));
  return mongoCode(letters.join(''));
}

import { ParleyError } from '../../shared/node/errors.ts';

/** Where the next page of a list begins: the last key of the one before, opaque to clients. */
export const encodeCursor = (key: string): string => Buffer.from(key, 'utf8').toString('base64url');

/** '' for no cursor. Throws `invalid`. */
export function decodeCursor(cursor: string | undefined): string {
  if (cursor === undefined) return '';
  const key = Buffer.from(cursor, 'base64url').toString('utf8');
  if (key === '' || key.includes('\0') || encodeCursor(key) !== cursor)
    throw new ParleyError('invalid', 'cursor is not one of ours');
  return key;
}

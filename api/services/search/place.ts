import { ParleyError } from '../../../shared/node/errors.ts';
import type { Place } from '../../store/search.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';

const PLACE = /^(\d{1,15}):([0-9a-f]{24})$/;

/** The cursor of the page behind `place`: messages that come in the meantime stand before it and move nothing. */
export const toCursor = ({ at, id }: Place): string => encodeCursor(`${at.getTime()}:${id}`);

/** Throws `invalid`. */
export function placeOf(cursor: string): Place {
  const [, ms, id] = PLACE.exec(decodeCursor(cursor)) ?? [];
  if (ms === undefined || id === undefined) throw new ParleyError('invalid', 'cursor is not one of ours');
  return { at: new Date(Number(ms)), id };
}

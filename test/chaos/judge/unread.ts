import type { Row, Unread } from '../evidence.ts';
import { violation, type Violation } from './violation.ts';

const UNREAD_CAP = 100;

/** Unread are texts by others above the cursor that are not deleted, counted up to a hundred. */
export function againstUnread(
  { user, room, readSeq, unread }: Unread,
  truth: readonly Row[],
  by: string,
): Violation[] {
  const counted = truth.filter(
    (row) => row.kind === 'text' && row.sender !== user && row.seq > readSeq && !row.isDeleted,
  ).length;
  const expected = Math.min(counted, UNREAD_CAP);
  if (unread === expected) return [];
  const detail = `${unread} instead of ${expected} above ${readSeq}`;
  return [violation('unread', `${by} of ${user} in ${room}`, detail, { room, user })];
}

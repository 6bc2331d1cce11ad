import type { RoomAction } from '../../../api/rights/table.ts';
import type { Act } from './act.ts';
import { MANAGING_ACTS } from './managing-acts.ts';
import { READING_ACTS } from './reading-acts.ts';
import { WRITING_ACTS } from './writing-acts.ts';

/** How each right in a room is tried over REST; those of the socket alone have no call. */
export const ROOM_ACTS: Readonly<Partial<Record<RoomAction, readonly Act[]>>> = {
  ...READING_ACTS,
  ...WRITING_ACTS,
  ...MANAGING_ACTS,
};

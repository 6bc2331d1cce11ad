/**
 * The table of rights: what each standing in a room may do there. Services ask it where a role decides (`require.ts`);
 * what follows from being in a room at all, they find out by `not_found`. docs/rights.md is made of it, and tests hold every
 * call and frame to each of its cells.
 */
import { MANAGING } from './managing.ts';
import { OF_PEOPLE, type PersonRight } from './people.ts';
import { READING } from './reading.ts';
import type { RoomRight } from './right.ts';
import { WRITING } from './writing.ts';

export { MANAGING, OF_PEOPLE, READING, WRITING };

export const ROOM_RIGHTS = { ...READING, ...WRITING, ...MANAGING };
export type RoomAction = keyof typeof ROOM_RIGHTS;
export type PersonAction = keyof typeof OF_PEOPLE;

export const roomRight = (action: RoomAction): RoomRight => ROOM_RIGHTS[action];
export const personRight = (action: PersonAction): PersonRight => OF_PEOPLE[action];

import { ParleyError } from '../../shared/node/errors.ts';
import { ERROR_STATUS, type ErrorCode, type Role, type RoomType } from '../../shared/wire/rest.ts';
import { kindOf, verdictOf, type Verdict } from './standings.ts';
import { roomRight, type RoomAction } from './table.ts';

type RoomOf = { readonly type: RoomType; readonly public: boolean };

/** Whether the table says `yes` to somebody who is in the room, as `role`. */
export function mayDo(action: RoomAction, room: RoomOf, role: Role): boolean {
  return verdictOf(roomRight(action).cells, kindOf(room), role) === 'yes';
}

/** For who is in the room: throws what the table says. */
export function requireRight(action: RoomAction, room: RoomOf, role: Role): void {
  const { cells, refusals = {} } = roomRight(action);
  const kind = kindOf(room);
  const verdict = verdictOf(cells, kind, role);
  if (verdict === 'yes') return;
  const code = codeOf(verdict);
  const told = (kind === 'dm' ? refusals.dm : undefined) ?? refusals[code];
  throw new ParleyError(code, told ?? 'You may not do that in this room.');
}

/** What is no refusal, and what there is no such thing of, is refused all the same where a right is required. */
const codeOf = (verdict: Verdict | undefined): ErrorCode =>
  verdict !== undefined && verdict in ERROR_STATUS ? (verdict as ErrorCode) : 'forbidden';

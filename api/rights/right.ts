import type { ClientFrame } from '../../shared/wire/protocol.ts';
import type { ErrorCode } from '../../shared/wire/rest.ts';
import type { Cells } from './standings.ts';

/** `GET /rooms/:room`, as in the list of routes. */
export type Call = `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;

/** A row of the table. */
export interface Right {
  /** In the imperative. */
  readonly title: string;
  readonly calls?: readonly Call[];
  readonly frames?: readonly ClientFrame['type'][];
}
export interface RoomRight extends Right {
  readonly cells: Cells;
  /** What the refused are told, by code; `dm`: in a direct conversation. */
  readonly refusals?: Readonly<Partial<Record<ErrorCode | 'dm', string>>>;
}

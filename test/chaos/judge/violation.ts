import type { Row } from '../evidence.ts';

export type ViolationKind =
  | 'lost'
  | 'swallowed'
  | 'doubled'
  | 'invented'
  | 'altered'
  | 'moved'
  | 'refused-yet-kept'
  | 'refused-member'
  | 'sender-order'
  | 'change-lost'
  | 'change-invented'
  | 'change-refused'
  | 'reads-differ'
  | 'view-lacks'
  | 'view-extra'
  | 'view-order'
  | 'waiting'
  | 'unread'
  | 'late'
  | 'overheard'
  | 'stopped';

/** What the story of a violation is looked up by. */
export interface About {
  readonly room?: string;
  readonly seq?: number;
  readonly clientId?: string;
  readonly user?: string;
  readonly at?: number;
}
export interface Violation {
  readonly kind: ViolationKind;
  readonly where: string;
  readonly detail: string;
  readonly about: About;
}

export function violation(kind: ViolationKind, where: string, detail: string, about: About = {}): Violation {
  return { kind, where, detail, about };
}

export const show = (row: Row): string =>
  `seq ${row.seq} ${row.kind} "${row.text.slice(0, 40)}" rev ${row.rev}${row.isEdited ? ' edited' : ''}${row.isDeleted ? ' deleted' : ''} [${row.reactions}] (${row.id})`;

/** One sender's message in one room, as a key. */
export const keyOf = ({
  room,
  sender,
  clientId,
}: {
  room: string;
  sender: string;
  clientId: string;
}): string => `${room} ${sender} ${clientId}`;
export const rowKey = (room: string, row: Row): string =>
  keyOf({ room, sender: row.sender, clientId: row.clientId ?? '' });

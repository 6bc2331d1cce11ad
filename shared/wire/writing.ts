/** What is written and not sent yet: drafts, and messages for later. */
/** What its writer began to write in a room or a thread. */
export interface Draft {
  readonly room: string;
  /** The root's seq; absent: in the room itself. */
  readonly thread?: number;
  /** Empty: there is none any more. */
  readonly text: string;
  readonly replyTo?: number;
  /** Grows with each change, on whichever device; the higher one wins. */
  readonly v: number;
  readonly at: string;
}

export type DraftBody = Pick<Draft, 'thread' | 'text' | 'replyTo'>;

/** Where something is written, as one key. */
export function placeKey({ room, thread }: Pick<Draft, 'room' | 'thread'>): string {
  return thread === undefined ? room : `${room}:${thread}`;
}

/** The place behind a key. */
export function placeOf(key: string): Pick<Draft, 'room' | 'thread'> {
  const [room = '', thread] = key.split(':');
  return thread === undefined ? { room } : { room, thread: Number(thread) };
}

export interface DraftList {
  readonly drafts: readonly Draft[];
}

/** A message to be sent later. */
export interface Scheduled {
  readonly id: string;
  readonly room: string;
  readonly clientId: string;
  readonly text: string;
  readonly replyTo?: number;
  /** The root's seq; absent: in the room itself. */
  readonly thread?: number;
  /** When. */
  readonly at: string;
  /** Why it could not be sent, in words; it stays until it is changed or removed. */
  readonly failed?: string;
}

export type ScheduleBody = Pick<Scheduled, 'clientId' | 'text' | 'replyTo' | 'thread' | 'at'>;

export type PatchScheduledBody = Partial<Pick<Scheduled, 'text' | 'at'>>;

export interface ScheduledList {
  /** Soonest first. */
  readonly scheduled: readonly Scheduled[];
}

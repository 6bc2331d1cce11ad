/** What clients did and saw, as plain data: the judge's only evidence. Times are ms since the run's start. */

export interface Send {
  readonly room: string;
  /** User id. */
  readonly sender: string;
  readonly clientId: string;
  readonly text: string;
  /** One sender's sends that must keep their order, and the place in it. */
  readonly lane: string;
  readonly n: number;
  /** The sender was a member all the time, so that a refusal would be wrong. */
  readonly isMember: boolean;
  /** An outbox took it, which owes a yes or a no. */
  readonly isQueued: boolean;
}
/** The server said that it is stored, over the socket or REST. */
export interface Ack {
  readonly room: string;
  readonly sender: string;
  readonly clientId: string;
  readonly seq: number;
  readonly at: number;
}
/** The server said that it is not stored and never will be. */
export interface Refusal {
  readonly room: string;
  readonly sender: string;
  readonly clientId: string;
  readonly code: string;
}

export type ChangeKind = 'edit' | 'delete' | 'react' | 'unreact';
/**
 * What somebody wanted of a message. One user's changes follow one another: the next begins when the one before was
 * answered or given up.
 */
export interface Change {
  readonly room: string;
  /** Of the message. */
  readonly seq: number;
  /** User id. */
  readonly by: string;
  readonly kind: ChangeKind;
  /** The new text, or the emoji; '' for a delete. */
  readonly value: string;
  /** Nobody took this user out of the room, so that a refusal would be wrong. */
  readonly isMember: boolean;
  readonly result:
    | { readonly name: 'done'; readonly rev: number; readonly at: number }
    | { readonly name: 'refused'; readonly code: string }
    | { readonly name: 'open' };
  /** Tries without an answer before: any of them may still come true, whatever was answered since. */
  readonly loose: number;
}

/** A message as somebody holds it. */
export interface Row {
  readonly seq: number;
  readonly id: string;
  readonly kind: string;
  /** User id. */
  readonly sender: string;
  readonly text: string;
  readonly clientId?: string;
  readonly rev: number;
  readonly isEdited: boolean;
  readonly isDeleted: boolean;
  /** `emoji user` of each, sorted, joined by commas. */
  readonly reactions: string;
}
/** What one device holds of one room at the end, in the order shown. */
export interface View {
  readonly device: string;
  readonly user: string;
  readonly room: string;
  readonly rows: readonly Row[];
  /** Nothing below it was loaded. */
  readonly from: number;
  /** Own messages still waiting. */
  readonly waiting: number;
  /** Absent where the device counts nothing. */
  readonly readSeq?: number;
  readonly unread?: number;
}
/** All of a room as an API node reads it out. */
export interface FreshRead {
  readonly room: string;
  readonly node: string;
  readonly rows: readonly Row[];
}
/** What the API says of a room to one user. */
export interface Unread {
  readonly user: string;
  readonly room: string;
  readonly readSeq: number;
  readonly unread: number;
}

export interface Span {
  readonly from: number;
  readonly to: number;
}
/** When a reader who never leaves had each number of a room's log, and when it was connected. */
export interface Arrivals {
  readonly reader: string;
  readonly user: string;
  readonly room: string;
  /** By seq; a hole: never. */
  readonly heardAt: readonly (number | undefined)[];
  /** From each `ready` to the socket's end. */
  readonly connected: readonly Span[];
}
/** Something of the room that reached a user between the answer to the removal and the wish to add them again. */
export interface Overheard {
  readonly user: string;
  readonly room: string;
  readonly who: string;
  /** A frame's type, or `GET log` and the like. */
  readonly what: string;
  /** Of a frame: when it came; of an answer: when it was asked for. */
  readonly at: number;
  readonly removedAt: number;
  /** The removal was answered at the first try. */
  readonly isClean: boolean;
}

/** What a fault touches: decides how long the promise then gives the cluster. */
export type Part = 'api' | 'gateway' | 'nginx' | 'redis' | 'store' | 'links' | 'machine';
/** A part was away, paused or starting: the cluster was not whole. */
export interface Trouble extends Span {
  readonly part: Part;
  /** Its process died, or lost its data. */
  readonly isDeath: boolean;
  readonly name: string;
}

export interface Outcome {
  readonly views: readonly View[];
  readonly reads: readonly FreshRead[];
  readonly unread: readonly Unread[];
  /** Devices that stopped for good though nobody signed them out, and why. */
  readonly stopped: readonly { readonly device: string; readonly reason: string }[];
  readonly arrivals: readonly Arrivals[];
}
/** What was recorded while it went on. */
export interface Recorded {
  readonly sends: readonly Send[];
  readonly acks: readonly Ack[];
  readonly refusals: readonly Refusal[];
  readonly changes: readonly Change[];
  readonly overheard: readonly Overheard[];
  readonly troubles: readonly Trouble[];
}
export interface Evidence extends Outcome, Recorded {}

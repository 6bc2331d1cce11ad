/** What the clients did and saw, as plain data: the judge's only evidence. */

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
}
/** The server said that it is not stored and never will be. */
export interface Refusal {
  readonly room: string;
  readonly sender: string;
  readonly clientId: string;
  readonly code: string;
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
}
/** What one device holds of one room at the end, in the order shown. */
export interface View {
  readonly device: string;
  readonly user: string;
  readonly room: string;
  readonly rows: readonly Row[];
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
export interface Outcome {
  readonly views: readonly View[];
  readonly reads: readonly FreshRead[];
  readonly unread: readonly Unread[];
  /** Devices that stopped for good though nobody signed them out, and why. */
  readonly stopped: readonly { readonly device: string; readonly reason: string }[];
}

export type Entry =
  | ({ readonly type: 'send' } & Send)
  | ({ readonly type: 'ack' } & Ack)
  | ({ readonly type: 'refusal' } & Refusal)
  | { readonly type: 'note'; readonly who: string; readonly text: string };

/** Grows while the run lasts. Kept in memory: a run is minutes long. */
export class History {
  readonly sends: Send[] = [];
  readonly acks: Ack[] = [];
  readonly refusals: Refusal[] = [];
  readonly #lines: string[] = [];
  readonly #started = performance.now();

  /** ms since the start. */
  get now(): number {
    return Math.round(performance.now() - this.#started);
  }

  add(entry: Entry): void {
    this.#lines.push(JSON.stringify({ at: this.now, ...entry }));
    if (entry.type === 'send') this.sends.push(entry);
    else if (entry.type === 'ack') this.acks.push(entry);
    else if (entry.type === 'refusal') this.refusals.push(entry);
  }

  /** As JSON lines, each with `at`: ms since the start. */
  get lines(): readonly string[] {
    return this.#lines;
  }
}

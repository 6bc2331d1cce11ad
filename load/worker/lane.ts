import type { Member } from './member.ts';

/** One message on its way. */
export interface Sending {
  readonly clientId: string;
  readonly n: number;
  /** When it was to be sent, ms of `clock.now`. */
  readonly at: number;
  /** When it was last put on the wire; undefined while it is not. */
  wiredAt: number | undefined;
}

/** Who sends to one room over one socket: one message after the other, each after the ack of the one before. */
export class Lane {
  readonly lane: number;
  readonly room: string;
  readonly member: Member;
  sending: Sending | undefined;
  /** The seq of the last message that was acknowledged. */
  after: number | undefined;
  n = 0;
  /** In the line of those that may send. */
  isWaiting = false;

  constructor(lane: number, room: string, member: Member) {
    this.lane = lane;
    this.room = room;
    this.member = member;
  }
}

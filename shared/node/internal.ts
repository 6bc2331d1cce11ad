/**
 * The internal API, gateway → API node: HTTP with JSON on a port of its own, `Authorization: Bearer <INTERNAL_SECRET>`,
 * never through NGINX. All calls are POST, batched over many sockets, and safe to repeat on another node.
 */
import type { AckFrame, ErrorFrame, MessageDraft } from '../wire/protocol.ts';

/**
 * POST /internal/sends {gateway?, sends} → {results: SendResult[]}, one per send, in order. At most INTERNAL_LIMITS.sends.
 * `gateway`: the asker's name, for the log.
 */
export interface InternalSend extends MessageDraft {
  readonly user: string;
  readonly room: string;
}
export type SendResult = Omit<AckFrame, 'type' | 'clientId'> | Omit<ErrorFrame, 'type' | 'clientId'>;

/**
 * POST /internal/room-lists {users: {id: [session ids]}, digests?: {id: digest}} → {users: {id: RoomListAnswer}}: read from
 * MongoDB; also fills the Redis cache. `ended` are those of the named sessions that are over. `digests` are of lists that the
 * asker holds (`ListDigest`): one that still stands is left out of the answer.
 */
export interface RoomList {
  /** Room id → [readSeq, v, members]. Complete. */
  readonly rooms: Readonly<Record<string, readonly [readSeq: number, v: number, members: number]>>;
  readonly ended: readonly string[];
  /** Absent where there is nothing to say: version 0, hidden from nobody. */
  readonly self?: Self;
}
/** `rooms` is absent where they are those of the digest that was given. */
export interface RoomListAnswer extends Omit<RoomList, 'rooms'> {
  readonly rooms?: RoomList['rooms'];
}
/** What a gateway must know of the user besides. */
export interface Self {
  /** See `ready`. */
  readonly v: number;
  /** Nobody may see whether they are here, nor they of anybody. */
  readonly hidden?: boolean;
  /** Users who hide from them. */
  readonly unseen?: readonly string[];
}

/** POST /internal/rooms {rooms: string[]} → {rooms: {id: RoomNews}}: as they now stand; unknown rooms are absent. */
export interface RoomNews {
  readonly v: number;
  /** The `room` frame as JSON text. */
  readonly frame: string;
}

/** POST /internal/heads {rooms: string[]} → {heads: {id: number}}: MongoDB's highest seq; raises the counters to it. */
export interface HeadsAnswer {
  readonly heads: Readonly<Record<string, number>>;
}

/**
 * POST /internal/log {rooms: {id: {after, to?}}} → {rooms: {id: LogSlice}}: every number from after+1 up to `to`,
 * decided on the way (waits at most 3.5 s), at most INTERNAL_LIMITS.logEntries a room.
 */
export interface LogSlice {
  /** Ascending, without a hole: the envelope bodies as published (`message`, `change`, `void` frames as JSON text). */
  readonly entries: readonly (readonly [seq: number, frame: string])[];
  /** The last seq of `entries`, or `after`. */
  readonly to: number;
  readonly head: number;
}

/** POST /internal/cursors {cursors: InternalCursor[]} → {}: raises readSeq or gotSeq, clamped; unknown ones are ignored. */
export interface InternalCursor {
  readonly user: string;
  readonly room: string;
  readonly read?: number;
  readonly got?: number;
}

export const INTERNAL_LIMITS = {
  sends: 500,
  users: 500,
  rooms: 1_000,
  logEntries: 500,
  cursors: 1_000,
  bodyBytes: 16 * 1024 * 1024,
} as const;

/**
 * The socket protocol `parley.v1`: every frame, close code and limit. docs/protocol.md is the prose beside it.
 * Text frames of JSON, one object with a `type` each. Pure and browser-safe.
 */
import type { Draft, ErrorCode, Member, Message, Room, RoomMe, RoomPrefs, UserSummary } from './rest.ts';

export const SUBPROTOCOL = 'parley.v1';
export const SOCKET_PATH = '/ws';

export const LIMITS = {
  /** UTF-16 units in a message's text. */
  textLength: 8_000,
  clientIdLength: 64,
  attachments: 10,
  mentions: 50,
  /** Members up to which anybody may name the whole room; in larger ones its owner and admins. */
  roomMentionMembers: 100,
  /** Pinned messages of one room. */
  pins: 100,
  /** Edits of a message that its history tells of. */
  edits: 50,
  /** Different emojis on one message. */
  emojis: 20,
  /** Bytes in one frame from a client. */
  frameBytes: 64 * 1024,
  /** Rooms a `hello` or `got` may name. */
  helloRooms: 1_000,
  watchUsers: 500,
  /** People whose names may be asked for in one call. */
  namedUsers: 200,
  /** ms from the upgrade to the first frame. */
  helloTimeout: 5_000,
  /** Receipts of others are sent only in rooms of at most so many members. */
  receiptMembers: 100,
  /** ms after which a `typing` ends by itself. */
  typingDuration: 5_000,
  /** Seconds between beats at the most. */
  beatSeconds: 25,
} as const;

/** Why a socket was closed; `isFinal` tells whether a client may come back. */
export const CloseCode = {
  normal: 1000,
  draining: 1012,
  overloaded: 1013,
  tokenExpired: 4001,
  silent: 4002,
  slowReader: 4008,
  protocolViolation: 4400,
  sessionEnded: 4401,
} as const;
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

const FINAL_CODES: ReadonlySet<number> = new Set([
  1002,
  1003,
  1007,
  1009,
  CloseCode.protocolViolation,
  CloseCode.sessionEnded,
]);

/** True when the client must stop and say why; every other code means: reconnect. */
export function isFinal(code: number): boolean {
  return FINAL_CODES.has(code);
}

/** Room id → a seq of its log. */
export type SeqByRoom = Readonly<Record<string, number>>;

/** A message of a room the sender is in. */
export interface ForwardRef {
  readonly room: string;
  readonly seq: number;
}

/** What a sender says of a message; the same over REST and the socket. */
export interface MessageDraft {
  /** Random, chosen by the sender, unique per (room, sender): a retry returns the first message. */
  readonly clientId: string;
  readonly text: string;
  readonly replyTo?: number | undefined;
  readonly thread?: number | undefined;
  readonly attachments?: readonly string[] | undefined;
  /** The message to forward, with its files; `text` and `attachments` are empty then. */
  readonly forward?: ForwardRef | undefined;
  /** The seq this message must stand behind: the sender's one before. */
  readonly after?: number | undefined;
}

// client → gateway

export interface HelloFrame {
  readonly type: 'hello';
  readonly token: string;
  /** The seq up to which nothing is missing, never the highest seen. */
  readonly rooms?: SeqByRoom | undefined;
}
export interface AuthFrame {
  readonly type: 'auth';
  readonly token: string;
}
export interface SendFrame extends MessageDraft {
  readonly type: 'send';
  readonly room: string;
}
export interface ReadFrame {
  readonly type: 'read';
  readonly room: string;
  readonly seq: number;
}
export interface GotFrame {
  readonly type: 'got';
  readonly rooms: SeqByRoom;
}
export interface TypingFrame {
  readonly type: 'typing';
  readonly room: string;
}
export interface WatchFrame {
  readonly type: 'watch';
  readonly users: readonly string[];
}
export interface AwayFrame {
  readonly type: 'away';
  /** Whether nobody is at this device. */
  readonly away: boolean;
}
export interface PingFrame {
  readonly type: 'ping';
}
export type ClientFrame =
  | HelloFrame
  | AuthFrame
  | SendFrame
  | ReadFrame
  | GotFrame
  | TypingFrame
  | WatchFrame
  | AwayFrame
  | PingFrame;

// gateway → client

export interface ReadyFrame {
  readonly type: 'ready';
  readonly user: string;
  readonly session: string;
  /** Seconds within which the client hears something. */
  readonly heartbeat: number;
  /** Complete: [head, readSeq, v] of each of the user's rooms. */
  readonly rooms: Readonly<Record<string, readonly [head: number, readSeq: number, v: number]>>;
  /** The version of what the user set for themselves; another than known: read the rooms, the blocks and the profile again. 0 where absent. */
  readonly self?: number;
}
export interface MessageFrame extends Message {
  readonly type: 'message';
}
export interface ChangeFrame {
  readonly type: 'change';
  readonly seq: number;
  readonly room: string;
  readonly message: Message;
}
export interface VoidFrame {
  readonly type: 'void';
  readonly room: string;
  readonly seq: number;
}
export interface AckFrame {
  readonly type: 'ack';
  readonly clientId: string;
  readonly room: string;
  readonly seq: number;
  readonly id: string;
  readonly at: string;
}
export interface ErrorFrame {
  readonly type: 'error';
  readonly code: ErrorCode;
  readonly message: string;
  /** true: the outcome is unknown or trying again can help; false: not stored. */
  readonly retry: boolean;
  readonly retryAfterMs?: number;
  readonly clientId?: string;
}
export interface GapFrame {
  readonly type: 'gap';
  readonly room: string;
  /** Inclusive. */
  readonly from: number;
  readonly to: number;
}
export interface RoomFrame {
  readonly type: 'room';
  readonly room: Omit<Room, 'me'>;
  readonly head: number;
}
export interface RoomRemovedFrame {
  readonly type: 'room.removed';
  readonly room: string;
  readonly v: number;
}
export interface ReadByFrame {
  readonly type: 'read';
  readonly room: string;
  readonly user: string;
  readonly seq: number;
  readonly got?: number;
}
export interface TypingByFrame {
  readonly type: 'typing';
  readonly room: string;
  readonly user: string;
}
export interface PresenceState {
  readonly user: string;
  readonly online: boolean;
  /** Online, and at none of their devices. Absent: at one of them. */
  readonly away?: true;
  readonly lastSeen?: string;
}
export interface PresenceFrame {
  readonly type: 'presence';
  readonly users: readonly PresenceState[];
}
export interface UserFrame {
  readonly type: 'user';
  readonly user: UserSummary;
  /** As in `ready`, with this change in it; told of oneself alone. */
  readonly self?: number;
}
export interface PrefsFrame {
  readonly type: 'prefs';
  readonly room: string;
  readonly me: Partial<RoomPrefs> &
    Partial<Pick<Member, 'role'> & Pick<RoomMe, 'readSeq' | 'rewinds' | 'unopened'>>;
  /** As in `ready`, with this change in it. */
  readonly self?: number;
}
/** Whom the user blocked, all of them. */
export interface BlocksFrame {
  readonly type: 'blocks';
  readonly users: readonly string[];
  readonly self: number;
}
/** A draft, as another of one's devices left it. */
export interface DraftFrame extends Draft {
  readonly type: 'draft';
}
/** The list of one's scheduled messages changed: read it again. */
export interface ScheduledFrame {
  readonly type: 'scheduled';
}
/** What one follows and how far one has read it, to one's own devices. */
export interface ThreadFrame {
  readonly type: 'thread';
  readonly room: string;
  /** The root's seq. */
  readonly thread: number;
  readonly readSeq: number;
  readonly following: boolean;
}
export interface BeatFrame {
  readonly type: 'beat';
  /** Rooms that moved, as forwarded on this socket. */
  readonly rooms?: SeqByRoom;
}
export interface PongFrame {
  readonly type: 'pong';
}
export interface ByeFrame {
  readonly type: 'bye';
  readonly retryAfterMs: number;
  readonly reason: string;
}
export type ServerFrame =
  | ReadyFrame
  | MessageFrame
  | ChangeFrame
  | VoidFrame
  | AckFrame
  | ErrorFrame
  | GapFrame
  | RoomFrame
  | RoomRemovedFrame
  | ReadByFrame
  | TypingByFrame
  | PresenceFrame
  | UserFrame
  | PrefsFrame
  | BlocksFrame
  | DraftFrame
  | ScheduledFrame
  | ThreadFrame
  | BeatFrame
  | PongFrame
  | ByeFrame;

/** The frame as the text that goes over the wire. */
export function encodeFrame(frame: ClientFrame | ServerFrame): string {
  return JSON.stringify(frame);
}

const MESSAGE_HEAD = '{"type":"message",';

/** A `message` frame as text; cheaper than `encodeFrame`, because the message is not copied for it. */
export function encodeMessageFrame(message: Message): string {
  return MESSAGE_HEAD + JSON.stringify(message).slice(1);
}

/** The message, as JSON text, in what `encodeMessageFrame` gave. */
export function messageInFrame(frame: string): string {
  return `{${frame.slice(MESSAGE_HEAD.length)}`;
}

/**
 * The object in one frame's text, its `type` a string. Fields are the caller's to check: the gateway does so with
 * joi, the SDK trusts its own server. Throws a sentence fit for a close reason.
 */
export function parseFrame(text: string): { readonly type: string; readonly [field: string]: unknown } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('not an object');
  if (!('type' in value) || typeof value.type !== 'string') throw new Error('no type');
  return value as { type: string };
}

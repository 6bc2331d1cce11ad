/** The wire as docs/protocol.md gives it: written from that page, sharing nothing with Parley's own types. */

export interface Sender {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
}
export interface Message {
  readonly room: string;
  readonly seq: number;
  readonly id: string;
  readonly clientId?: string;
  readonly kind: string;
  readonly sender: Sender;
  readonly text: string;
  readonly at: string;
  readonly rev: number;
  readonly replyTo?: number;
  readonly thread?: number;
  readonly event?: { readonly name: string; readonly users?: readonly string[]; readonly by?: string };
  readonly reactions?: Readonly<
    Record<string, { readonly count: number; readonly users: readonly string[] }>
  >;
  readonly editedAt?: string;
  readonly deletedAt?: string;
}
export interface Room {
  readonly id: string;
  readonly type: string;
  readonly name?: string;
  readonly public: boolean;
  readonly v: number;
  readonly head: number;
  readonly members: number;
  readonly peer?: Sender;
}
export interface MyRoom extends Room {
  readonly me: {
    readonly role: string;
    readonly readSeq: number;
    readonly unread: number;
    readonly mentions: number;
    readonly notify: string;
    readonly favourite: boolean;
  };
}
export interface Page {
  readonly messages: readonly Message[];
  readonly head: number;
  readonly complete: readonly [from: number, to: number];
}
export interface LogPage {
  readonly messages: readonly Message[];
  readonly changed: readonly Message[];
  readonly to: number;
  readonly head: number;
}
export interface Member {
  readonly user: Sender;
  readonly role: string;
  readonly readSeq: number;
  readonly gotSeq: number;
}
export interface Session {
  readonly user: Sender;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresIn: number;
}
export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly errors?: readonly { readonly field: string }[];
}

/** Frames from a gateway, by type. */
export interface Frames {
  readonly ready: {
    readonly user: string;
    readonly session: string;
    readonly heartbeat: number;
    readonly rooms: Readonly<Record<string, readonly [head: number, readSeq: number, v: number]>>;
  };
  readonly message: Message;
  readonly change: { readonly seq: number; readonly room: string; readonly message: Message };
  readonly void: { readonly room: string; readonly seq: number };
  readonly ack: {
    readonly clientId: string;
    readonly room: string;
    readonly seq: number;
    readonly id: string;
    readonly at: string;
  };
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly retry: boolean;
    readonly retryAfterMs?: number;
    readonly clientId?: string;
  };
  readonly gap: { readonly room: string; readonly from: number; readonly to: number };
  readonly room: { readonly room: Room; readonly head: number };
  readonly 'room.removed': { readonly room: string; readonly v: number };
  readonly read: {
    readonly room: string;
    readonly user: string;
    readonly seq: number;
    readonly got?: number;
  };
  readonly typing: { readonly room: string; readonly user: string };
  readonly presence: {
    readonly users: readonly {
      readonly user: string;
      readonly online: boolean;
      readonly away?: true;
      readonly lastSeen?: string;
    }[];
  };
  readonly user: { readonly user: Sender };
  readonly prefs: {
    readonly room: string;
    readonly me: { readonly notify?: string; readonly favourite?: boolean; readonly role?: string };
  };
  readonly draft: {
    readonly room: string;
    readonly thread?: number;
    readonly text: string;
    readonly replyTo?: number;
    readonly v: number;
    readonly at: string;
  };
  readonly scheduled: object;
  readonly thread: {
    readonly room: string;
    readonly thread: number;
    readonly readSeq: number;
    readonly following: boolean;
  };
  readonly blocks: { readonly users: readonly string[]; readonly self: number };
  readonly beat: { readonly rooms?: Readonly<Record<string, number>> };
  readonly pong: object;
  readonly bye: { readonly retryAfterMs: number; readonly reason: string };
}
export type FrameType = keyof Frames;
export type Frame<T extends FrameType = FrameType> = {
  readonly [K in T]: { readonly type: K } & Frames[K];
}[T];

/** A frame of a client; what it may hold is checked against asyncapi.yaml. */
export interface ClientFrame {
  readonly type: string;
  readonly [field: string]: unknown;
}

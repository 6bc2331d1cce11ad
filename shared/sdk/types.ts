/**
 * What a user interface sees of the engine. Everything observable is an immutable snapshot with a `subscribe`, so that
 * any framework can bind it: Svelte wraps one in a rune, tests await one.
 */
import type { RoomCache } from './room-cache.ts';
import type { ThreadLine } from './thread-lines.ts';
import type { Tabs } from './tabs.ts';
import type { Timing } from './timing.ts';
import type { AckFrame, PresenceState } from '../wire/protocol.ts';
import type { SendBytes } from './upload.ts';
import type {
  Attachment,
  CreatedInvite,
  CreateInviteBody,
  CreateRoomBody,
  Draft,
  DraftBody,
  ErrorCode,
  Invite,
  InvitePreview,
  LoginBody,
  Me,
  Member,
  Message,
  PatchMeBody,
  PatchRoomBody,
  PreviewList,
  PatchScheduledBody,
  PresenceList,
  PublicRoom,
  RegisterBody,
  Role,
  Room,
  ScheduleBody,
  Scheduled,
  SearchQuery,
  SearchResults,
  SessionInfo,
  ThreadInfo,
  UserSummary,
} from '../wire/rest.ts';

/** A value that changes: `get` is the present snapshot (same reference until it changes). */
export interface Observable<T> {
  get(): T;
  /** Called after each change, not at once; gives the unsubscribe. */
  subscribe(listener: (value: T) => void): () => void;
}

export type ConnectionState =
  | { readonly name: 'offline' }
  | { readonly name: 'connecting'; readonly attempt: number }
  /** Connected, but some rooms still lack something: how many. */
  | { readonly name: 'catching-up'; readonly rooms: number }
  | { readonly name: 'online' }
  /** Waiting for the next attempt; `at` is when (ms since the epoch). */
  | { readonly name: 'waiting'; readonly attempt: number; readonly at: number }
  /** Final: signed out, forged, protocol violation. Says why. */
  | { readonly name: 'stopped'; readonly reason: string };

/**
 * The signed-in state. `restoring`: a stored session is being refreshed, for as long as the server cannot be reached; `me`
 * is who it was last, if known: they may write already, and what they write waits.
 */
export type AuthState =
  | { readonly name: 'restoring'; readonly me?: Me }
  | { readonly name: 'signed-out'; readonly reason?: string }
  | { readonly name: 'signed-in'; readonly me: Me };

/** The honest state of one's own message. Messages of others have none. */
export type SendState =
  | { readonly name: 'queued' }
  | { readonly name: 'sending' }
  | { readonly name: 'sent' }
  | { readonly name: 'delivered' }
  | { readonly name: 'read' }
  | { readonly name: 'failed'; readonly code: ErrorCode; readonly reason: string };

/** One row of a conversation: a stored message, or one of one's own that waits in the outbox (no seq yet). */
export interface TimelineItem {
  /** Stable for a row's life: `clientId` for one's own, else the message's id. Use as a key. */
  readonly key: string;
  readonly message: Message | PendingMessage;
  readonly pending: boolean;
  /** Present on one's own messages. */
  readonly state?: SendState;
  /** Replies stand in a thread below it. */
  readonly thread?: ThreadLine;
}
export interface PendingMessage extends Omit<Message, 'seq' | 'id' | 'rev'> {
  readonly clientId: string;
}

/** A message of one's own that the server did not take, in a room one is not in any more. */
export interface RefusedMessage {
  /** For `client.room(room).discard(key)`. */
  readonly key: string;
  readonly room: string;
  readonly text: string;
  readonly at: string;
  readonly code: ErrorCode;
  readonly reason: string;
}

export interface SendOptions {
  readonly replyTo?: number;
  /** What `upload` gave for files of this room. */
  readonly attachments?: readonly Attachment[];
}

export interface UploadOptions {
  readonly name: string;
  /** Bytes sent, of how many. */
  readonly onProgress?: (sent: number, total: number) => void;
  readonly signal?: AbortSignal;
  /** Of a voice message: what only its recording told. */
  readonly voice?: { readonly duration: number; readonly waveform: readonly number[] };
}

export interface Timeline {
  readonly items: readonly TimelineItem[];
  /** Nothing older exists (or may be read). */
  readonly atStart: boolean;
  /** A stretch of history that does not reach the newest: what is sent and comes in meanwhile is not in `items`. */
  readonly detached: boolean;
  readonly loadingOlder: boolean;
  /** First load under way and nothing to show yet. */
  readonly loading: boolean;
  readonly error?: string;
  /** Where the reader stood when the room was opened: the unread line stands above the first item with a higher seq. */
  readonly readSeqAtOpen: number;
}

/** A conversation's live state. Obtained from `client.room(id)`; stays valid for the client's life. */
export interface RoomHandle {
  readonly id: string;
  readonly info: Observable<Room | undefined>;
  readonly timeline: Observable<Timeline>;
  /** Members with cursors; loaded on first `loadMembers`, then kept up by frames. */
  readonly members: Observable<readonly Member[]>;
  /** Who types now (not oneself). */
  readonly typing: Observable<readonly UserSummary[]>;
  /** Loads the newest page if nothing is loaded yet; safe to call at each open. */
  open(): Promise<void>;
  loadOlder(): Promise<void>;
  /** Where the timeline is detached: the page behind it. */
  loadNewer(): Promise<void>;
  /** Shows the messages around `seq`; the timeline may be detached from the newest then. Rejects where they cannot be read. */
  jump(seq: number): Promise<void>;
  /** Shows the newest again. */
  leaveHistory(): void;
  /** Messages that others quote, by seq, once wanted by `quote`; null: it is not there. */
  readonly quotes: Observable<ReadonlyMap<number, Message | null>>;
  quote(seq: number): void;
  /** The thread below a message; stays valid while the room is. */
  thread(root: number): ThreadHandle;
  loadMembers(): Promise<void>;
  /** Into the outbox at once: gives the row's key. Never rejects for network reasons. */
  send(text: string, options?: SendOptions): string;
  /**
   * Puts a file into the room, for a message to carry. Nothing of it is kept here: one that was under way at a reload is
   * gone. Rejects with ApiError (`too_large`, `unsupported_type`, `rate_limited` …), or with the signal's reason.
   */
  upload(file: Blob, options: UploadOptions): Promise<Attachment>;
  /** Sends a message of any of one's rooms on into this one; as `send`. */
  forward(message: Message): string;
  retry(key: string): void;
  /** Drops a failed or queued message of one's own. */
  discard(key: string): void;
  /**
   * Changes to a stored message, made at once over REST: nothing is queued. Each resolves when it is durable and shown;
   * repeating one is harmless. Rejects with ApiError: `forbidden`, `not_found`, `conflict` (deleted meanwhile), `invalid`,
   * or `rate_limited`, `overloaded`, `unavailable` where a few tries did not help; after `unavailable` it may still appear.
   */
  edit(seq: number, text: string): Promise<void>;
  /** One's own, or any as an owner or admin; a tombstone with `deletedAt` stays. */
  remove(seq: number): Promise<void>;
  /** Adds (`on`) or takes back one's own reaction. */
  react(seq: number, emoji: string, on: boolean): Promise<void>;
  /** Pins a message, or takes the pin away. */
  pin(seq: number, on: boolean): Promise<void>;
  /** The pinned messages as they stand, the latest pin first; at most 100. */
  pins(): Promise<readonly Message[]>;
  /** Cards for the links of these messages (at most 20); those without one are left out. May take seconds. */
  previews(seqs: readonly number[]): Promise<PreviewList>;
  /** Marks read up to `seq` (default: the newest loaded). Never moves back. */
  markRead(seq?: number): void;
  /** Tells the others, at most every 3 s. */
  setTyping(): void;
  update(patch: PatchRoomBody): Promise<void>;
  addMembers(users: readonly string[]): Promise<void>;
  setRole(user: string, role: Role): Promise<void>;
  removeMember(user: string): Promise<void>;
  leave(): Promise<void>;
  delete(): Promise<void>;
}

/** A thread's live state. */
export interface ThreadHandle {
  readonly root: number;
  readonly message: Observable<Message | undefined>;
  /** Its replies. */
  readonly timeline: Observable<Timeline>;
  /** Reads the newest replies; at each opening, and by itself after a reconnect. */
  open(): Promise<void>;
  loadOlder(): Promise<void>;
  send(text: string, options?: SendOptions): string;
  /** Up to `seq` (default: the newest held). Never moves back. */
  markRead(seq?: number): void;
  follow(on: boolean): Promise<void>;
}

/** What one sets for oneself, and the links by which one lets others in. All reject with ApiError. */
export interface OwnApi {
  /** Ids of whom one blocked. */
  readonly blocked: Observable<ReadonlySet<string>>;
  block(user: string, on: boolean): Promise<void>;
  /** From the newest message by somebody else on; the room should not be open. */
  markUnread(room: string): Promise<void>;
  invites(room: string): Promise<readonly Invite[]>;
  createInvite(room: string, body: CreateInviteBody): Promise<CreatedInvite>;
  revokeInvite(room: string, id: string): Promise<void>;
  invite(token: string): Promise<InvitePreview>;
  /** Gives the room's id. */
  acceptInvite(token: string): Promise<string>;
  presence(users: readonly string[]): Promise<PresenceList>;
}

/** The engine: `new ParleyClient(options)`. All methods reject with ApiError (code, message, fields). */
export interface Client {
  readonly auth: Observable<AuthState>;
  readonly connection: Observable<ConnectionState>;
  /** Mine, latest activity first; unread and mentions kept live. */
  readonly rooms: Observable<readonly Room[]>;
  /** False until the first list has arrived. */
  readonly roomsLoaded: Observable<boolean>;
  /** Messages that failed in rooms which are not in the list any more, where no timeline shows them; until discarded. */
  readonly refused: Observable<readonly RefusedMessage[]>;
  /** Presence of those last passed to `watch`, by user id. */
  /** Threads one follows, the one replied to last first; unread kept live. */
  readonly threads: Observable<readonly ThreadInfo[]>;
  readonly threadsLoaded: Observable<boolean>;
  readonly presence: Observable<ReadonlyMap<string, PresenceState>>;

  /** What was begun to be written, by room, as the server has it; an empty text: none any more. */
  readonly drafts: Observable<ReadonlyMap<string, Draft>>;
  /** Messages to be sent later, soonest first. */
  readonly scheduled: Observable<readonly Scheduled[]>;

  /** Refreshes a stored session, if there is one, and connects. Call once at start. */
  restore(): Promise<void>;
  register(body: RegisterBody): Promise<void>;
  login(body: LoginBody): Promise<void>;
  logout(): Promise<void>;
  logoutEverywhere(): Promise<void>;
  changePassword(currentPassword: string, newPassword: string): Promise<void>;
  /** Needs no session: by the token of a link that an administrator made. */
  resetPassword(token: string, newPassword: string): Promise<void>;
  readonly own: OwnApi;
  updateMe(patch: PatchMeBody): Promise<void>;
  sessions(): Promise<readonly SessionInfo[]>;
  endSession(id: string): Promise<void>;

  /** Messages in one's rooms, newest first. */
  search(query: SearchQuery): Promise<SearchResults>;
  /** What others said that names oneself, newest first. */
  mentions(cursor?: string): Promise<SearchResults>;
  /** By id or username. */
  user(ref: string): Promise<UserSummary>;
  searchUsers(query: string): Promise<readonly UserSummary[]>;
  publicRooms(query: string): Promise<readonly PublicRoom[]>;
  /** Opens or finds the room and gives its id. */
  createRoom(body: CreateRoomBody): Promise<string>;
  joinRoom(id: string): Promise<void>;
  room(id: string): RoomHandle;
  /** Keeps a draft for all of one's devices; an empty text removes it. */
  setDraft(room: string, draft: DraftBody): Promise<void>;
  /** Sends a message later; `at` is ISO 8601. */
  schedule(room: string, message: Omit<ScheduleBody, 'clientId'>): Promise<void>;
  changeScheduled(id: string, patch: PatchScheduledBody): Promise<void>;
  cancelScheduled(id: string): Promise<void>;
  /** Whose presence to hear of; replaces the set. */
  watch(users: readonly string[]): void;
  /** A hint from the platform that trying now makes sense (online, tab visible): resets the backoff. */
  wake(): void;
  /** Stops everything; the client is of no use afterwards. */
  close(): void;
}

/** Where the engine keeps what must survive: memory (default), a file in Node, localStorage/IndexedDB in the browser. */
export interface Storage {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
}

/** The part of a WebSocket the engine uses: the browser's and ws's both fit. */
export interface Socket {
  send(data: string): void;
  close(code?: number, reason?: string): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  onerror: ((event: never) => void) | null;
}

export interface ClientOptions {
  /** e.g. https://localhost:8443; REST under /api/v1, the socket at /ws. */
  readonly origin: string;
  /** Browser: the refresh token is an HttpOnly cookie. Elsewhere it is kept in `storage`. */
  readonly cookies?: boolean;
  readonly storage?: Storage;
  readonly fetch?: typeof globalThis.fetch;
  readonly connect?: (url: string, protocol: string) => Socket;
  /** How bytes go up; XMLHttpRequest in a browser, for its progress. */
  readonly sendBytes?: SendBytes;
  /** For tests: jitter's source. */
  readonly random?: () => number;
  /** For tests: waits in ms that differ from the usual ones. */
  readonly timing?: Partial<Timing>;
  /** How tabs that share `storage` agree; Web Locks with `cookies`, else this process counts as the only one. */
  readonly tabs?: Tabs;
  /** Where what was last seen is kept, to be shown before and without the server; by default it is not. */
  readonly cache?: RoomCache | undefined;
  /** Hears of every failure the engine gets over by itself; nothing by default. */
  readonly warn?: (message: string, error: unknown) => void;
}

export type Ack = AckFrame;

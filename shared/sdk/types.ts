/**
 * What a user interface sees of the engine. Everything observable is an immutable snapshot with a `subscribe`, so that
 * any framework can bind it: Svelte wraps one in a rune, tests await one.
 */
import type { AckFrame, PresenceState } from '../wire/protocol.ts';
import type {
  CreateInviteBody,
  CreateRoomBody,
  CreatedInvite,
  Draft,
  DraftBody,
  Invite,
  InvitePreview,
  LoginBody,
  Me,
  Message,
  PatchMeBody,
  PatchScheduledBody,
  PresenceList,
  PublicRoom,
  RegisterBody,
  Room,
  ScheduleBody,
  Scheduled,
  SearchQuery,
  SearchResults,
  ServerConfig,
  SessionInfo,
  ThreadInfo,
  UserSummary,
} from '../wire/rest.ts';
import type { Arrival } from './arrivals.ts';
import type { RefusedMessage } from './timeline-types.ts';
import type { RoomHandle } from './handle-types.ts';

export type * from './handle-types.ts';
export type * from './options.ts';
export type { Arrival } from './arrivals.ts';
export type * from './timeline-types.ts';

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

/** What one sets for oneself, and the links by which one lets others in. All reject with ApiError. */
export interface OwnApi {
  /** Ids of whom one blocked. */
  readonly blocked: Observable<ReadonlySet<string>>;
  block(user: string, on: boolean): Promise<void>;
  /** Whom one blocked, with their names. */
  blockedPeople(): Promise<readonly UserSummary[]>;
  /**
   * From the message `from` on; without one, from the newest by somebody else: rejects with `conflict` where there is none.
   * The room must not be open any more once `onFound` was called, or it is read again.
   */
  markUnread(room: string, onFound?: () => void, from?: number): Promise<void>;
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

  /** What was begun to be written, by `placeKey`, as the server has it; an empty text: none any more. */
  readonly drafts: Observable<ReadonlyMap<string, Draft>>;
  /** Whether the server's list has been read: a draft that is not in `drafts` then has ended. */
  readonly draftsRead: Observable<boolean>;
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
  /** Deletes one's account for good, and signs out. Rejects `forbidden` for a wrong password. */
  deleteAccount(password: string): Promise<void>;
  sessions(): Promise<readonly SessionInfo[]>;
  endSession(id: string): Promise<void>;

  /** What the server lets one do. */
  config(): Promise<ServerConfig>;
  /** Messages in one's rooms, newest first. */
  search(query: SearchQuery): Promise<SearchResults>;
  /** All messages held here, also from the last visit: what can be looked through without a server, by `searchKept`. */
  messages(): readonly Message[];
  /** What others said that names oneself, newest first. */
  mentions(cursor?: string): Promise<SearchResults>;
  /** Calls with what is new in any room, each message once, from the first connection on; gives the unsubscribe. */
  onArrival(listener: (arrival: Arrival) => void): () => void;
  /** By id or username. */
  user(ref: string): Promise<UserSummary>;
  searchUsers(query: string): Promise<readonly UserSummary[]>;
  publicRooms(query: string): Promise<readonly PublicRoom[]>;
  /** Opens or finds the room and gives its id. */
  createRoom(body: CreateRoomBody): Promise<string>;
  joinRoom(id: string): Promise<void>;
  room(id: string): RoomHandle;
  /** Keeps a draft, of the room or of one of its threads, for all of one's devices; an empty text removes it. */
  setDraft(room: string, draft: DraftBody): Promise<void>;
  /** Sends a message later; `at` is ISO 8601. */
  schedule(room: string, message: Omit<ScheduleBody, 'clientId'>): Promise<void>;
  changeScheduled(id: string, patch: PatchScheduledBody): Promise<void>;
  cancelScheduled(id: string): Promise<void>;
  /** Whose presence to hear of; replaces the set. */
  watch(users: readonly string[]): void;
  /** Whether nobody is at this device; a user who is at none of theirs shows as away. */
  setAway(away: boolean): void;
  /** A hint from the platform that trying now makes sense (online, tab visible): resets the backoff. */
  wake(): void;
  /** A hint from the platform that nobody looks any more; `isGoing`: the page may be gone in a moment. What was read is told now. */
  rest(isGoing?: boolean): void;
  /** Stops everything; the client is of no use afterwards. */
  close(): void;
}

export type Ack = AckFrame;

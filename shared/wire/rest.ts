/** The REST API's resources under `/api/v1`: what each call takes and gives, and the codes of its errors. */
import type { MessageDraft, PresenceState } from './protocol.ts';

export const API_PREFIX = '/api/v1';

/** Each stable error code with its HTTP status. */
export const ERROR_STATUS = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  unsupported_type: 415,
  rate_limited: 429,
  overloaded: 503,
  unavailable: 503,
} as const;
export type ErrorCode = keyof typeof ERROR_STATUS;

/** RFC 9457, `application/problem+json`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ErrorCode;
  readonly detail?: string;
  /** The request's id, also in the logs. */
  readonly instance?: string;
  /** What was wrong with which field, for `invalid`. */
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

export type RoomType = 'dm' | 'group' | 'channel';
export type Role = 'owner' | 'admin' | 'member';
export type Notify = 'all' | 'mentions' | 'none';

export interface UserSummary {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly avatar?: string;
  readonly status?: string;
  /** Stands before the status, or alone. */
  readonly statusEmoji?: string;
  /** The status is over then. */
  readonly statusUntil?: string;
}
/** `/users/me`: what only the user sees of themself. */
export interface Me extends UserSummary {
  readonly email?: string;
  readonly role: 'user' | 'admin';
  /** Nobody sees whether they are online, and they see nobody. */
  readonly hidePresence?: boolean;
  readonly createdAt: string;
}

export interface Session {
  readonly user: Me;
  readonly accessToken: string;
  /** Absent when it travels as a cookie. */
  readonly refreshToken?: string;
  /** Seconds. */
  readonly expiresIn: number;
  readonly access_token?: string;
  readonly token_type?: 'bearer';
}
export interface SessionInfo {
  readonly id: string;
  readonly userAgent: string;
  readonly ip: string;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly current: boolean;
}

export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** Of a picture, as it is shown; `?thumb=1` gives a small one then. */
  readonly width?: number;
  readonly height?: number;
  /** Seconds of sound, as its sender measured it. */
  readonly duration?: number;
  /** Its loudness over time, 0 to 100, as its sender measured it. */
  readonly waveform?: readonly number[];
}

/** A structured notice; `text` beside it is the English fallback. */
export interface NoticeEvent {
  readonly name:
    | 'created'
    | 'joined'
    | 'added'
    | 'left'
    | 'removed'
    | 'renamed'
    | 'topic'
    | 'role'
    | 'visibility'
    | 'pinned';
  /** Ids of the users it is about. */
  readonly users?: readonly string[];
  readonly by?: string;
  readonly value?: string;
}

/** The newest reply of a thread, told with its root. */
export interface LastReply {
  readonly seq: number;
  readonly at: string;
  /** Who replied, the latest first; at most 5. */
  readonly users: readonly Pick<UserSummary, 'id' | 'username' | 'displayName'>[];
}

export interface Message {
  readonly room: string;
  readonly seq: number;
  readonly id: string;
  readonly clientId?: string;
  readonly kind: 'text' | 'notice';
  readonly sender: Pick<UserSummary, 'id' | 'username' | 'displayName'>;
  readonly text: string;
  readonly at: string;
  /** Seq of its last change, its own seq before any. The higher one wins. */
  readonly rev: number;
  readonly replyTo?: number;
  readonly thread?: number;
  /** On a thread's root: how many replies there are, and the newest. Hints. */
  readonly replies?: number;
  readonly lastReply?: LastReply;
  /** Forwarded from elsewhere: who wrote it. The room it comes from is not told. */
  readonly forwardedFrom?: { readonly sender: Pick<UserSummary, 'id' | 'username' | 'displayName'> };
  readonly event?: NoticeEvent;
  readonly mentions?: readonly string[];
  readonly attachments?: readonly Attachment[];
  readonly reactions?: Readonly<
    Record<string, { readonly count: number; readonly users: readonly string[] }>
  >;
  readonly pinnedAt?: string;
  readonly editedAt?: string;
  readonly deletedAt?: string;
}

/** What the page behind a message's link says of itself. */
export interface Preview {
  readonly seq: number;
  readonly url: string;
  readonly title: string;
  readonly description?: string;
  readonly site?: string;
}

export interface PreviewList {
  readonly previews: readonly Preview[];
  /** False where the server fetches none: there is no use in asking again. */
  readonly enabled: boolean;
}

export interface RoomPrefs {
  readonly notify: Notify;
  readonly favourite: boolean;
  /** Put away up to this number; 0 or absent: not. `isArchived` says what that means now. */
  readonly archivedSeq?: number;
  /** As if `notify` were `none`, until then. Told as '' when it was taken back. */
  readonly mutedUntil?: string;
}
/** What a room is to the one who asks. */
export interface RoomMe extends RoomPrefs {
  readonly role: Role;
  readonly readSeq: number;
  /** How often it was marked unread, each time moving `readSeq` back. */
  readonly rewinds?: number;
  /** Counted up to 100, to be shown as "99+". */
  readonly unread: number;
  readonly mentions: number;
}
export interface Room {
  readonly id: string;
  readonly type: RoomType;
  readonly name?: string;
  readonly topic?: string;
  readonly public: boolean;
  /** Grows with every change of the room or its membership. */
  readonly v: number;
  readonly head: number;
  readonly lastMessage?: Message;
  /** How many. */
  readonly members: number;
  /** The other side of a dm (oneself in a dm with oneself). */
  readonly peer?: UserSummary;
  readonly me: RoomMe;
}
export interface PublicRoom {
  readonly id: string;
  readonly name: string;
  readonly topic?: string;
  readonly members: number;
  /** Whether the asker is in it already. */
  readonly joined: boolean;
}
export interface Member {
  readonly user: UserSummary;
  readonly role: Role;
  readonly readSeq: number;
  readonly gotSeq: number;
}

/** A link into a room, as those see it who may make one. */
export interface Invite {
  readonly id: string;
  readonly by: UserSummary;
  readonly createdAt: string;
  /** Absent: until it is revoked. */
  readonly expiresAt?: string;
  /** Absent: as often as one likes. */
  readonly maxUses?: number;
  readonly uses: number;
}
/** The answer to making one: nothing else ever tells the token. */
export interface CreatedInvite extends Invite {
  readonly token: string;
  readonly url: string;
}
/** What the holder of a link may know of the room before they are in it. */
export interface InvitePreview {
  readonly name: string;
  readonly type: RoomType;
  readonly members: number;
  readonly by: Pick<UserSummary, 'displayName'>;
  /** Only where one is in already. */
  readonly room?: string;
  readonly expiresAt?: string;
}

export interface UserList {
  readonly users: readonly UserSummary[];
  readonly next?: string;
}
export interface MessagePage {
  /** Ascending by seq. */
  readonly messages: readonly Message[];
  /** The decided head: nothing at or below it is undecided. The resume position after a first load. */
  readonly head: number;
  /** Every message with a seq in here is in `messages`; [1, 0] when empty. */
  readonly complete: readonly [from: number, to: number];
}
/** A thread as it is to the one who asks. */
export interface ThreadInfo {
  readonly room: string;
  /** The root, with `replies` and `lastReply`. */
  readonly message: Message;
  readonly following: boolean;
  readonly readSeq: number;
  /** Replies of others above `readSeq`, counted up to 100. */
  readonly unread: number;
}
export interface ThreadList {
  /** The one with the newest reply first. */
  readonly threads: readonly ThreadInfo[];
  readonly next?: string;
}
export interface LogPage {
  readonly messages: readonly Message[];
  /** Older messages as they now stand. */
  readonly changed: readonly Message[];
  /** All there is to know up to here is in this answer. */
  readonly to: number;
  readonly head: number;
}
export interface SearchResults {
  /** Newest first, as they stand now. */
  readonly results: readonly Message[];
  readonly next?: string;
}
/** GET /search; `q`, `from` or `has` is needed. */
export interface SearchQuery {
  readonly q?: string;
  readonly room?: string;
  /** An id or a username. */
  readonly from?: string;
  /** Dates or times, ISO 8601: sent at or after, sent before. */
  readonly after?: string;
  readonly before?: string;
  /** Of `link`, `file`, `image`, with commas between them. */
  readonly has?: string;
  readonly cursor?: string;
}
export interface PresenceList {
  readonly presence: readonly PresenceState[];
}

/** What its writer began to write in a room. */
export interface Draft {
  readonly room: string;
  /** Empty: there is none any more. */
  readonly text: string;
  readonly replyTo?: number;
  /** Grows with each change, on whichever device; the higher one wins. */
  readonly v: number;
  readonly at: string;
}
export type DraftBody = Pick<Draft, 'text' | 'replyTo'>;
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
  /** When. */
  readonly at: string;
  /** Why it could not be sent, in words; it stays until it is changed or removed. */
  readonly failed?: string;
}
export type ScheduleBody = Pick<Scheduled, 'clientId' | 'text' | 'replyTo' | 'at'>;
export type PatchScheduledBody = Partial<Pick<Scheduled, 'text' | 'at'>>;
export interface ScheduledList {
  /** Soonest first. */
  readonly scheduled: readonly Scheduled[];
}

export interface RegisterBody {
  readonly username: string;
  readonly password: string;
  readonly email?: string;
  readonly displayName?: string;
  readonly cookie?: boolean;
}
export interface LoginBody {
  readonly username: string;
  readonly password: string;
  readonly cookie?: boolean;
}
export type CreateRoomBody =
  | { readonly type: 'dm'; readonly user: string }
  | {
      readonly type: 'group' | 'channel';
      readonly name: string;
      readonly topic?: string;
      readonly public?: boolean;
      readonly members?: readonly string[];
      readonly clientId?: string;
    };
export interface PatchRoomBody {
  readonly name?: string;
  readonly topic?: string;
  readonly public?: boolean;
  readonly me?: PatchPrefs;
}
export interface PatchPrefs {
  readonly notify?: Notify;
  readonly favourite?: boolean;
  /** Until something comes that one wants to hear of. */
  readonly archived?: boolean;
  /** '' takes it back. */
  readonly mutedUntil?: string;
}
export interface PatchMeBody {
  readonly displayName?: string;
  /** '' removes it, as with all that follow. */
  readonly email?: string;
  readonly status?: string;
  readonly statusEmoji?: string;
  readonly statusUntil?: string;
  readonly hidePresence?: boolean;
}
export interface CreateInviteBody {
  /** Seconds. */
  readonly expiresIn?: number;
  readonly maxUses?: number;
}
export type SendMessageBody = MessageDraft;

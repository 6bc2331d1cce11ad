/** Rooms, what they are to their members, and the links that let others in. */
import type { Message } from './messages.ts';
import type { UserSummary } from './users.ts';

export type RoomType = 'dm' | 'group' | 'channel';

export type Role = 'owner' | 'admin' | 'member';

export type Notify = 'all' | 'mentions' | 'none';

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
  /** The other side began this dm, nothing was written in it, and one did not open it. `isListed` says what that means. */
  readonly unopened?: boolean;
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
  /** The room's: it opens nothing. */
  readonly id: string;
  readonly name: string;
  readonly type: RoomType;
  readonly members: number;
  readonly by: Pick<UserSummary, 'displayName'>;
  /** The same, only where one is in already. */
  readonly room?: string;
  readonly expiresAt?: string;
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

export interface CreateInviteBody {
  /** Seconds. */
  readonly expiresIn?: number;
  readonly maxUses?: number;
}

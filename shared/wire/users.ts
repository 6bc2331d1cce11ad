/** People: what others see of them, what they see of themselves, and their sessions. */
import type { PresenceState } from './protocol.ts';

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

export interface UserList {
  readonly users: readonly UserSummary[];
  readonly next?: string;
}

export interface PresenceList {
  readonly presence: readonly PresenceState[];
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

export interface PatchMeBody {
  readonly displayName?: string;
  /** '' removes it, as with all that follow. */
  readonly email?: string;
  readonly status?: string;
  readonly statusEmoji?: string;
  readonly statusUntil?: string;
  readonly hidePresence?: boolean;
}

import type { KeyObject } from 'node:crypto';
import { ParleyError } from '../../shared/node/errors.ts';
import { ACCESS_TOKEN_SECONDS, signAccessToken } from '../../shared/node/token.ts';
import type { LoginBody, Me, RegisterBody, Session } from '../../shared/wire/rest.ts';
import { UserTaken, type User, type UserStore } from '../store/users.ts';
import { ROOM_ALIASES } from '../../shared/wire/mentions.ts';
import { DELETED_USERNAME, toSummary } from './directory.ts';
import type { Passwords } from './passwords.ts';
import type { ResetTokens } from './reset-tokens.ts';
import type { SessionGuard } from './session-guard.ts';
import type { Device, OpenSession, Sessions } from './sessions.ts';
import { VerifiedTokens } from './verified-tokens.ts';

/** Who makes a request. */
export interface Caller {
  readonly user: string;
  readonly session: string;
}
export type Granted = Session & { readonly refreshToken: string };

/** Names that mean something else: a deleted user, everybody in a room. */
const RESERVED: ReadonlySet<string> = new Set([DELETED_USERNAME, ...ROOM_ALIASES]);

/** Accounts and their tokens. */
export class Auth {
  readonly #users: UserStore;
  readonly #sessions: Sessions;
  readonly #guard: SessionGuard;
  readonly #passwords: Passwords;
  readonly #resets: ResetTokens;
  readonly #key: KeyObject;
  readonly #verified: VerifiedTokens;

  constructor(deps: {
    readonly users: UserStore;
    readonly sessions: Sessions;
    readonly guard: SessionGuard;
    readonly passwords: Passwords;
    readonly resets: ResetTokens;
    readonly key: KeyObject;
  }) {
    this.#users = deps.users;
    this.#sessions = deps.sessions;
    this.#guard = deps.guard;
    this.#passwords = deps.passwords;
    this.#resets = deps.resets;
    this.#key = deps.key;
    this.#verified = new VerifiedTokens(deps.key);
  }

  /** Who an access token speaks for. Throws `unauthorized`. */
  async authenticate(token: string): Promise<Caller> {
    const claims = this.#verified.check(token);
    if (claims === 'expired') throw new ParleyError('unauthorized', 'The access token has expired.');
    if (claims === 'forged') throw new ParleyError('unauthorized', 'The access token is not valid.');
    if (!(await this.#guard.isLive(claims.session)))
      throw new ParleyError('unauthorized', 'This session is over.');
    return { user: claims.user, session: claims.session };
  }

  /**
   * Throws `conflict` for a name or address somebody has. Names are there for all to see, addresses are not: where one is
   * given, the answer does not say which of the two it was.
   */
  async register(body: RegisterBody, device: Device): Promise<Granted> {
    // Asked first because hashing is dear; the unique index decides.
    const taken = RESERVED.has(body.username) || (await this.#users.byUsername(body.username)) !== undefined;
    if (taken) throw alreadyTaken(body);
    const passwordHash = await this.#passwords.hash(body.password);
    const user = await this.#insert({
      username: body.username,
      email: body.email?.toLowerCase(),
      displayName: body.displayName ?? body.username,
      passwordHash,
    });
    return this.#grant(user, await this.#sessions.open(user.id, device));
  }

  /** Throws `unauthorized`, in the same words and the same time whether or not there is such a user. */
  async login(body: LoginBody, device: Device): Promise<Granted> {
    const user = body.username.includes('@')
      ? await this.#users.byEmail(body.username.toLowerCase())
      : await this.#users.byUsername(body.username);
    if (!(await this.#passwords.matches(body.password, user?.passwordHash)) || user === undefined) {
      throw new ParleyError('unauthorized', 'Wrong name or password.');
    }
    const opened = await this.#sessions.open(user.id, device);
    await this.#users.touchLastSeen(user.id);
    return this.#grant(user, opened);
  }

  /** Throws `unauthorized`. */
  async refresh(token: string, device: Device): Promise<Granted> {
    const opened = await this.#sessions.refresh(token, device);
    const user = await this.#users.byId(opened.user);
    if (user === undefined || user.deletedAt !== undefined) {
      await this.#sessions.end(opened.user, opened.session);
      throw new ParleyError('unauthorized', 'This account is gone.');
    }
    await this.#users.touchLastSeen(user.id);
    return this.#grant(user, opened);
  }

  /** Ends what a refresh token names; nothing where it is not ours or over already. */
  async logoutByToken(refreshToken: string): Promise<void> {
    const session = this.#sessions.sessionOf(refreshToken);
    const user = session === undefined ? undefined : await this.#sessions.userOf(session);
    if (session !== undefined && user !== undefined) await this.#sessions.end(user, session);
  }

  /** Other sessions end. Throws `forbidden` for a wrong current password. */
  async changePassword(caller: Caller, current: string, next: string): Promise<void> {
    const user = await this.checkPassword(caller.user, current);
    if (!(await this.#users.setPassword(user.id, user.passwordHash, await this.#passwords.hash(next)))) {
      throw new ParleyError('conflict', 'The password was changed by somebody else at this moment.');
    }
    await this.#sessions.endAll(user.id, caller.session);
  }

  /** By a link an administrator made; all sessions end. Throws `unauthorized` for one that is used, old or forged. */
  async resetPassword(token: string, next: string): Promise<void> {
    const refused = new ParleyError('unauthorized', 'This link is no longer valid.');
    const id = this.#resets.userOf(token);
    const user = id === undefined ? undefined : await this.#users.byId(id);
    if (user === undefined || user.deletedAt !== undefined || !this.#resets.isValid(token, user))
      throw refused;
    if (!(await this.#users.setPassword(user.id, user.passwordHash, await this.#passwords.hash(next))))
      throw refused;
    await this.#sessions.endAll(user.id);
  }

  /** The user whose password it is. Throws `forbidden`. */
  async checkPassword(id: string, password: string): Promise<User> {
    const user = await this.#users.byId(id);
    if (user === undefined || !(await this.#passwords.matches(password, user.passwordHash))) {
      throw new ParleyError('forbidden', 'Wrong password.');
    }
    return user;
  }

  async #insert(user: Parameters<UserStore['insert']>[0]): Promise<User> {
    try {
      return await this.#users.insert(user);
    } catch (error) {
      if (error instanceof UserTaken) throw alreadyTaken(user);
      throw error;
    }
  }

  #grant(user: User, opened: OpenSession): Granted {
    return {
      user: toMe(user),
      accessToken: signAccessToken(this.#key, user.id, opened.session),
      refreshToken: opened.refreshToken,
      expiresIn: ACCESS_TOKEN_SECONDS,
    };
  }
}

/** What only the user sees of themself. */
export function toMe(user: User): Me {
  return {
    ...toSummary(user),
    ...(user.email === undefined ? {} : { email: user.email }),
    role: user.role,
    ...(user.hidePresence === true ? { hidePresence: true } : {}),
    createdAt: user.createdAt.toISOString(),
  };
}

const alreadyTaken = ({ email }: { readonly email?: string | undefined }): ParleyError =>
  email === undefined
    ? new ParleyError('conflict', 'This username is taken.', {
        fields: [{ field: 'username', message: 'is taken' }],
      })
    : new ParleyError('conflict', 'This username or e-mail address cannot be used.');

import { Types } from 'mongoose';
import { ParleyError } from '../../shared/node/errors.ts';
import type { Session, SessionStore } from '../store/sessions.ts';
import { REFRESH_TOKEN_SECONDS, type RefreshTokens } from './refresh-tokens.ts';
import type { SessionGuard } from './session-guard.ts';
import type { Signals } from './signals.ts';

/** Where a session is used from. */
export interface Device {
  readonly userAgent: string;
  readonly ip: string;
}
export interface OpenSession {
  readonly user: string;
  readonly session: string;
  readonly refreshToken: string;
}

/** Sessions a user may have at once; the least recently used ones give way. */
const MAX_SESSIONS = 100;
/** ms for which a token is still taken after its successor was first used: answers get lost, tabs race. */
const GRACE = 10_000;
const ATTEMPTS = 5;

/** Opens, refreshes and ends sessions. */
export class Sessions {
  readonly #store: SessionStore;
  readonly #tokens: RefreshTokens;
  readonly #guard: SessionGuard;
  readonly #signals: Signals;

  constructor(deps: {
    readonly store: SessionStore;
    readonly tokens: RefreshTokens;
    readonly guard: SessionGuard;
    readonly signals: Signals;
  }) {
    this.#store = deps.store;
    this.#tokens = deps.tokens;
    this.#guard = deps.guard;
    this.#signals = deps.signals;
  }

  async open(user: string, device: Device): Promise<OpenSession> {
    const session = new Types.ObjectId().toHexString();
    const refreshToken = this.#tokens.first(session);
    const tokenHash = this.#tokens.hash(refreshToken);
    await this.#store.insert({ id: session, user, tokenHash, ...device, expiresAt: expiry() });
    await this.#makeRoom(user);
    return { user, session, refreshToken };
  }

  /**
   * The token's successor, the same one on every node and however often it is asked for within the grace. Throws
   * `unauthorized`; a token used long after its successor is a stolen one, and ends the session.
   */
  async refresh(token: string, device: Device): Promise<OpenSession> {
    const id = this.#tokens.sessionOf(token);
    if (id === undefined) throw refused();
    const refreshToken = this.#tokens.successor(token);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const session = await this.#store.byId(id);
      if (session === undefined) throw refused();
      if (await this.#advance(session, token, refreshToken, device))
        return { user: session.user, session: id, refreshToken };
    }
    throw new ParleyError('overloaded', 'This session is being refreshed too often.', {
      retryAfterMs: 1_000,
    });
  }

  /** Latest used first. */
  async list(user: string): Promise<Session[]> {
    return this.#store.ofUser(user, MAX_SESSIONS);
  }

  /** The session a refresh token names, whatever its age; undefined for one we did not make. */
  sessionOf(refreshToken: string): string | undefined {
    return this.#tokens.sessionOf(refreshToken);
  }

  async userOf(session: string): Promise<string | undefined> {
    return (await this.#store.byId(session))?.user;
  }

  /** False where the user has no such session. */
  async end(user: string, session: string): Promise<boolean> {
    if (!(await this.#store.delete(session, user))) return false;
    await this.#ended(user, [session]);
    return true;
  }

  /** All of the user's, but `except`. */
  async endAll(user: string, except?: string): Promise<void> {
    for (;;) {
      const ids = (await this.#store.ofUser(user, MAX_SESSIONS))
        .map(({ id }) => id)
        .filter((id) => id !== except);
      if (ids.length === 0) return;
      await this.#store.deleteMany(ids);
      await this.#ended(user, ids);
    }
  }

  /** True when `successor` may be handed out; false when the session has moved on meanwhile: look again. */
  async #advance(session: Session, token: string, successor: string, device: Device): Promise<boolean> {
    const hash = this.#tokens.hash(token);
    const tokenHash = this.#tokens.hash(successor);
    if (session.tokenHash === hash) {
      return this.#store.rotate(session.id, hash, { tokenHash, ...device, expiresAt: expiry() });
    }
    if (session.tokenHash === tokenHash) return true;
    const successorUsed = session.previousHash === tokenHash;
    if (successorUsed && Date.now() - session.rotatedAt.getTime() < GRACE) return true;
    await this.end(session.user, session.id);
    throw refused();
  }

  async #makeRoom(user: string): Promise<void> {
    const all = await this.#store.ofUser(user, MAX_SESSIONS + 20);
    const surplus = all.slice(MAX_SESSIONS).map(({ id }) => id);
    if (surplus.length === 0) return;
    await this.#store.deleteMany(surplus);
    await this.#ended(user, surplus);
  }

  /** The store knows already; now the nodes, then the gateways. */
  async #ended(user: string, sessions: readonly string[]): Promise<void> {
    await this.#guard.markEnded(sessions);
    await this.#signals.sessionsEnded(user, sessions);
  }
}

const expiry = (): Date => new Date(Date.now() + REFRESH_TOKEN_SECONDS * 1_000);
const refused = (): ParleyError => new ParleyError('unauthorized', 'This session is over. Sign in again.');

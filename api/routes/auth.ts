import { Router, type CookieOptions, type Request, type Response } from 'express';
import { ParleyError } from '../../shared/node/errors.ts';
import { networkOf } from '../../shared/node/network.ts';
import { parse } from '../../shared/node/schemas.ts';
import { ACCESS_TOKEN_SECONDS } from '../../shared/node/token.ts';
import { API_PREFIX, type Session } from '../../shared/wire/rest.ts';
import { authenticate, bearerOf, callerOf, cookieOf } from '../middleware/authenticate.ts';
import { checkOrigin } from '../middleware/origin.ts';
import type { Caller, Granted } from '../services/auth.ts';
import type { Services } from '../services/index.ts';
import { REFRESH_TOKEN_SECONDS } from '../services/refresh-tokens.ts';
import type { Device } from '../services/sessions.ts';
import * as schemas from './schemas/auth.ts';

export const REFRESH_COOKIE = 'parley_refresh';
/** For pictures, which cannot send a header. */
export const ACCESS_COOKIE = 'parley_access';

const cookie = (path: string, seconds: number): CookieOptions => ({
  httpOnly: true,
  secure: true,
  sameSite: 'strict',
  path: API_PREFIX + path,
  maxAge: seconds * 1_000,
});
const refreshCookie = cookie('/auth', REFRESH_TOKEN_SECONDS);
const accessCookie = cookie('/attachments', ACCESS_TOKEN_SECONDS);

/** Registering, signing in and out, sessions, passwords. */
export function authRoutes(services: Services, allowedOrigins: readonly string[]): Router {
  const { auth, limits, sessions } = services;
  const router = Router();
  const signedIn = authenticate(auth);

  router.post('/register', async (req, res) => {
    const body = parse(schemas.register, req.body ?? {});
    if (body.cookie === true) checkOrigin(req, allowedOrigins);
    sendSession(res, 201, await auth.register(body, deviceOf(req)), body.cookie === true);
  });

  router.post('/login', async (req, res) => {
    const body = parse(schemas.login, req.body ?? {});
    // A form on another site must not sign its visitors in as somebody else.
    if (body.cookie === true) checkOrigin(req, allowedOrigins);
    const granted = await limits.login(body.username, networkOf(req.ip), () =>
      auth.login(body, deviceOf(req)),
    );
    sendSession(res, 200, granted, body.cookie === true, {
      access_token: granted.accessToken,
      token_type: 'bearer',
    });
  });

  router.post('/refresh', async (req, res) => {
    const { refreshToken } = parse(schemas.refresh, req.body ?? {});
    const fromCookie = refreshToken === undefined ? cookieOf(req, REFRESH_COOKIE) : undefined;
    if (fromCookie !== undefined) checkOrigin(req, allowedOrigins);
    const token = refreshToken ?? fromCookie;
    if (token === undefined) throw new ParleyError('unauthorized', 'A refresh token is required.');
    sendSession(res, 200, await auth.refresh(token, deviceOf(req)), fromCookie !== undefined);
  });

  router.post('/logout', async (req, res) => {
    const { refreshToken } = parse(schemas.logout, req.body ?? {});
    await logout(req, refreshToken);
    res.clearCookie(REFRESH_COOKIE, refreshCookie).clearCookie(ACCESS_COOKIE, accessCookie);
    res.status(204).end();
  });

  router.post('/reset', async (req, res) => {
    const { token, newPassword } = parse(schemas.resetPassword, req.body ?? {});
    await auth.resetPassword(token, newPassword);
    res.status(204).end();
  });

  router.post('/logout-all', signedIn, async (_req, res) => {
    await sessions.endAll(callerOf(res).user);
    res.clearCookie(REFRESH_COOKIE, refreshCookie).clearCookie(ACCESS_COOKIE, accessCookie);
    res.status(204).end();
  });

  router.post('/password', signedIn, async (req, res) => {
    const body = parse(schemas.changePassword, req.body ?? {});
    await limits.take('password', callerOf(res).user);
    await auth.changePassword(callerOf(res), body.currentPassword, body.newPassword);
    res.status(204).end();
  });

  /** By a valid access token, else by a refresh token, of the body or the cookie: the first often has run out by then. */
  async function logout(req: Request, refreshToken: string | undefined): Promise<void> {
    const fromCookie = refreshToken === undefined ? cookieOf(req, REFRESH_COOKIE) : undefined;
    const token = refreshToken ?? fromCookie;
    const bearer = bearerOf(req);
    const caller = bearer === undefined ? undefined : await callerBy(bearer, token === undefined);
    if (caller !== undefined) {
      await sessions.end(caller.user, caller.session);
      return;
    }
    if (token === undefined) throw new ParleyError('unauthorized', 'A token is required.');
    if (fromCookie !== undefined) checkOrigin(req, allowedOrigins);
    await auth.logoutByToken(token);
  }

  async function callerBy(bearer: string, isRequired: boolean): Promise<Caller | undefined> {
    try {
      return await auth.authenticate(bearer);
    } catch (error) {
      if (isRequired || !(error instanceof ParleyError) || error.code !== 'unauthorized') throw error;
      return undefined;
    }
  }

  return router;
}

function sendSession(
  res: Response,
  status: number,
  granted: Granted,
  asCookie: boolean,
  extra: Partial<Session> = {},
): void {
  const { refreshToken, ...rest } = granted;
  if (asCookie) {
    res
      .cookie(REFRESH_COOKIE, refreshToken, refreshCookie)
      .cookie(ACCESS_COOKIE, granted.accessToken, accessCookie);
  }
  const body: Session = { ...rest, ...extra, ...(asCookie ? {} : { refreshToken }) };
  res.status(status).json(body);
}

function deviceOf(req: Request): Device {
  return { userAgent: (req.headers['user-agent'] ?? '').slice(0, 256), ip: (req.ip ?? '').slice(0, 64) };
}

import type { Request, RequestHandler } from 'express';
import { ParleyError } from '../../shared/node/errors.ts';
import { networkOf } from '../../shared/node/network.ts';
import type { Group, Limits } from '../services/limits/limits.ts';
import { ROUTES } from '../routes/schemas/index.ts';
import { callerOf } from './authenticate.ts';
import { RoutePatterns } from './route-pattern.ts';

/** Calls that are counted by themselves, in Redis. */
export const BY_USER: Readonly<Record<string, Group>> = {
  'GET /search': 'search',
  'GET /mentions': 'search',
  'GET /users': 'users',
  'GET /rooms/public': 'users',
  'POST /rooms': 'rooms',
  'POST /rooms/:room/members': 'invites',
  'POST /rooms/:room/invites': 'invites',
  'GET /invites/:token': 'invites',
  'POST /invites/:token/join': 'invites',
  'POST /attachments': 'upload',
  'DELETE /users/me': 'password',
};
export const BY_ADDRESS: Readonly<Record<string, Group>> = {
  'POST /auth/register': 'register',
  'POST /auth/refresh': 'refresh',
  'POST /auth/logout': 'refresh',
  'POST /auth/reset': 'password',
};

const patterns = new RoutePatterns(ROUTES);

/**
 * The router also takes paths in capitals or with a slash behind them. What is counted by its name must have one: any other
 * spelling would go uncounted, so there is nothing at it.
 */
function routeOf({ method, originalUrl }: Request): string {
  const name = patterns.nameOf(method === 'HEAD' ? 'GET' : method, originalUrl);
  if (name === 'none') throw new ParleyError('not_found', 'There is nothing at this address.');
  return name;
}

/** Behind `authenticate`: throws `rate_limited` where the caller asks too often. */
export function limitUsers(limits: Limits): RequestHandler {
  return async (req, res, next) => {
    const { user } = callerOf(res);
    limits.call(user);
    const group = BY_USER[routeOf(req)];
    if (group !== undefined) await limits.take(group, user);
    next();
  };
}

/** For calls without a token: the same by address. */
export function limitAddresses(limits: Limits): RequestHandler {
  return async (req, _res, next) => {
    const group = BY_ADDRESS[routeOf(req)];
    if (group !== undefined) await limits.take(group, networkOf(req.ip));
    next();
  };
}

/** Sends have the shortest way: one look into a map. */
export const limitSends =
  (limits: Limits): RequestHandler =>
  (_req, res, next) => {
    limits.send(callerOf(res).user);
    next();
  };

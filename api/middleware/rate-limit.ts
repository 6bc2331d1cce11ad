import type { RequestHandler } from 'express';
import { networkOf } from '../../shared/node/network.ts';
import type { Group, Limits } from '../services/limits/limits.ts';
import { ROUTES } from '../routes/schemas/index.ts';
import { callerOf } from './authenticate.ts';
import { RoutePatterns } from './route-pattern.ts';

/** Calls that are counted by themselves, in Redis. */
const BY_USER: Readonly<Record<string, Group>> = {
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
const BY_ADDRESS: Readonly<Record<string, Group>> = {
  'POST /auth/register': 'register',
  'POST /auth/refresh': 'refresh',
  'POST /auth/logout': 'refresh',
  'POST /auth/reset': 'password',
};

/** Behind `authenticate`: throws `rate_limited` where the caller asks too often. */
export function limitUsers(limits: Limits): RequestHandler {
  const patterns = new RoutePatterns(ROUTES);
  return async (req, res, next) => {
    const { user } = callerOf(res);
    limits.call(user);
    const group = BY_USER[patterns.nameOf(req.method, req.originalUrl)];
    if (group !== undefined) await limits.take(group, user);
    next();
  };
}

/** For calls without a token: the same by address. */
export function limitAddresses(limits: Limits): RequestHandler {
  const patterns = new RoutePatterns(ROUTES);
  return async (req, _res, next) => {
    const group = BY_ADDRESS[patterns.nameOf(req.method, req.originalUrl)];
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

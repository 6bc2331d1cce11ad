/** Rights that hang on no room: over one's own things, over other people's, and without an account. */
import type { Right } from './right.ts';
import type { Verdict } from './standings.ts';

/**
 * Who asks for something of a user's: that user, somebody else, somebody whom the user blocked, or somebody who is not
 * signed in.
 */
export const RELATIONS = ['self', 'other', 'blocked', 'anonymous'] as const;
export type Relation = (typeof RELATIONS)[number];
export type PersonCells = Readonly<Partial<Record<Relation, Verdict>>>;
export interface PersonRight extends Right {
  readonly cells: PersonCells;
}

const none = 'unauthorized';
/** Others have no call for it. */
const ONESELF: PersonCells = { self: 'yes', anonymous: none };
const SHOWN_TO_ONESELF: PersonCells = { self: 'yes', other: 'hidden', blocked: 'hidden', anonymous: none };
const OWN: PersonCells = { self: 'yes', other: 'not_found', blocked: 'not_found', anonymous: none };
const EVERYBODY: PersonCells = { self: 'yes', other: 'yes', blocked: 'yes', anonymous: none };
const OPEN: PersonCells = { anonymous: 'yes' };

export const OF_PEOPLE = {
  'profile.see': {
    title: 'See a user’s names and status, and find them by name',
    calls: ['GET /users', 'GET /users/:user'],
    cells: EVERYBODY,
  },
  'profile.private': {
    title: 'See a user’s e-mail address, server role and settings',
    calls: ['GET /users/me', 'GET /users', 'GET /users/:user'],
    cells: SHOWN_TO_ONESELF,
  },
  'profile.change': { title: 'Change one’s profile', calls: ['PATCH /users/me'], cells: ONESELF },
  'password.change': {
    title: 'Change one’s password, by the old one',
    calls: ['POST /auth/password'],
    cells: ONESELF,
  },
  'account.delete': {
    title: 'Delete one’s account, by its password',
    calls: ['DELETE /users/me'],
    cells: ONESELF,
  },
  'sessions.list': {
    title: 'See where a user is signed in',
    calls: ['GET /auth/sessions'],
    cells: SHOWN_TO_ONESELF,
  },
  'sessions.end': {
    title: 'End one of a user’s sessions',
    calls: ['DELETE /auth/sessions/:session'],
    cells: OWN,
  },
  'sessions.endAll': {
    title: 'End all of one’s sessions',
    calls: ['POST /auth/logout-all'],
    cells: ONESELF,
  },
  'blocks.list': {
    title: 'See whom a user blocked',
    calls: ['GET /users/me/blocks'],
    cells: SHOWN_TO_ONESELF,
  },
  'blocks.change': {
    title: 'Block somebody, and take that back',
    calls: ['PUT /users/me/blocks/:user', 'DELETE /users/me/blocks/:user'],
    cells: { other: 'yes', blocked: 'yes', self: 'conflict', anonymous: none },
  },
  'drafts.list': { title: 'See a user’s drafts', calls: ['GET /drafts'], cells: SHOWN_TO_ONESELF },
  'scheduled.list': {
    title: 'See what a user has scheduled',
    calls: ['GET /scheduled'],
    cells: SHOWN_TO_ONESELF,
  },
  'scheduled.change': {
    title: 'Change or drop what a user has scheduled',
    calls: ['PATCH /scheduled/:id', 'DELETE /scheduled/:id'],
    cells: OWN,
  },
  'presence.see': {
    title: 'See whether a user is online, or was last',
    calls: ['GET /presence'],
    frames: ['watch'],
    cells: { self: 'yes', other: 'yes', blocked: 'hidden', anonymous: none },
  },
  'presence.seeHidden': {
    title: 'See whether a user who hides it is online',
    calls: ['GET /presence'],
    frames: ['watch'],
    cells: SHOWN_TO_ONESELF,
  },
  'presence.away': {
    title: 'Say that nobody is at a device of one’s own',
    frames: ['away'],
    cells: ONESELF,
  },
  'dm.open': {
    title: 'Begin a direct conversation with a user',
    calls: ['POST /rooms'],
    cells: { self: 'yes', other: 'yes', blocked: 'forbidden', anonymous: none },
  },
  'room.create': { title: 'Create a room', calls: ['POST /rooms'], cells: ONESELF },
  'room.fill': {
    title: 'Bring a user into a room one looks after, or one that one creates',
    calls: ['POST /rooms', 'POST /rooms/:room/members'],
    cells: { other: 'yes', blocked: 'forbidden', anonymous: none },
  },
  'socket.open': {
    title: 'Open a socket as a user, and keep it with fresh tokens of the same session',
    frames: ['hello', 'auth', 'ping'],
    cells: { self: 'yes', other: 'forbidden', blocked: 'forbidden', anonymous: none },
  },
  'account.open': {
    title: 'Register, sign in, and out again by a token of one’s own',
    calls: ['POST /auth/register', 'POST /auth/login', 'POST /auth/refresh', 'POST /auth/logout'],
    cells: OPEN,
  },
  'password.reset': {
    title: 'Set a new password by a link that an administrator of the server made',
    calls: ['POST /auth/reset'],
    cells: OPEN,
  },
  'service.limits': {
    title: 'See the limits of this server',
    calls: ['GET /config'],
    cells: ONESELF,
  },
  'service.see': {
    title: 'See whether the server works, and how its API is described',
    calls: ['GET /healthz', 'GET /readyz', 'GET /openapi.json', 'GET /asyncapi.yaml'],
    cells: OPEN,
  },
} as const satisfies Readonly<Record<string, PersonRight>>;

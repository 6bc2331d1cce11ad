import { SAMPLE, type Operations } from '../operation.ts';

export const userOperations: Operations = {
  'GET /users/me': { summary: 'One’s own profile', answers: { 200: 'Me' }, example: {} },
  'PATCH /users/me': {
    summary: 'Change one’s own profile',
    answers: { 200: 'Me' },
    errors: ['conflict'],
    example: { body: { displayName: 'Ann B.', status: 'Out for lunch' } },
  },
  'DELETE /users/me': {
    summary: 'Delete one’s account',
    description:
      'Messages stay as “Deleted user”; memberships and sessions go, rooms of one’s own are handed over.',
    answers: { 204: null },
    errors: ['forbidden'],
    example: { body: { password: SAMPLE.password } },
  },
  'GET /users': {
    summary: 'Find people',
    description:
      'All, or those whose username or display name starts with `q`; or, with `ids`, those as they are now, each once (an id that nobody has any more is a deleted user’s).',
    answers: { 200: 'UserList' },
    example: { query: { q: SAMPLE.member, limit: 10 } },
  },
  'GET /users/:user': {
    summary: 'One person, by id or username',
    answers: { 200: 'UserSummary' },
    errors: ['not_found'],
    example: { params: { user: SAMPLE.member } },
  },
  'GET /users/me/blocks': { summary: 'Whom I blocked', answers: { 200: 'BlockList' }, example: {} },
  'PUT /users/me/blocks/:user': {
    summary: 'Block somebody',
    answers: { 204: null },
    errors: ['not_found', 'conflict'],
    example: { params: { user: SAMPLE.member } },
  },
  'DELETE /users/me/blocks/:user': {
    summary: 'Block somebody no longer',
    answers: { 204: null },
    errors: ['not_found'],
    example: { params: { user: SAMPLE.member } },
  },
  'GET /presence': {
    summary: 'Who is online',
    answers: { 200: 'PresenceList' },
    example: { query: { users: `${SAMPLE.member},${SAMPLE.stranger}` } },
  },
};

import { SAMPLE, type Operations } from '../operation.ts';

export const authOperations: Operations = {
  'POST /auth/register': {
    summary: 'Create an account',
    description:
      'With `cookie` the refresh token travels as an HttpOnly cookie only, as browsers should have it.',
    answers: { 201: 'Session' },
    errors: ['forbidden', 'conflict'],
    example: { body: { username: 'dora', password: SAMPLE.password, displayName: 'Dora' } },
  },
  'POST /auth/login': {
    summary: 'Sign in',
    description:
      'By username or e-mail address. Also as a form, as the OAuth2 password flow sends it. An unknown name and a wrong password are answered alike.',
    answers: { 200: 'Session' },
    errors: ['forbidden'],
    bodyTypes: ['application/json', 'application/x-www-form-urlencoded'],
    example: { body: { username: SAMPLE.user, password: SAMPLE.password } },
  },
  'POST /auth/refresh': {
    summary: 'Trade a refresh token for a new pair',
    description:
      'By the body, or by the cookie. The token just replaced still gives the same successor until that is used.',
    answers: { 200: 'Session' },
    errors: ['forbidden'],
    example: { body: { refreshToken: SAMPLE.refreshToken } },
  },
  'POST /auth/logout': {
    summary: 'Sign out',
    description: 'Ends the session of the access token, or of the refresh token where that has run out.',
    answers: { 204: null },
    errors: ['forbidden'],
    example: { body: { refreshToken: SAMPLE.refreshToken } },
  },
  'POST /auth/reset': {
    summary: 'Set a new password with a link from an administrator',
    answers: { 204: null },
  },
  'POST /auth/logout-all': { summary: 'Sign out everywhere', answers: { 204: null }, example: {} },
  'GET /auth/sessions': {
    summary: 'Where one is signed in',
    answers: { 200: 'SessionList' },
    example: {},
  },
  'DELETE /auth/sessions/:session': {
    summary: 'End one session',
    answers: { 204: null },
    errors: ['not_found'],
    example: { params: { session: SAMPLE.session } },
  },
  'POST /auth/password': {
    summary: 'Change the password',
    description: 'All other sessions end.',
    answers: { 204: null },
    errors: ['forbidden', 'conflict'],
    example: { body: { currentPassword: SAMPLE.password, newPassword: 'even more horses' } },
  },
};

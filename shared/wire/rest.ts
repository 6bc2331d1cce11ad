/** The REST API's resources under `/api/v1`: what each call takes and gives, and the codes of its errors. */
export type * from './messages.ts';
export * from './problem.ts';
export type * from './rooms.ts';
export type * from './users.ts';
export type * from './writing.ts';

export const API_PREFIX = '/api/v1';

import { SAMPLE, type Operations } from '../operation.ts';

const { room, seq } = SAMPLE;
const params = { room, seq };
const errors = ['not_found'] as const;

export const threadOperations: Operations = {
  'GET /threads': {
    summary: 'Threads I follow',
    answers: { 200: 'ThreadList' },
    example: { query: { limit: 10 } },
  },
  'GET /rooms/:room/threads': {
    summary: 'The threads of a room',
    answers: { 200: 'ThreadList' },
    errors,
    example: { params: { room } },
  },
  'GET /rooms/:room/threads/:seq': {
    summary: 'One thread, by its root',
    answers: { 200: 'ThreadInfo' },
    errors,
    example: { params },
  },
  'PUT /rooms/:room/threads/:seq/follow': {
    summary: 'Follow a thread',
    answers: { 204: null },
    errors,
    example: { params },
  },
  'DELETE /rooms/:room/threads/:seq/follow': {
    summary: 'Follow it no longer',
    answers: { 204: null },
    errors,
    example: { params },
  },
  'POST /rooms/:room/threads/:seq/read': {
    summary: 'Move one’s read cursor in a thread up',
    answers: { 204: null },
    errors,
    example: { params, body: { seq } },
  },
};

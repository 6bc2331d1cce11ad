import { SAMPLE, type Operations } from '../operation.ts';

/** A month from the node’s start: examples lie ahead, and not too far. */
const at = new Date(Date.now() + 30 * 24 * 3_600_000).toISOString();
const params = { room: SAMPLE.room };

export const draftOperations: Operations = {
  'PUT /rooms/:room/draft': {
    summary: 'Keep what one began to write, for all of one’s devices',
    description:
      'With `thread`, the seq of a thread’s root, it is the one in that thread. An empty text ends the draft.',
    answers: { 200: 'Draft' },
    errors: ['not_found'],
    example: { params, body: { text: 'What I wanted to say' } },
  },
  'GET /drafts': { summary: 'My drafts', answers: { 200: 'DraftList' }, example: {} },
  'POST /rooms/:room/scheduled': {
    summary: 'Have a message sent later',
    description: 'With `thread`, the seq of a thread’s root, it is sent into that thread.',
    answers: { 201: 'Scheduled' },
    errors: ['not_found', 'conflict'],
    example: {
      params,
      body: { clientId: 'good-morning', text: 'Good morning!', at },
    },
  },
  'GET /scheduled': {
    summary: 'What of mine waits to be sent',
    answers: { 200: 'ScheduledList' },
    example: {},
  },
  'PATCH /scheduled/:id': {
    summary: 'Change what waits to be sent',
    answers: { 200: 'Scheduled' },
    errors: ['not_found', 'conflict'],
    example: { params: { id: SAMPLE.scheduled }, body: { at } },
  },
  'DELETE /scheduled/:id': {
    summary: 'Do not send it',
    answers: { 204: null },
    errors: ['not_found', 'conflict'],
    example: { params: { id: SAMPLE.scheduled } },
  },
};

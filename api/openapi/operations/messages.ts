import { SAMPLE, type Operations } from '../operation.ts';

const { room, seq } = SAMPLE;
const params = { room };

export const messageOperations: Operations = {
  'GET /rooms/:room/messages': {
    summary: 'A page of history',
    description:
      'The newest, or those before, after or around a number; with `thread`, the replies of one message.',
    answers: { 200: 'MessagePage' },
    errors: ['not_found'],
    example: { params, query: { limit: 20 } },
  },
  'POST /rooms/:room/messages': {
    summary: 'Send a message',
    description:
      'The same `clientId` again gives the stored message with 200: a call whose answer was lost can be made again. `forward` takes the text and the files of a message of any of one’s rooms over; they count as one’s own files then.',
    answers: { 200: 'Message', 201: 'Message' },
    errors: ['forbidden', 'not_found', 'quota_exceeded'],
    example: { params, body: { clientId: 'f81d4fae-7dec-11d0', text: 'Hello, **all**', replyTo: seq } },
  },
  'PATCH /rooms/:room/messages/:seq': {
    summary: 'Edit one’s own message',
    answers: { 200: 'Message' },
    errors: ['forbidden', 'not_found', 'conflict'],
    example: { params: { room, seq }, body: { text: 'Hello, everybody' } },
  },
  'DELETE /rooms/:room/messages/:seq': {
    summary: 'Delete one’s own message, or any as an admin',
    description: 'Gives what stays of it: its text, attachments, mentions and reactions are gone.',
    answers: { 200: 'Message' },
    errors: ['forbidden', 'not_found', 'conflict'],
    example: { params: { room, seq } },
  },
  'GET /rooms/:room/messages/:seq/edits': {
    summary: 'What a message said before it was edited',
    description: 'Oldest first, the last as it now says; nothing of a deleted one.',
    answers: { 200: 'EditHistory' },
    errors: ['not_found'],
    example: { params: { room, seq } },
  },
  'PUT /rooms/:room/messages/:seq/reactions/:emoji': {
    summary: 'React',
    answers: { 200: 'Message' },
    errors: ['forbidden', 'not_found', 'conflict'],
    example: { params: { room, seq, emoji: '👍' } },
  },
  'DELETE /rooms/:room/messages/:seq/reactions/:emoji': {
    summary: 'Take a reaction back',
    answers: { 200: 'Message' },
    errors: ['forbidden', 'not_found', 'conflict'],
    example: { params: { room, seq, emoji: '👍' } },
  },
  'GET /rooms/:room/log': {
    summary: 'What happened since',
    description: 'Ask again at once if `to` moved, else after 1 s growing to 3 s.',
    answers: { 200: 'LogPage' },
    errors: ['not_found'],
    example: { params, query: { after: 0 } },
  },
  'POST /rooms/:room/read': {
    summary: 'Move one’s read cursor up',
    answers: { 204: null },
    errors: ['not_found'],
    example: { params, body: { seq } },
  },
  'POST /rooms/:room/unread': {
    summary: 'Mark a message and all behind it unread',
    answers: { 200: 'Room' },
    errors: ['not_found', 'conflict'],
    example: { params, body: { seq } },
  },
  'GET /mentions': {
    summary: 'Messages that mention me',
    answers: { 200: 'SearchResults' },
    errors: ['not_found'],
    example: { query: { limit: 10 } },
  },
  'PUT /rooms/:room/messages/:seq/pin': {
    summary: 'Pin a message',
    answers: { 200: 'Message' },
    errors: ['forbidden', 'not_found', 'conflict'],
    example: { params: { room, seq } },
  },
  'DELETE /rooms/:room/messages/:seq/pin': {
    summary: 'Unpin a message',
    answers: { 200: 'Message' },
    errors: ['forbidden', 'not_found', 'conflict'],
    example: { params: { room, seq } },
  },
  'GET /rooms/:room/pins': {
    summary: 'What is pinned in a room',
    answers: { 200: 'PinList' },
    errors: ['not_found'],
    example: { params },
  },
  'GET /rooms/:room/previews': {
    summary: 'Cards for links in messages',
    description: 'Of each message’s first link. Fetched when first asked for, which may take seconds.',
    answers: { 200: 'PreviewList' },
    errors: ['not_found'],
    example: { params, query: { seqs: '1,2' } },
  },
  'GET /search': {
    summary: 'Find messages in one’s rooms',
    description:
      'Newest first. `q` takes words, "phrases" and -exclusions; with `prefix=true` the word at its end may be only the beginning of one. `has` takes `link`, `file`, `image` and `voice`, with commas between them. One of `q`, `from` and `has` is needed.',
    answers: { 200: 'SearchResults' },
    errors: ['not_found'],
    example: { query: { q: 'lunch', limit: 10 } },
  },
};

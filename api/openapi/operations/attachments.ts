import { SAMPLE, type Operations } from '../operation.ts';

export const attachmentOperations: Operations = {
  'POST /attachments': {
    summary: 'Upload a file, to be named in a message to this room',
    description:
      'The raw bytes are the body, streamed; their type is decided by content. `duration` and `waveform` (numbers from 0 to 100 with commas between them) are kept of sound. Exif data, comments and texts are left out of pictures, places, titles and dates out of films. What stands in no message within 24 hours is removed.',
    answers: { 201: 'Attachment' },
    errors: ['not_found', 'too_large', 'quota_exceeded', 'unsupported_type', 'overloaded'],
    bodyTypes: ['application/octet-stream'],
    example: { query: { room: SAMPLE.room, name: 'menu.txt' } },
  },
  'GET /config': {
    summary: 'What this server lets one do',
    description: 'The size of one file, and of all of one’s files together where that is limited, in bytes.',
    answers: { 200: 'ServerConfig' },
    example: {},
  },
  'GET /attachments/:attachment': {
    summary: 'Download a file, or a part of it',
    description:
      'For members of its room; before it stands in a message, for who uploaded it. `thumb=1` gives the small picture of a picture. Takes `Range` (206, 416) and `If-None-Match` (304). Browsers may come with the access cookie.',
    answers: { 200: { type: 'string', format: 'binary' } },
    answerType: 'application/octet-stream',
    errors: ['not_found', 'overloaded'],
    example: { params: { attachment: SAMPLE.attachment } },
  },
};

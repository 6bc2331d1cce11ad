import { allIn, HEEDED_OF_MEMBERS, MEMBERS, WRITERS } from './cells.ts';
import type { RoomRight } from './right.ts';

const MANAGERS_ONLY = { member: 'ignored', admin: 'yes', owner: 'yes' } as const;

/** Who may say what in a room, and do what with messages. */
export const WRITING = {
  'message.send': {
    title: 'Send a message, a reply, or one in a thread',
    calls: ['POST /rooms/:room/messages'],
    frames: ['send'],
    cells: WRITERS,
  },
  'message.forward': {
    title: 'Forward one of its messages, with its files, to another room one is in',
    calls: ['POST /rooms/:room/messages'],
    frames: ['send'],
    cells: MEMBERS,
  },
  'message.editOwn': {
    title: 'Edit one’s own message',
    calls: ['PATCH /rooms/:room/messages/:seq'],
    cells: WRITERS,
  },
  'message.editOther': {
    title: 'Edit somebody else’s message',
    calls: ['PATCH /rooms/:room/messages/:seq'],
    cells: allIn('forbidden'),
  },
  'message.deleteOwn': {
    title: 'Delete one’s own message',
    calls: ['DELETE /rooms/:room/messages/:seq'],
    cells: WRITERS,
  },
  'message.deleteOther': {
    title: 'Delete somebody else’s message',
    calls: ['DELETE /rooms/:room/messages/:seq'],
    cells: {
      private: { stranger: 'not_found', member: 'forbidden', admin: 'yes', owner: 'yes' },
      public: { stranger: 'not_found', member: 'forbidden', admin: 'yes', owner: 'yes' },
      dm: { stranger: 'not_found', member: 'forbidden', blocked: 'forbidden' },
    },
    refusals: { forbidden: 'Only its sender, or an owner or admin of the room, may delete a message.' },
  },
  'message.react': {
    title: 'React, and take that back',
    calls: [
      'PUT /rooms/:room/messages/:seq/reactions/:emoji',
      'DELETE /rooms/:room/messages/:seq/reactions/:emoji',
    ],
    cells: WRITERS,
  },
  'message.pin': {
    title: 'Pin and unpin',
    calls: ['PUT /rooms/:room/messages/:seq/pin', 'DELETE /rooms/:room/messages/:seq/pin'],
    // Where anybody may walk in, not everybody puts things up for all.
    cells: {
      ...WRITERS,
      public: { stranger: 'not_found', member: 'forbidden', admin: 'yes', owner: 'yes' },
    },
    refusals: { forbidden: 'In a public channel its owner and admins pin messages.' },
  },
  'mention.room': {
    title: 'Name everybody with @room, where at most 100 people are in it',
    calls: ['POST /rooms/:room/messages', 'PATCH /rooms/:room/messages/:seq'],
    frames: ['send'],
    // In a direct conversation there is nobody to name.
    cells: { ...WRITERS, dm: { stranger: 'not_found', member: 'ignored', blocked: 'forbidden' } },
  },
  'mention.largeRoom': {
    title: 'Name everybody with @room, where more people are in it',
    calls: ['POST /rooms/:room/messages', 'PATCH /rooms/:room/messages/:seq'],
    frames: ['send'],
    // One word must not call hundreds of people, unless it comes from those who look after the room.
    cells: {
      private: { stranger: 'not_found', ...MANAGERS_ONLY },
      public: { stranger: 'not_found', ...MANAGERS_ONLY },
      dm: {},
    },
  },
  'file.upload': {
    title: 'Upload a file and send it',
    calls: ['POST /attachments', 'POST /rooms/:room/messages'],
    frames: ['send'],
    cells: WRITERS,
  },
  'file.sendOther': {
    title: 'Send a file that somebody else uploaded',
    calls: ['POST /rooms/:room/messages'],
    frames: ['send'],
    cells: allIn('not_found', 'forbidden'),
  },
  'room.type': { title: 'Be seen typing', frames: ['typing'], cells: HEEDED_OF_MEMBERS },
  'draft.keep': { title: 'Keep a draft', calls: ['PUT /rooms/:room/draft'], cells: MEMBERS },
  'message.schedule': {
    title: 'Have a message sent later',
    calls: ['POST /rooms/:room/scheduled'],
    cells: WRITERS,
  },
} as const satisfies Readonly<Record<string, RoomRight>>;

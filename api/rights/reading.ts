import type { ClientFrame } from '../../shared/wire/protocol.ts';
import { allIn, cells, HEEDED_OF_MEMBERS, MEMBERS, SHOWN_TO_MEMBERS } from './cells.ts';
import type { RoomRight } from './right.ts';

const hello: readonly ClientFrame['type'][] = ['hello'];

/** Who learns what of a room. */
export const READING = {
  'room.find': {
    title: 'Find it among the public channels',
    calls: ['GET /rooms/public'],
    cells: {
      private: { stranger: 'hidden', member: 'hidden', admin: 'hidden', owner: 'hidden' },
      public: { stranger: 'yes', member: 'yes', admin: 'yes', owner: 'yes' },
      dm: { stranger: 'hidden', member: 'hidden', blocked: 'hidden' },
    },
  },
  'room.list': {
    title: 'Have it in the list of rooms',
    calls: ['GET /rooms'],
    frames: hello,
    cells: SHOWN_TO_MEMBERS,
  },
  'room.see': {
    title: 'See its settings and newest message',
    calls: ['GET /rooms/:room'],
    cells: MEMBERS,
  },
  'members.list': {
    title: 'See who is in it, and how far they have read',
    calls: ['GET /rooms/:room/members'],
    cells: MEMBERS,
  },
  'messages.read': {
    title: 'Read messages',
    calls: ['GET /rooms/:room/messages', 'GET /rooms/:room/log', 'GET /rooms/:room/messages/:seq/edits'],
    cells: MEMBERS,
  },
  'messages.hear': {
    title: 'Be sent messages, changes, receipts and typing as they come, and what was missed',
    frames: hello,
    cells: SHOWN_TO_MEMBERS,
  },
  'pins.list': { title: 'See pinned messages', calls: ['GET /rooms/:room/pins'], cells: MEMBERS },
  'previews.see': { title: 'See link previews', calls: ['GET /rooms/:room/previews'], cells: MEMBERS },
  'threads.list': {
    title: 'See its threads',
    calls: ['GET /rooms/:room/threads', 'GET /rooms/:room/threads/:seq'],
    cells: MEMBERS,
  },
  'threads.followed': {
    title: 'See threads one follows',
    calls: ['GET /threads'],
    cells: SHOWN_TO_MEMBERS,
  },
  'search.room': { title: 'Search in it', calls: ['GET /search'], cells: MEMBERS },
  'search.all': {
    title: 'Find its messages and files in all one’s rooms',
    calls: ['GET /search'],
    cells: SHOWN_TO_MEMBERS,
  },
  'mentions.list': {
    title: 'Find messages that name one',
    calls: ['GET /mentions'],
    cells: {
      ...SHOWN_TO_MEMBERS,
      dm: { stranger: 'hidden', member: 'hidden', blocked: 'hidden' },
    },
  },
  'file.open': {
    title: 'Open a file that was sent, or its small picture',
    calls: ['GET /attachments/:attachment'],
    cells: MEMBERS,
  },
  'file.openOwn': {
    title: 'Open a file of one’s own that is not sent yet',
    calls: ['GET /attachments/:attachment'],
    cells: MEMBERS,
  },
  'file.openUnsent': {
    title: 'Open a file that somebody else has not sent yet',
    calls: ['GET /attachments/:attachment'],
    cells: allIn('not_found'),
  },
  'room.read': { title: 'Mark it read', calls: ['POST /rooms/:room/read'], cells: MEMBERS },
  'room.readBySocket': {
    title: 'Mark it read or received over the socket',
    frames: ['read', 'got'],
    cells: HEEDED_OF_MEMBERS,
  },
  'room.unread': { title: 'Mark it unread', calls: ['POST /rooms/:room/unread'], cells: MEMBERS },
  'thread.follow': {
    title: 'Follow a thread, or not any more',
    calls: ['PUT /rooms/:room/threads/:seq/follow', 'DELETE /rooms/:room/threads/:seq/follow'],
    cells: MEMBERS,
  },
  'thread.read': {
    title: 'Mark a thread read',
    calls: ['POST /rooms/:room/threads/:seq/read'],
    cells: MEMBERS,
  },
  'room.prefs': {
    title: 'Favour, mute or archive it, for oneself',
    calls: ['PATCH /rooms/:room'],
    cells: MEMBERS,
  },
  'invite.look': {
    title: 'See its name by an invite link',
    calls: ['GET /invites/:token'],
    cells: cells({ stranger: 'yes', member: 'yes', admin: 'yes', owner: 'yes' }),
  },
} as const satisfies Readonly<Record<string, RoomRight>>;

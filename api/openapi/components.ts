import type { Readiness } from '../../shared/node/internal-server.ts';
import type { PresenceState } from '../../shared/wire/protocol.ts';
import {
  type Attachment,
  type CreatedInvite,
  type Draft,
  type DraftList,
  type EditHistory,
  ERROR_STATUS,
  type Invite,
  type InvitePreview,
  type LastReply,
  type LogPage,
  type Me,
  type Member,
  type Message,
  type MessagePage,
  type MessageVersion,
  type NoticeEvent,
  type PresenceList,
  type Preview,
  type PreviewList,
  type Problem,
  type PublicRoom,
  type Room,
  type RoomMe,
  type Scheduled,
  type ScheduledList,
  type SearchResults,
  type ServerConfig,
  type Session,
  type SessionInfo,
  type ThreadInfo,
  type ThreadList,
  type UserList,
  type UserSummary,
} from '../../shared/wire/rest.ts';
import { boolean, count, list, oneOfWords, record, ref, string, type JsonSchema } from './schema.ts';

const id = ref('Id');
const time = ref('Time');
const seq = ref('Seq');
const summary = {
  required: { id, username: string, displayName: string },
  optional: { avatar: string, status: string, statusEmoji: string, statusUntil: time },
};
const sender = record<Message['sender']>({ id, username: string, displayName: string }, {});
const role = oneOfWords('owner', 'admin', 'member');
const next: JsonSchema = { type: 'string', description: 'Where there is more: the next page’s `cursor`.' };

/** Every name, or it does not compile. */
const EVENTS = {
  created: 0,
  joined: 0,
  added: 0,
  left: 0,
  removed: 0,
  renamed: 0,
  topic: 0,
  role: 0,
  visibility: 0,
  pinned: 0,
} satisfies Record<NoticeEvent['name'], 0>;

/** What answers are made of; held to the types of shared/wire/rest.ts by the compiler, and to real answers by tests. */
export const COMPONENTS: Readonly<Record<string, JsonSchema>> = {
  Id: { type: 'string', pattern: '^[0-9a-f]{24}$' },
  Time: { type: 'string', format: 'date-time', description: 'UTC; shown, never sorted by.' },
  Seq: {
    type: 'integer',
    minimum: 0,
    maximum: 2 ** 47,
    description: 'A number of a room’s log, which orders it.',
  },
  ErrorCode: oneOfWords(...Object.keys(ERROR_STATUS), 'internal'),
  Problem: record<Problem>(
    { type: string, title: string, status: { type: 'integer' }, code: ref('ErrorCode') },
    {
      detail: { type: 'string', description: 'For people.' },
      instance: { type: 'string', description: 'The request’s id, also in the logs.' },
      errors: list(record<{ field: string; message: string }>({ field: string, message: string }, {})),
    },
    'RFC 9457. Programs go by `code`.',
  ),
  UserSummary: record<UserSummary>(summary.required, summary.optional),
  Me: record<Me>(
    { ...summary.required, role: oneOfWords('user', 'admin'), createdAt: time },
    { ...summary.optional, email: string, hidePresence: boolean },
  ),
  Session: record<Session>(
    { user: ref('Me'), accessToken: string, expiresIn: { type: 'integer', description: 'Seconds.' } },
    {
      refreshToken: { type: 'string', description: 'Absent where it travels as a cookie.' },
      access_token: { type: 'string', description: 'The same access token, for OAuth2 tools.' },
      token_type: oneOfWords('bearer'),
    },
  ),
  SessionInfo: record<SessionInfo>(
    { id, userAgent: string, ip: string, createdAt: time, lastUsedAt: time, current: boolean },
    {},
  ),
  SessionList: record<{ sessions: unknown }>({ sessions: list(ref('SessionInfo')) }, {}),
  Attachment: record<Attachment>(
    { id, name: string, type: string, size: count },
    { width: count, height: count, duration: { type: 'number' }, waveform: list(count) },
  ),
  ServerConfig: record<ServerConfig>(
    {
      files: record<ServerConfig['files']>(
        { maxBytes: count },
        {
          quota: record<NonNullable<ServerConfig['files']['quota']>>({ bytes: count, used: count }, {}),
        },
      ),
    },
    {},
  ),
  NoticeEvent: record<NoticeEvent>(
    {
      name: { type: 'string', enum: Object.keys(EVENTS) },
    },
    { users: list(id), by: id, value: string },
  ),
  Message: record<Message>(
    {
      room: id,
      seq,
      id,
      kind: oneOfWords('text', 'notice'),
      sender,
      text: string,
      at: time,
      rev: { ...seq, description: 'The seq of its last change, its own before any. The higher one wins.' },
    },
    {
      clientId: string,
      replyTo: seq,
      thread: seq,
      replies: count,
      lastReply: record<LastReply>({ seq, at: time, users: list(sender) }, {}),
      forwardedFrom: record<NonNullable<Message['forwardedFrom']>>({ sender }, {}),
      event: ref('NoticeEvent'),
      mentions: list(string),
      attachments: list(ref('Attachment')),
      reactions: {
        type: 'object',
        description: 'By emoji; `users` are the latest 20 of them.',
        additionalProperties: record<{ count: number; users: unknown }>({ count, users: list(id) }, {}),
      },
      pinnedAt: time,
      editedAt: time,
      deletedAt: time,
    },
  ),
  EditHistory: record<EditHistory>(
    { versions: list(ref('MessageVersion')), complete: { type: 'boolean' } },
    {},
  ),
  MessageVersion: record<MessageVersion>({ text: string, at: time }, {}),
  PinList: record<{ messages: unknown }>({ messages: list(ref('Message')) }, {}),
  PreviewList: record<PreviewList>(
    {
      previews: list(ref('Preview')),
      enabled: { type: 'boolean', description: 'False where the server fetches none.' },
    },
    {},
  ),
  Preview: record<Preview>({ seq, url: string, title: string }, { description: string, site: string }),
  MessagePage: record<MessagePage>(
    {
      messages: list(ref('Message'), { description: 'Ascending by seq.' }),
      head: { ...seq, description: 'Nothing at or below it is undecided.' },
      complete: list(seq, {
        minItems: 2,
        maxItems: 2,
        description: 'From, to: every message in here is in `messages`; [1, 0] when empty.',
      }),
    },
    {},
  ),
  LogPage: record<LogPage>(
    {
      messages: list(ref('Message')),
      changed: list(ref('Message'), { description: 'Older messages as they now stand.' }),
      to: { ...seq, description: 'All there is to know up to here is in this answer.' },
      head: seq,
    },
    {},
  ),
  RoomMe: record<RoomMe>(
    {
      role,
      readSeq: seq,
      unread: { ...count, maximum: 100 },
      mentions: { ...count, maximum: 100 },
      notify: oneOfWords('all', 'mentions', 'none'),
      favourite: boolean,
    },
    { archivedSeq: seq, mutedUntil: { type: 'string' }, rewinds: count, unopened: boolean },
    'What the room is to the one who asks.',
  ),
  Room: record<Room>(
    {
      id,
      type: oneOfWords('dm', 'group', 'channel'),
      public: boolean,
      v: { ...count, description: 'Grows with every change of the room or who is in it.' },
      head: seq,
      members: { ...count, description: 'How many.' },
      me: ref('RoomMe'),
    },
    { name: string, topic: string, lastMessage: ref('Message'), peer: ref('UserSummary') },
  ),
  RoomList: record<{ rooms: unknown }>({ rooms: list(ref('Room')) }, {}),
  PublicRoom: record<PublicRoom>({ id, name: string, members: count, joined: boolean }, { topic: string }),
  PublicRoomList: record<{ rooms: unknown; next?: unknown }>({ rooms: list(ref('PublicRoom')) }, { next }),
  Member: record<Member>({ user: ref('UserSummary'), role, readSeq: seq, gotSeq: seq }, {}),
  MemberList: record<{ members: unknown; next?: unknown }>({ members: list(ref('Member')) }, { next }),
  UserList: record<UserList>({ users: list(ref('UserSummary')) }, { next }),
  Invite: record<Invite>(
    { id, by: ref('UserSummary'), createdAt: time, uses: count },
    { expiresAt: time, maxUses: count },
  ),
  CreatedInvite: record<CreatedInvite>(
    { id, by: ref('UserSummary'), createdAt: time, uses: count, token: string, url: string },
    { expiresAt: time, maxUses: count },
  ),
  InviteList: record<{ invites: unknown }>({ invites: list(ref('Invite')) }, {}),
  InvitePreview: record<InvitePreview>(
    {
      id,
      name: string,
      type: oneOfWords('dm', 'group', 'channel'),
      members: count,
      by: record<InvitePreview['by']>({ displayName: string }, {}),
    },
    { room: id, expiresAt: time },
  ),
  BlockList: record<{ users: unknown }>({ users: list(ref('UserSummary')) }, {}),
  Draft: record<Draft>(
    { room: id, text: string, v: { ...count, description: 'Grows with each change.' }, at: time },
    { thread: { ...seq, description: 'The root, where it was begun in a thread.' }, replyTo: seq },
  ),
  DraftList: record<DraftList>({ drafts: list(ref('Draft')) }, {}),
  Scheduled: record<Scheduled>(
    { id, room: id, clientId: string, text: string, at: time },
    {
      replyTo: seq,
      thread: seq,
      failed: { type: 'string', description: 'Why it could not be sent.' },
    },
  ),
  ScheduledList: record<ScheduledList>({ scheduled: list(ref('Scheduled')) }, {}),
  ThreadInfo: record<ThreadInfo>(
    {
      room: id,
      message: ref('Message'),
      following: boolean,
      readSeq: seq,
      unread: { ...count, maximum: 100 },
    },
    {},
  ),
  ThreadList: record<ThreadList>({ threads: list(ref('ThreadInfo')) }, { next }),
  SearchResults: record<SearchResults>({ results: list(ref('Message')) }, { next }),
  PresenceState: record<PresenceState>(
    { user: id, online: boolean },
    { away: { type: 'boolean', description: 'Online, and at none of their devices.' }, lastSeen: time },
  ),
  PresenceList: record<PresenceList>({ presence: list(ref('PresenceState')) }, {}),
  Health: record<{ status: string }>({ status: string }, {}),
  Readiness: record<Readiness>(
    { status: oneOfWords('ready', 'degraded', 'draining'), reasons: list(string) },
    {},
  ),
};

import type {
  Attachment,
  CreatedInvite,
  CreateInviteBody,
  CreateRoomBody,
  Draft,
  DraftBody,
  DraftList,
  EditHistory,
  Invite,
  InvitePreview,
  LogPage,
  Me,
  Member,
  Message,
  MessagePage,
  PatchRoomBody,
  PatchScheduledBody,
  PresenceList,
  PreviewList,
  PublicRoom,
  Role,
  Room,
  ScheduleBody,
  Scheduled,
  ScheduledList,
  SearchQuery,
  SearchResults,
  SendMessageBody,
  ServerConfig,
  SessionInfo,
  ThreadList,
  UserList,
  UserSummary,
} from '../wire/rest.ts';
import type { PageQuery } from '../wire/view.ts';
import type { Bearer, Call, Http, Method } from './http.ts';
import type { UploadOptions } from './types.ts';

/** Messages per page of history. */
const PAGE = 50;
/** Found messages per page. */
const FOUND = 30;
/** Replies per page of a thread, and threads per page of a list. */
const THREAD_PAGE = 100;
const THREADS_PAGE = 100;

/** The REST calls the engine makes in the session's name, one method each. */
export class Api {
  readonly #http: Http;
  readonly #bearer: Bearer;

  constructor(http: Http, bearer: Bearer) {
    this.#http = http;
    this.#bearer = bearer;
  }

  logout(): Promise<void> {
    return this.#call('POST', '/auth/logout');
  }
  logoutAll(): Promise<void> {
    return this.#call('POST', '/auth/logout-all');
  }
  changePassword(currentPassword: string, newPassword: string): Promise<void> {
    return this.#call('POST', '/auth/password', { body: { currentPassword, newPassword } });
  }
  async sessions(): Promise<readonly SessionInfo[]> {
    return (await this.#call<{ readonly sessions: readonly SessionInfo[] }>('GET', '/auth/sessions'))
      .sessions;
  }
  endSession(id: string): Promise<void> {
    return this.#call('DELETE', `/auth/sessions/${enc(id)}`);
  }
  deleteMe(password: string): Promise<void> {
    return this.#call('DELETE', '/users/me', { body: { password } });
  }
  updateMe(patch: object): Promise<Me> {
    return this.#call('PATCH', '/users/me', { body: patch });
  }
  searchUsers(q: string): Promise<UserList> {
    return this.#call('GET', '/users', { query: { q } });
  }
  async usersById(ids: readonly string[]): Promise<readonly UserSummary[]> {
    return (await this.#call<UserList>('GET', '/users', { query: { ids: ids.join() } })).users;
  }
  me(): Promise<Me> {
    return this.#call('GET', '/users/me');
  }

  async rooms(): Promise<readonly Room[]> {
    return (await this.#call<{ readonly rooms: readonly Room[] }>('GET', '/rooms')).rooms;
  }
  async publicRooms(q: string): Promise<readonly PublicRoom[]> {
    const query = q === '' ? {} : { q };
    return (await this.#call<{ readonly rooms: readonly PublicRoom[] }>('GET', '/rooms/public', { query }))
      .rooms;
  }
  createRoom(body: CreateRoomBody): Promise<Room> {
    return this.#call('POST', '/rooms', { body });
  }
  room(id: string): Promise<Room> {
    return this.#call('GET', `/rooms/${enc(id)}`);
  }
  updateRoom(id: string, patch: PatchRoomBody): Promise<Room> {
    return this.#call('PATCH', `/rooms/${enc(id)}`, { body: patch });
  }
  deleteRoom(id: string): Promise<void> {
    return this.#call('DELETE', `/rooms/${enc(id)}`);
  }
  joinRoom(id: string): Promise<Room> {
    return this.#call('POST', `/rooms/${enc(id)}/join`);
  }
  leaveRoom(id: string): Promise<void> {
    return this.#call('POST', `/rooms/${enc(id)}/leave`);
  }

  async members(id: string): Promise<readonly Member[]> {
    return (await this.#call<MemberList>('GET', `/rooms/${enc(id)}/members`)).members;
  }
  async addMembers(id: string, users: readonly string[]): Promise<readonly Member[]> {
    return (await this.#call<MemberList>('POST', `/rooms/${enc(id)}/members`, { body: { users } })).members;
  }
  setRole(id: string, user: string, role: Role): Promise<void> {
    return this.#call('PATCH', `/rooms/${enc(id)}/members/${enc(user)}`, { body: { role } });
  }
  removeMember(id: string, user: string): Promise<void> {
    return this.#call('DELETE', `/rooms/${enc(id)}/members/${enc(user)}`);
  }

  /** Also over a page that goes. */
  markRead(id: string, seq: number): Promise<void> {
    return this.#call('POST', `/rooms/${enc(id)}/read`, { body: { seq }, keepalive: true });
  }
  markUnread(id: string, seq: number): Promise<Room> {
    return this.#call('POST', `/rooms/${enc(id)}/unread`, { body: { seq } });
  }
  async invites(id: string): Promise<readonly Invite[]> {
    return (await this.#call<{ readonly invites: readonly Invite[] }>('GET', `/rooms/${enc(id)}/invites`))
      .invites;
  }
  createInvite(id: string, body: CreateInviteBody): Promise<CreatedInvite> {
    return this.#call('POST', `/rooms/${enc(id)}/invites`, { body });
  }
  revokeInvite(id: string, invite: string): Promise<void> {
    return this.#call('DELETE', `/rooms/${enc(id)}/invites/${enc(invite)}`);
  }
  invite(token: string): Promise<InvitePreview> {
    return this.#call('GET', `/invites/${enc(token)}`);
  }
  acceptInvite(token: string): Promise<Room> {
    return this.#call('POST', `/invites/${enc(token)}/join`);
  }
  async blocks(): Promise<readonly UserSummary[]> {
    return (await this.#call<UserList>('GET', '/users/me/blocks')).users;
  }
  block(user: string, on: boolean): Promise<void> {
    return this.#call(on ? 'PUT' : 'DELETE', `/users/me/blocks/${enc(user)}`);
  }
  presence(users: readonly string[]): Promise<PresenceList> {
    return this.#call('GET', '/presence', { query: { users: users.join() } });
  }

  page(id: string, query: PageQuery): Promise<MessagePage> {
    return this.#call('GET', `/rooms/${enc(id)}/messages`, { query: { ...query, limit: PAGE } });
  }
  async messagesAt(id: string, seqs: readonly number[]): Promise<readonly Message[]> {
    const query = { seqs: seqs.join() };
    return (await this.#call<MessagePage>('GET', `/rooms/${enc(id)}/messages`, { query })).messages;
  }
  threadPage(id: string, thread: number, before?: number): Promise<MessagePage> {
    const query = { thread, limit: THREAD_PAGE, ...(before === undefined ? {} : { before }) };
    return this.#call('GET', `/rooms/${enc(id)}/messages`, { query });
  }
  followedThreads(cursor?: string): Promise<ThreadList> {
    const query = { following: 'true', limit: THREADS_PAGE, ...(cursor === undefined ? {} : { cursor }) };
    return this.#call('GET', '/threads', { query });
  }
  followThread(id: string, root: number, on: boolean): Promise<void> {
    return this.#call(on ? 'PUT' : 'DELETE', `/rooms/${enc(id)}/threads/${root}/follow`);
  }
  readThread(id: string, root: number, seq: number): Promise<void> {
    return this.#call('POST', `/rooms/${enc(id)}/threads/${root}/read`, { body: { seq }, keepalive: true });
  }
  log(id: string, after: number): Promise<LogPage> {
    return this.#call('GET', `/rooms/${enc(id)}/log`, { query: { after } });
  }
  previews(id: string, seqs: readonly number[]): Promise<PreviewList> {
    return this.#call('GET', `/rooms/${enc(id)}/previews`, { query: { seqs: seqs.join() } });
  }
  sendMessage(id: string, body: SendMessageBody): Promise<Message> {
    return this.#call('POST', `/rooms/${enc(id)}/messages`, { body });
  }
  editMessage(id: string, seq: number, text: string): Promise<Message> {
    return this.#call('PATCH', `/rooms/${enc(id)}/messages/${seq}`, { body: { text } });
  }
  /** Gives the tombstone. */
  deleteMessage(id: string, seq: number): Promise<Message> {
    return this.#call('DELETE', `/rooms/${enc(id)}/messages/${seq}`);
  }
  react(id: string, seq: number, emoji: string, on: boolean): Promise<Message> {
    return this.#call(on ? 'PUT' : 'DELETE', `/rooms/${enc(id)}/messages/${seq}/reactions/${enc(emoji)}`);
  }
  pin(id: string, seq: number, on: boolean): Promise<Message> {
    return this.#call(on ? 'PUT' : 'DELETE', `/rooms/${enc(id)}/messages/${seq}/pin`);
  }
  edits(id: string, seq: number): Promise<EditHistory> {
    return this.#call('GET', `/rooms/${enc(id)}/messages/${seq}/edits`);
  }
  async pins(id: string): Promise<readonly Message[]> {
    return (await this.#call<Pick<MessagePage, 'messages'>>('GET', `/rooms/${enc(id)}/pins`)).messages;
  }

  search(query: SearchQuery): Promise<SearchResults> {
    return this.#call('GET', '/search', { query: { ...query, limit: FOUND } });
  }
  mentions(cursor?: string): Promise<SearchResults> {
    const from = cursor === undefined ? {} : { cursor };
    return this.#call('GET', '/mentions', { query: { ...from, limit: FOUND } });
  }
  user(ref: string): Promise<UserSummary> {
    return this.#call('GET', `/users/${enc(ref)}`);
  }

  async drafts(): Promise<readonly Draft[]> {
    return (await this.#call<DraftList>('GET', '/drafts')).drafts;
  }
  setDraft(id: string, body: DraftBody): Promise<Draft> {
    return this.#call('PUT', `/rooms/${enc(id)}/draft`, { body });
  }
  async scheduled(): Promise<readonly Scheduled[]> {
    return (await this.#call<ScheduledList>('GET', '/scheduled')).scheduled;
  }
  schedule(id: string, body: ScheduleBody): Promise<Scheduled> {
    return this.#call('POST', `/rooms/${enc(id)}/scheduled`, { body });
  }
  changeScheduled(id: string, patch: PatchScheduledBody): Promise<Scheduled> {
    return this.#call('PATCH', `/scheduled/${enc(id)}`, { body: patch });
  }
  cancelScheduled(id: string): Promise<void> {
    return this.#call('DELETE', `/scheduled/${enc(id)}`);
  }

  config(): Promise<ServerConfig> {
    return this.#call('GET', '/config');
  }
  upload(room: string, file: Blob, options: UploadOptions): Promise<Attachment> {
    const { name, onProgress, signal, voice } = options;
    return this.#http.upload(this.#bearer, '/attachments', {
      body: file,
      query: { room, name, duration: voice?.duration, waveform: voice?.waveform.join() },
      onProgress: (sent) => onProgress?.(Math.min(sent, file.size), file.size),
      signal,
    });
  }

  #call<T>(method: Method, path: string, call: Call = {}): Promise<T> {
    return this.#http.as<T>(this.#bearer, method, path, call);
  }
}

interface MemberList {
  readonly members: readonly Member[];
}

const enc = encodeURIComponent;

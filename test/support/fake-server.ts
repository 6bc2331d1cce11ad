/** A whole Parley in one process, for the engine's tests: REST and socket over real ports, faults on demand. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import type {
  ClientFrame,
  HelloFrame,
  SendFrame,
  SeqByRoom,
  ServerFrame,
} from '../../shared/wire/protocol.ts';
import type { ErrorCode, Message, ThreadInfo, UserSummary } from '../../shared/wire/rest.ts';
import { FakeRoom, newId, reacted, type FakeEntry } from './fake-rooms.ts';
import { FakeSessions } from './fake-sessions.ts';

/** Numbers in one answer of the log. */
const LOG_SLICE = 200;

interface Link {
  readonly socket: WebSocket;
  user: string;
}
interface Problem {
  readonly status: number;
  readonly code: string;
  readonly retryAfter?: number;
}
type Body = Readonly<Record<string, unknown>>;

export class FakeServer {
  readonly users = new Map<string, UserSummary>();
  readonly rooms = new Map<string, FakeRoom>();
  /** What everybody follows, and whom they blocked. */
  followed: readonly ThreadInfo[] = [];
  blocked: readonly UserSummary[] = [];
  /** The version of what everybody set for themselves. */
  self = 0;
  /** Every call and frame that came in. */
  readonly calls: string[] = [];
  readonly frames: ClientFrame[] = [];
  heartbeat = 25;
  /** Numbers beyond which a `ready` answers with a gap instead of a replay. */
  replayLimit = 100;
  /** What happens to each frame on its way out: how often it is sent; 0 loses it. */
  onFrame: (frame: ServerFrame, user: string) => number = () => 1;
  /** Gives a problem to refuse a call with. */
  onCall: (call: string) => Problem | undefined = () => undefined;
  /** Gives an error to answer a send with, or `lost` to say nothing after storing. */
  onSend: (frame: SendFrame) => { code: ErrorCode; retry: boolean } | 'lost' | undefined = () => undefined;
  refuseSockets = false;
  readonly sessions = new FakeSessions();
  readonly #links = new Set<Link>();
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({ noServer: true });

  constructor() {
    this.#http = createServer((request, response) => {
      this.#onRequest(request, response).catch((error: unknown) => {
        response.writeHead(500).end(String(error));
      });
    });
    this.#http.on('upgrade', (request, socket, head) => {
      if (this.refuseSockets) {
        socket.on('error', () => undefined); // a client may be gone before it is refused
        socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (ws) => {
        this.#onSocket(ws);
      });
    });
  }

  async listen(): Promise<string> {
    this.#http.listen(0, '127.0.0.1');
    await once(this.#http, 'listening');
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const { socket } of this.#links) socket.terminate();
    this.#http.closeAllConnections();
    this.#http.close();
    await once(this.#http, 'close');
  }

  addUser(username: string): UserSummary {
    const user = { id: newId(), username, displayName: username };
    this.users.set(user.id, user);
    return user;
  }

  addRoom(name: string, members: readonly UserSummary[], type: 'dm' | 'group' = 'group'): FakeRoom {
    const room = new FakeRoom(type, name, members);
    this.rooms.set(room.id, room);
    return room;
  }

  /** A stored message, sent to all members' sockets. */
  post(room: FakeRoom, sender: UserSummary, text: string, clientId = newId()): Message {
    const { message } = room.post(sender, clientId, text);
    this.publish(room, { type: 'message', ...message });
    return message;
  }

  edit(room: FakeRoom, of: number, fields: Partial<Message>): void {
    this.publish(room, frameOf(room, room.edit(of, fields)));
  }

  publish(room: FakeRoom, frame: ServerFrame): void {
    for (const link of this.#links) if (room.members.has(link.user)) this.#push(link, frame);
  }

  sendTo(user: string, frame: ServerFrame): void {
    for (const link of this.#links) if (link.user === user) this.#push(link, frame);
  }

  /** Ends every socket, or one user's, with this close code; 1006: without a close frame. */
  drop(code: number, user?: string): void {
    for (const { socket, user: owner } of this.#links) {
      if (user !== undefined && owner !== user) continue;
      if (code === 1006) socket.terminate();
      else socket.close(code, 'dropped');
    }
  }

  get sockets(): number {
    return this.#links.size;
  }

  count(call: string): number {
    return this.calls.filter((made) => made === call).length;
  }

  #push(link: Link, frame: ServerFrame): void {
    const copies = this.onFrame(frame, link.user);
    for (let i = 0; i < copies; i += 1) link.socket.send(JSON.stringify(frame));
  }

  #onSocket(socket: WebSocket): void {
    const link: Link = { socket, user: '' };
    socket.on('close', () => this.#links.delete(link));
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as ClientFrame;
      this.frames.push(frame);
      if (frame.type === 'hello') this.#onHello(link, frame);
      else if (frame.type === 'send') this.#onSend(link, frame);
      else if (frame.type === 'read') this.#onRead(link, frame.room, frame.seq);
      else if (frame.type === 'got') this.#onGot(link, frame.rooms);
      else if (frame.type === 'ping') this.#push(link, { type: 'pong' });
      else if (frame.type === 'typing')
        this.publish(this.rooms.get(frame.room)!, { ...frame, user: link.user });
    });
  }

  #onHello(link: Link, { token, rooms: named = {} }: HelloFrame): void {
    const user = this.sessions.userOf(token);
    if (user === undefined) {
      link.socket.close(4001, 'token expired');
      return;
    }
    link.user = user;
    this.#links.add(link);
    const mine = [...this.rooms.values()].filter((room) => room.members.has(user));
    const rooms = Object.fromEntries(
      mine.map((room) => [room.id, [room.head, room.members.get(user)!.readSeq, room.v] as const]),
    );
    this.#push(link, {
      type: 'ready',
      user,
      session: 's',
      heartbeat: this.heartbeat,
      rooms,
      self: this.self,
    });
    for (const room of mine) this.#replay(link, room, named[room.id] ?? room.head);
  }

  #replay(link: Link, room: FakeRoom, have: number): void {
    if (room.head - have > this.replayLimit) {
      this.#push(link, { type: 'gap', room: room.id, from: have + 1, to: room.head });
      return;
    }
    for (const entry of room.log.slice(have)) this.#push(link, frameOf(room, entry));
  }

  #onSend(link: Link, frame: SendFrame): void {
    const { clientId } = frame;
    const room = this.rooms.get(frame.room);
    const verdict = this.onSend(frame);
    if (room === undefined || (verdict !== undefined && verdict !== 'lost')) {
      const { code, retry } =
        typeof verdict === 'object' ? verdict : ({ code: 'not_found', retry: false } as const);
      this.#push(link, { type: 'error', code, retry, message: `refused: ${code}`, clientId });
      return;
    }
    const { message } = room.post(this.users.get(link.user)!, clientId, frame.text);
    const { seq, id, at } = message;
    if (verdict === 'lost') return;
    this.#push(link, { type: 'ack', clientId, room: room.id, seq, id, at });
    this.publish(room, { type: 'message', ...message });
  }

  #onRead(link: Link, id: string, seq: number): void {
    const room = this.rooms.get(id)!;
    const member = room.members.get(link.user)!;
    member.readSeq = Math.max(member.readSeq, seq);
    this.publish(room, { type: 'read', room: id, user: link.user, seq: member.readSeq });
  }

  #onGot(link: Link, rooms: SeqByRoom): void {
    for (const [id, got] of Object.entries(rooms)) {
      const room = this.rooms.get(id)!;
      const member = room.members.get(link.user)!;
      member.gotSeq = Math.max(member.gotSeq, got);
      this.publish(room, { type: 'read', room: id, user: link.user, seq: 0, got: member.gotSeq });
    }
  }

  async #onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const path = url.pathname.replace('/api/v1', '');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const body = (text === '' ? {} : JSON.parse(text)) as Body;
    const call = `${request.method} ${path}`;
    this.calls.push(call);
    const user = this.sessions.userOf(String(request.headers.authorization).replace('Bearer ', ''));
    const answer = this.onCall(call) ?? this.#answer(call, body, url.searchParams, user);
    if (isProblem(answer)) problem(response, answer);
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  #answer(call: string, body: Body, query: URLSearchParams, user: string | undefined): unknown {
    if (call === 'POST /auth/login' || call === 'POST /auth/register')
      return this.#login(String(body['username']));
    if (call === 'POST /auth/refresh')
      return this.#session(this.sessions.spend(String(body['refreshToken'])));
    const me = user === undefined ? undefined : this.users.get(user);
    if (me === undefined) return { status: 401, code: 'unauthorized' };
    if (call === 'GET /users/me') return me;
    if (call === 'GET /users') return { users: this.#named(query.get('ids') ?? '') };
    if (call === 'POST /auth/logout') return null;
    if (call === 'GET /rooms') return { rooms: this.#roomsOf(me.id).map((room) => room.summary(me.id)) };
    if (call === 'GET /threads') return { threads: this.followed };
    if (call === 'GET /users/me/blocks') return { users: this.blocked };
    const [, method, id, rest = ''] = /^(\w+) \/rooms\/(\w+)(.*)$/.exec(call) ?? [];
    const room = this.rooms.get(id ?? '');
    if (!room?.members.has(me.id)) return { status: 404, code: 'not_found' };
    if (rest === '') return room.summary(me.id);
    if (rest === '/members')
      return { members: [...room.members.values()].map((m) => ({ ...m, role: 'member' })) };
    if (rest === '/log') {
      if ([...query.keys()].some((name) => name !== 'after')) return { status: 400, code: 'invalid' };
      return room.logAfter(Number(query.get('after')), LOG_SLICE);
    }
    const root = query.get('thread');
    if (method === 'GET' && root !== null && !room.messages.has(Number(root)))
      return { status: 404, code: 'not_found' };
    if (method === 'GET' && root !== null) return room.threadPage(Number(root), query);
    if (method === 'GET') return room.page(query);
    const [, of, emoji] = /^\/messages\/(\d+)(?:\/reactions\/(.+))?$/.exec(rest) ?? [];
    if (of !== undefined) return this.#change(room, Number(of), method ?? '', body, emoji, me.id);
    return this.post(room, me, String(body['text']), String(body['clientId']));
  }

  #named(ids: string): UserSummary[] {
    return ids.split(',').flatMap((id) => this.users.get(id) ?? []);
  }

  #roomsOf(user: string): FakeRoom[] {
    return [...this.rooms.values()].filter((room) => room.members.has(user)).reverse();
  }

  #login(username: string): unknown {
    const user = [...this.users.values()].find((known) => known.username === username);
    return this.#session(user?.id);
  }

  #session(id: string | undefined): unknown {
    const user = this.users.get(id ?? '');
    return user === undefined ? { status: 401, code: 'unauthorized' } : this.sessions.open(user);
  }

  #change(room: FakeRoom, of: number, method: string, body: Body, emoji = '', user = ''): unknown {
    const before = room.messages.get(of);
    if (before === undefined) return { status: 404, code: 'not_found' };
    const now = new Date().toISOString();
    const decoded = decodeURIComponent(emoji);
    if (method === 'PATCH') this.edit(room, of, { text: String(body['text']), editedAt: now });
    else if (decoded === '') this.edit(room, of, { text: '', deletedAt: now });
    else this.edit(room, of, { reactions: reacted(before, decoded, user, method === 'PUT') });
    return room.messages.get(of);
  }
}

function frameOf(room: FakeRoom, { kind, seq, of = 0 }: FakeEntry): ServerFrame {
  if (kind === 'void') return { type: 'void', room: room.id, seq };
  if (kind === 'message') return { type: 'message', ...room.messages.get(seq)! };
  return { type: 'change', room: room.id, seq, message: room.messages.get(of)! };
}

/** A person has a status as well, in words. */
function isProblem(answer: unknown): answer is Problem {
  return (
    typeof answer === 'object' && answer !== null && 'status' in answer && typeof answer.status === 'number'
  );
}

function problem(response: ServerResponse, { status, code, retryAfter }: Problem): void {
  const headers = {
    'content-type': 'application/problem+json',
    ...(retryAfter && { 'retry-after': String(retryAfter) }),
  };
  response.writeHead(status, headers).end(JSON.stringify({ type: 'about:blank', title: code, status, code }));
}

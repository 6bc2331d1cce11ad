/** The REST calls of the fake server. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { UserSummary } from '../../shared/wire/rest.ts';
import { reacted, type FakeRoom } from './fake-rooms.ts';
import type { FakeServer } from './fake-server.ts';

/** Numbers in one answer of the log. */
const LOG_SLICE = 200;

export interface Problem {
  readonly status: number;
  readonly code: string;
  readonly retryAfter?: number;
}
type Body = Readonly<Record<string, unknown>>;

export class FakeCalls {
  readonly #server: FakeServer;

  constructor(server: FakeServer) {
    this.#server = server;
  }

  /** Answers, or refuses as the server was told to. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const path = url.pathname.replace('/api/v1', '');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const body = (text === '' ? {} : JSON.parse(text)) as Body;
    const call = `${request.method} ${path}`;
    this.#server.calls.push(call);
    const user = this.#server.sessions.userOf(String(request.headers.authorization).replace('Bearer ', ''));
    const answer = this.#server.onCall(call) ?? this.#resultOf(call, body, url.searchParams, user);
    if (isProblem(answer)) problem(response, answer);
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  }

  #resultOf(call: string, body: Body, query: URLSearchParams, user: string | undefined): unknown {
    if (call === 'POST /auth/login' || call === 'POST /auth/register')
      return this.#login(String(body['username']));
    if (call === 'POST /auth/refresh')
      return this.#session(this.#server.sessions.spend(String(body['refreshToken'])));
    const me = user === undefined ? undefined : this.#server.users.get(user);
    if (me === undefined) return { status: 401, code: 'unauthorized' };
    if (call === 'GET /users/me') return me;
    if (call === 'GET /users') return { users: this.#named(query.get('ids') ?? '') };
    if (call === 'POST /auth/logout') return null;
    if (call === 'GET /rooms') return { rooms: this.#roomsOf(me.id).map((room) => room.summary(me.id)) };
    if (call === 'GET /threads') return { threads: this.#server.followed };
    if (call === 'GET /users/me/blocks') return { users: this.#server.blocked };
    const [, method, id, rest = ''] = /^(\w+) \/rooms\/(\w+)(.*)$/.exec(call) ?? [];
    const room = this.#server.rooms.get(id ?? '');
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
    return this.#server.post(room, me, String(body['text']), String(body['clientId']));
  }

  #named(ids: string): UserSummary[] {
    return ids.split(',').flatMap((id) => this.#server.users.get(id) ?? []);
  }

  #roomsOf(user: string): FakeRoom[] {
    return [...this.#server.rooms.values()].filter((room) => room.members.has(user)).reverse();
  }

  #login(username: string): unknown {
    const user = [...this.#server.users.values()].find((known) => known.username === username);
    return this.#session(user?.id);
  }

  #session(id: string | undefined): unknown {
    const user = this.#server.users.get(id ?? '');
    return user === undefined ? { status: 401, code: 'unauthorized' } : this.#server.sessions.open(user);
  }

  #change(room: FakeRoom, of: number, method: string, body: Body, emoji = '', user = ''): unknown {
    const before = room.messages.get(of);
    if (before === undefined) return { status: 404, code: 'not_found' };
    const now = new Date().toISOString();
    const decoded = decodeURIComponent(emoji);
    if (method === 'PATCH') this.#server.edit(room, of, { text: String(body['text']), editedAt: now });
    else if (decoded === '') this.#server.edit(room, of, { text: '', deletedAt: now });
    else this.#server.edit(room, of, { reactions: reacted(before, decoded, user, method === 'PUT') });
    return room.messages.get(of);
  }
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

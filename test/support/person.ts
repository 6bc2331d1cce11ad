import { randomUUID } from 'node:crypto';
import { Agent, fetch, type RequestInit } from 'undici';
import type { CreateRoomBody, Message, MessagePage, Room, Session } from '../../shared/wire/rest.ts';
import { RawSocket } from './raw-socket.ts';

/** Of everybody who registers in tests. */
export const PASSWORD = 'correct horse battery';

/** Where a cluster, or a single API node, is reached. */
export interface Place {
  readonly origin: string;
  readonly ca?: string | undefined;
}
export interface Answer<T = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

let dispatchers: Map<string, Agent> | undefined;
const dispatcher = (ca: string | undefined): Agent => {
  dispatchers ??= new Map();
  const key = ca ?? '';
  const agent = dispatchers.get(key) ?? new Agent({ connect: ca === undefined ? {} : { ca } });
  dispatchers.set(key, agent);
  return agent;
};

/** One REST call; JSON both ways. Never throws for a status. */
export async function call<T = unknown>(
  place: Place,
  method: string,
  path: string,
  options: { token?: string | undefined; body?: unknown; raw?: RequestInit } = {},
): Promise<Answer<T>> {
  const response = await fetch(`${place.origin}/api/v1${path}`, {
    method,
    dispatcher: dispatcher(place.ca),
    headers: {
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    ...options.raw,
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    headers: response.headers as unknown as Headers,
    body: (isJson && text !== '' ? JSON.parse(text) : text) as T,
  };
}

/** A registered user with a token, for tests that speak the bare protocol. */
export class Person {
  readonly place: Place;
  readonly session: Session;
  readonly password: string;

  private constructor(place: Place, session: Session, password: string) {
    this.place = place;
    this.session = session;
    this.password = password;
  }

  static async register(place: Place, prefix = 'user'): Promise<Person> {
    const username = `${prefix}-${randomUUID().slice(0, 8)}`;
    const { status, body } = await call<Session>(place, 'POST', '/auth/register', {
      body: { username, password: PASSWORD },
    });
    if (status !== 201) throw new Error(`register: ${status} ${JSON.stringify(body)}`);
    return Person.of(place, body);
  }

  /** Somebody in a session that was begun elsewhere. */
  static of(place: Place, session: Session): Person {
    return new Person(place, session, PASSWORD);
  }

  get id(): string {
    return this.session.user.id;
  }

  get username(): string {
    return this.session.user.username;
  }

  get token(): string {
    return this.session.accessToken;
  }

  /** A call that must succeed: throws on any status from 400 up. */
  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.try<T>(method, path, body);
    if (answer.status >= 400)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  try<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    return call<T>(this.place, method, path, { token: this.token, body });
  }

  async createRoom(body: CreateRoomBody): Promise<Room> {
    return this.call<Room>('POST', '/rooms', body);
  }

  async say(room: string, text: string, clientId: string = randomUUID()): Promise<Message> {
    return this.call<Message>('POST', `/rooms/${room}/messages`, { clientId, text });
  }

  async history(room: string, query = ''): Promise<MessagePage> {
    return this.call<MessagePage>('GET', `/rooms/${room}/messages${query}`);
  }

  /** A socket through the place's own origin, or straight to one gateway. */
  socket(origin = this.place.origin): RawSocket {
    return new RawSocket({ origin, ...(origin.startsWith('https') ? { ca: this.place.ca } : {}) });
  }
}

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Mismatch } from '../expect.ts';
import type { Answer, Http } from './http.ts';
import type { LogPage, Member, Message, MyRoom, Page, Session } from './types.ts';

const PASSWORD = 'conformance of a throw-away';
// Machines that run tests are busy, and hashing passwords is what they refuse first.
const ATTEMPTS = 8;

/** A throw-away user, signed in. */
export class User {
  readonly http: Http;
  readonly username: string;
  readonly password = PASSWORD;
  /** The first one; `login` opens others. */
  readonly session: Session;

  private constructor(http: Http, session: Session) {
    this.http = http;
    this.session = session;
    this.username = session.user.username;
  }

  /** Under a new name at each attempt: one whose answer was lost may be taken by now, by us. */
  static async register(http: Http, prefix: string): Promise<User> {
    for (let attempt = 1; ; attempt++) {
      const username = `${prefix}-${randomUUID().slice(0, 12)}`;
      const body = { username, password: PASSWORD };
      const answer = await http.call<Session>('POST', '/auth/register', { body });
      if (answer.status === 201) return new User(http, answer.body);
      if (answer.status !== 503 || attempt === ATTEMPTS)
        throw new Mismatch('a new user to be registered', `${answer.status} ${JSON.stringify(answer.body)}`);
      await sleep(1_000 * attempt);
    }
  }

  get id(): string {
    return this.session.user.id;
  }

  get token(): string {
    return this.session.accessToken;
  }

  /** Another session of the same user. */
  login(): Promise<Session> {
    const { username, password } = this;
    return this.http.must<Session>('POST', '/auth/login', { body: { username, password } });
  }

  call<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    return this.http.call<T>(method, path, { token: this.token, body });
  }

  must<T>(method: string, path: string, body?: unknown): Promise<T> {
    return this.http.must<T>(method, path, { token: this.token, body });
  }

  say(room: string, text: string, more: Readonly<Record<string, unknown>> = {}): Promise<Message> {
    return this.must('POST', `/rooms/${room}/messages`, { clientId: randomUUID(), text, ...more });
  }

  /** `count` messages "text 0" …, each stored before the next is sent. */
  async sayMany(room: string, count: number, text = 'message'): Promise<Message[]> {
    const said: Message[] = [];
    for (let i = 0; i < count; i++) said.push(await this.say(room, `${text} ${i}`));
    return said;
  }

  page(room: string, query = ''): Promise<Page> {
    return this.must('GET', `/rooms/${room}/messages${query}`);
  }

  log(room: string, after: number): Promise<LogPage> {
    return this.must('GET', `/rooms/${room}/log?after=${after}`);
  }

  room(id: string): Promise<MyRoom> {
    return this.must('GET', `/rooms/${id}`);
  }

  async rooms(): Promise<readonly MyRoom[]> {
    return (await this.must<{ readonly rooms: readonly MyRoom[] }>('GET', '/rooms')).rooms;
  }

  async members(room: string): Promise<readonly Member[]> {
    return (await this.must<{ readonly members: readonly Member[] }>('GET', `/rooms/${room}/members`))
      .members;
  }
}

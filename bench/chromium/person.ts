import { randomUUID } from 'node:crypto';
import { Agent, request, type Dispatcher } from 'undici';

export interface Place {
  readonly origin: string;
  /** The certificate of whoever signed the cluster's. */
  readonly ca: string;
}

/** Somebody who uses the API, to give a browser something to show. */
export class Person {
  readonly username: string;
  readonly #place: Place;
  readonly #agent: Dispatcher;
  readonly #token: string;

  private constructor(place: Place, agent: Dispatcher, username: string, token: string) {
    this.#place = place;
    this.#agent = agent;
    this.username = username;
    this.#token = token;
  }

  static async register(place: Place, prefix: string, password: string): Promise<Person> {
    const agent = new Agent({ connect: { ca: place.ca }, connections: 16 });
    const username = `${prefix}-${randomUUID().slice(0, 6)}`;
    const body = { username, displayName: prefix, password };
    const session = await send<{ accessToken: string }>(agent, place, 'POST', '/auth/register', { body });
    return new Person(place, agent, username, session.accessToken);
  }

  async createGroup(name: string, members: readonly string[]): Promise<string> {
    const body = { type: 'group', name, members };
    return (await this.#call<{ id: string }>('POST', '/rooms', body)).id;
  }

  async say(room: string, text: string): Promise<void> {
    await this.#call('POST', `/rooms/${room}/messages`, { clientId: randomUUID(), text });
  }

  async readAll(room: string): Promise<void> {
    const { head } = await this.#call<{ head: number }>('GET', `/rooms/${room}`);
    await this.#call('POST', `/rooms/${room}/read`, { seq: head });
  }

  async close(): Promise<void> {
    await this.#agent.close();
  }

  #call<T>(method: Dispatcher.HttpMethod, path: string, body?: unknown): Promise<T> {
    return send<T>(this.#agent, this.#place, method, path, { body, token: this.#token });
  }
}

async function send<T>(
  agent: Dispatcher,
  place: Place,
  method: Dispatcher.HttpMethod,
  path: string,
  { body, token }: { readonly body?: unknown; readonly token?: string },
): Promise<T> {
  const answer = await request(`${place.origin}/api/v1${path}`, {
    dispatcher: agent,
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await answer.body.text();
  if (answer.statusCode >= 400) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

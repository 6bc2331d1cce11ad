import { randomUUID } from 'node:crypto';
import { Agent, request, type Dispatcher } from 'undici';

export interface Place {
  readonly origin: string;
  /** The certificate of whoever signed the cluster's. */
  readonly ca: string;
}
export const PASSWORD = 'correct horse battery';

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

  static async register(place: Place, name: string): Promise<Person> {
    const agent = new Agent({ connect: { ca: place.ca }, connections: 16 });
    const username = `${name}-${randomUUID().slice(0, 6)}`;
    const body = { username, displayName: name, password: PASSWORD };
    const { accessToken } = await send<{ accessToken: string }>(agent, place, 'POST', '/auth/register', {
      body,
    });
    return new Person(place, agent, username, accessToken);
  }

  async createGroup(name: string, members: readonly string[]): Promise<string> {
    return (await this.#call<{ id: string }>('POST', '/rooms', { type: 'group', name, members })).id;
  }

  async say(room: string, text: string): Promise<void> {
    await this.#call('POST', `/rooms/${room}/messages`, { clientId: randomUUID(), text });
  }

  /** Says `count` things, sixteen at a time. */
  async fill(room: string, count: number): Promise<void> {
    let next = 1;
    const work = async (): Promise<void> => {
      while (next <= count) {
        const n = next++;
        await this.say(room, `No. ${n}. ${'Some more words. '.repeat((n * 7) % 11)}`);
      }
    };
    await Promise.all(Array.from({ length: 16 }, work));
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

/** The calls that are counted by themselves, each as somebody makes it who may. */
import { randomUUID } from 'node:crypto';
import type { CreatedInvite, Room } from '../../shared/wire/rest.ts';
import { PASSWORD, type Account, type ApiNode } from './api-node.ts';

export interface Ask {
  readonly method: string;
  readonly path: string;
  readonly token?: string;
  readonly body?: unknown;
}
/** Two calls in a row: the first is counted, the second would change something were it not refused. */
export interface Limited {
  readonly first: Ask;
  readonly again: Ask;
  /** What the second is answered where nothing is counted. */
  readonly works: number;
}
/** Who makes the calls, with what they need; made where nothing is limited. */
export class Caller {
  readonly who: Account;
  readonly friends: readonly Account[];
  readonly rooms: readonly string[];
  readonly #node: ApiNode;
  readonly #resetToken: (user: string) => Promise<string>;

  private constructor(
    node: ApiNode,
    who: Account,
    friends: readonly Account[],
    rooms: readonly string[],
    resetToken: (user: string) => Promise<string>,
  ) {
    this.#node = node;
    this.who = who;
    this.friends = friends;
    this.rooms = rooms;
    this.#resetToken = resetToken;
  }

  static async create(node: ApiNode, resetToken: (user: string) => Promise<string>): Promise<Caller> {
    const [who, ...friends] = await Promise.all([node.register(), node.register(), node.register()]);
    // One of one's own, and two of a friend's.
    const rooms: string[] = [];
    for (const [i, by] of [who, friends[0]!, friends[0]!].entries()) {
      const body = { type: 'group', name: `Hall ${i}` };
      rooms.push((await node.call<Room>('POST', '/rooms', { token: by.token, body })).body.id);
    }
    return new Caller(node, who, friends, rooms, resetToken);
  }

  /** To a friend's room. */
  async invite(nth: number): Promise<string> {
    const by = { token: this.friends[0]!.token, body: {} };
    const made = await this.#node.call<CreatedInvite>('POST', `/rooms/${this.rooms[nth]}/invites`, by);
    return made.body.token;
  }

  resetToken(): Promise<string> {
    return this.#resetToken(this.who.id);
  }

  ask(method: string, path: string, body?: unknown): Ask {
    return { method, path, token: this.who.token, ...(body === undefined ? {} : { body }) };
  }
}

type Act = (caller: Caller) => Limited | Promise<Limited>;

const read =
  (path: string): Act =>
  (caller) => ({ first: caller.ask('GET', path), again: caller.ask('GET', path), works: 200 });
const write = (first: Ask, again: Ask, works: number): Limited => ({ first, again, works });
const open = (path: string, body: unknown): Ask => ({ method: 'POST', path, body });
const account = () => ({ username: `n-${randomUUID().slice(0, 12)}`, password: PASSWORD });
const email = () => ({ email: `${randomUUID()}@example.org` });
const message = () => ({ clientId: randomUUID(), text: 'hello' });

/** By the names of their routes. */
export const LIMITED: Readonly<Record<string, Act>> = {
  'GET /search': read('/search?q=x'),
  'GET /mentions': read('/mentions'),
  'GET /users': read('/users?q=u'),
  'GET /rooms/public': read('/rooms/public'),
  'POST /rooms': (c) => {
    const ask = c.ask('POST', '/rooms', { type: 'group', name: 'One more' });
    return write(ask, ask, 201);
  },
  'POST /rooms/:room/members': (c) => {
    const [first, again] = c.friends.map(({ id }) =>
      c.ask('POST', `/rooms/${c.rooms[0]}/members`, { users: [id] }),
    );
    return write(first!, again!, 200);
  },
  'POST /rooms/:room/invites': (c) => {
    const ask = c.ask('POST', `/rooms/${c.rooms[0]}/invites`, {});
    return write(ask, ask, 201);
  },
  'GET /invites/:token': async (c) => read(`/invites/${await c.invite(1)}`)(c),
  'POST /invites/:token/join': async (c) => {
    const [first, again] = await Promise.all([c.invite(1), c.invite(2)]);
    return write(c.ask('POST', `/invites/${first}/join`), c.ask('POST', `/invites/${again}/join`), 200);
  },
  'POST /attachments': (c) => {
    const ask = c.ask('POST', `/attachments?room=${c.rooms[0]}&name=x`, 'a file');
    return write(ask, ask, 201);
  },
  'DELETE /users/me': (c) => {
    const by = (password: string) => c.ask('DELETE', '/users/me', { password });
    return write(by('wrong horse'), by(PASSWORD), 204);
  },
  'POST /auth/password': (c) => {
    const by = (currentPassword: string) =>
      c.ask('POST', '/auth/password', { currentPassword, newPassword: 'battery staple' });
    return write(by('wrong horse'), by(PASSWORD), 204);
  },
  'PATCH /users/me': (c) =>
    write(c.ask('PATCH', '/users/me', email()), c.ask('PATCH', '/users/me', email()), 200),
  'POST /rooms/:room/messages': (c) => {
    const path = `/rooms/${c.rooms[0]}/messages`;
    return write(c.ask('POST', path, message()), c.ask('POST', path, message()), 201);
  },
  'PUT /rooms/:room/draft': (c) => {
    const put = (text: string) => c.ask('PUT', `/rooms/${c.rooms[0]}/draft`, { text });
    return write(put('one'), put('two'), 200);
  },
  'POST /auth/register': () =>
    write(open('/auth/register', account()), open('/auth/register', account()), 201),
  'POST /auth/refresh': ({ who: { refreshToken } }) =>
    write(
      open('/auth/refresh', { refreshToken: 'x'.repeat(43) }),
      open('/auth/refresh', { refreshToken }),
      200,
    ),
  'POST /auth/logout': ({ who: { refreshToken } }) =>
    write(open('/auth/logout', { refreshToken: 'none' }), open('/auth/logout', { refreshToken }), 204),
  'POST /auth/reset': async (c) => {
    const by = (token: string) => open('/auth/reset', { token, newPassword: 'battery staple' });
    const token = await c.resetToken();
    return write(by(`${token.slice(0, -4)}AAAA`), by(token), 204);
  },
};

import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { ROUTES } from '../../api/routes/schemas/index.ts';
import { hostileSegment, hostileText, hostileValue, mutated, seenOf } from '../support/hostile.ts';
import { call, type Person } from '../support/person.ts';
import { useCluster } from '../support/use-cluster.ts';

const RUNS = 200;
const CONCURRENT = 20;

describe('hostile input through NGINX', function () {
  this.timeout(300_000);
  const on = useCluster();
  let ann: Person;
  let room: string;

  before(async () => {
    ann = await on.parley.register('ann');
    room = (await ann.createRoom({ type: 'channel', name: `witness ${randomUUID().slice(0, 8)}` })).id;
    await ann.say(room, 'a witness');
  });

  const witness = (): Promise<string> => seenOf(ann, room);

  /** A valid body of each route that takes one; a route without an example here fails its test. */
  const soon = (): string => new Date(Date.now() + 3_600_000).toISOString();
  const examples = (): Record<string, Record<string, unknown>> => ({
    'post /auth/register': {
      username: 'someone',
      password: 'long enough',
      email: 'a@example.org',
      displayName: 'Someone',
      cookie: false,
    },
    'post /auth/login': { username: ann.username, password: 'wrong password', cookie: false },
    'post /auth/refresh': { refreshToken: 'x'.repeat(43) },
    'post /auth/logout': { refreshToken: 'x'.repeat(43) },
    'post /auth/reset': { token: 'x', newPassword: 'long enough' },
    'post /auth/password': { currentPassword: 'not the password', newPassword: 'long enough' },
    'patch /users/me': { displayName: 'Ann', status: 'here', email: 'ann@example.org' },
    'delete /users/me': { password: 'not the password' },
    'post /rooms': { type: 'group', name: 'Fuzz', topic: 'Topic', members: [ann.username], clientId: 'fuzz' },
    'patch /rooms/:room': {
      name: 'Renamed',
      topic: 'Changed',
      public: false,
      me: { notify: 'none', favourite: true },
    },
    'post /rooms/:room/members': { users: [ann.username] },
    'patch /rooms/:room/members/:user': { role: 'member' },
    'post /rooms/:room/messages': {
      clientId: 'fuzz',
      text: 'fuzz',
      replyTo: 1,
      thread: 1,
      attachments: [],
      after: 1,
    },
    'patch /rooms/:room/messages/:seq': { text: 'edited' },
    'post /rooms/:room/read': { seq: 1 },
    'post /rooms/:room/unread': { seq: 1 },
    'post /rooms/:room/threads/:seq/read': { seq: 1 },
    'post /rooms/:room/invites': { expiresIn: 3_600, maxUses: 3 },
    'put /rooms/:room/draft': { text: 'fuzz', replyTo: 1, thread: 1 },
    'post /rooms/:room/scheduled': { clientId: 'fuzz', text: 'fuzz', replyTo: 1, thread: 1, at: soon() },
    'patch /scheduled/:id': { text: 'fuzz', at: soon() },
  });

  const pathOf = (path: string): string =>
    path
      .replace(':room', room)
      .replace(':user', ann.id)
      .replace(/:(?:session|id|attachment|invite)\b/, 'f'.repeat(24))
      .replace(':seq', '2');

  const refused = (answer: { status: number; body: unknown; headers: Headers }, sent: unknown): void => {
    const about = JSON.stringify(sent)?.slice(0, 300);
    expect(answer.status, `${about} → ${JSON.stringify(answer.body)?.slice(0, 300)}`).to.be.within(400, 499);
    expect(answer.headers.get('content-type'), about).to.contain('application/problem+json');
    expect(answer.body, about).to.have.property('code').that.is.a('string');
  };

  for (const route of ROUTES.filter(({ body }) => body !== undefined)) {
    const name = `${route.method} ${route.path}`;
    it(`${name} refuses every body its schema refuses, and changes nothing`, async () => {
      const example = examples()[name];
      if (example === undefined) throw new Error(`no example for ${name}`);
      const before = await witness();
      const bodies = fc
        .sample(mutated(example), RUNS)
        .filter((body) => route.body?.validate(body).error !== undefined);
      expect(bodies.length).to.be.above(RUNS / 4);
      const token = route.open === true ? undefined : ann.token;
      for (let i = 0; i < bodies.length; i += CONCURRENT) {
        await Promise.all(
          bodies
            .slice(i, i + CONCURRENT)
            .map(async (body) =>
              refused(
                await call(on.parley.place, route.method.toUpperCase(), pathOf(route.path), { token, body }),
                body,
              ),
            ),
        );
      }
      for (const text of fc.sample(hostileText, 30)) {
        const raw = {
          method: route.method.toUpperCase(),
          body: text,
          headers: {
            'content-type': 'application/json',
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          },
        };
        const answer = await call(on.parley.place, raw.method, pathOf(route.path), { raw });
        expect(answer.status, text).to.be.below(500);
      }
      expect(await witness()).to.equal(before);
    });
  }

  for (const route of ROUTES.filter(({ query }) => query !== undefined)) {
    it(`${route.method} ${route.path} answers no query with a 5xx`, async () => {
      const before = await witness();
      const keys = ['q', 'limit', 'cursor', 'before', 'after', 'around', 'thread', '$where', '__proto__'];
      const query = fc.tuple(
        fc.constantFrom(...keys),
        fc.constantFrom('', '[$ne]', '[]', '[__proto__]'),
        hostileValue,
      );
      for (const [key, suffix, value] of fc.sample(query, RUNS)) {
        const text = (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 2_000);
        const encoded = `${encodeURIComponent(key + suffix)}=${encodeURIComponent(text.toWellFormed())}`;
        const answer = await call(on.parley.place, 'GET', `${pathOf(route.path)}?${encoded}`, {
          token: ann.token,
        });
        expect(answer.status, encoded.slice(0, 200)).to.be.below(500);
      }
      expect(await witness()).to.equal(before);
    });
  }

  it('no path leads to a 5xx', async () => {
    const before = await witness();
    const routes = ROUTES.filter(({ path, method }) => path.includes(':') && method !== 'delete');
    for (const [route, segment] of fc.sample(fc.tuple(fc.constantFrom(...routes), hostileSegment), RUNS)) {
      const answer = await call(
        on.parley.place,
        route.method.toUpperCase(),
        route.path.replace(/:\w+/g, segment),
        { token: ann.token, ...(route.method === 'get' ? {} : { body: {} }) },
      );
      expect(answer.status, `${route.path} ${segment.slice(0, 50)}`).to.be.within(400, 499);
    }
    expect(await witness()).to.equal(before);
  });

  it('a body too large, of the wrong type or of a strange encoding is refused by name', async () => {
    const post = (headers: Record<string, string>, body: string | Buffer) =>
      call<{ code: string }>(on.parley.place, 'POST', `/rooms/${room}/messages`, {
        raw: { body, headers: { authorization: `Bearer ${ann.token}`, ...headers } },
      });
    const json = { 'content-type': 'application/json' };
    expect(
      await post(json, JSON.stringify({ clientId: 'big', text: 'x'.repeat(2_000_000) })),
    ).to.deep.include({ status: 413 });
    expect((await post({ 'content-type': 'text/plain' }, 'hello')).status).to.equal(415);
    expect((await post({ 'content-type': 'application/json; charset=klingon' }, '{}')).status).to.be.within(
      400,
      415,
    );
    expect(
      (await post({ ...json, 'content-encoding': 'gzip' }, Buffer.from('not gzip'))).status,
    ).to.be.within(400, 415);
  });

  it('a token that is expired, forged, of no algorithm or nonsense gets 401', async () => {
    const [header, payload] = ann.token.split('.');
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    for (const token of [
      'x',
      `${header}.${payload}.AAAA`,
      `${none}.${payload}.`,
      `${header}..`,
      'a.b.c',
      'x'.repeat(5_000),
    ]) {
      const answer = await call<{ code: string }>(on.parley.place, 'GET', '/users/me', { token });
      expect(answer.status, token.slice(0, 40)).to.equal(401);
      expect(answer.body.code).to.equal('unauthorized');
    }
  });
});

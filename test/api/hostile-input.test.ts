import { expect } from 'chai';
import fc from 'fast-check';
import { request } from 'node:http';
import { ROUTES } from '../../api/routes/schemas/index.ts';
import type { RouteSchema } from '../../api/routes/schemas/route.ts';
import type { Room } from '../../shared/wire/rest.ts';
import type { Account, ApiNode } from '../support/api-node.ts';
import { useScene } from '../support/scene.ts';

/** Runs for each route: enough to meet every type in every field, few enough for a laptop. */
const RUNS = 60;

describe('hostile input', () => {
  let api: ApiNode;
  let ann: Account;
  let room: string;
  useScene((scene) => ({ api, ann } = scene));
  before(async () => {
    const body = { type: 'channel', name: 'Target' };
    room = (await api.call<Room>('POST', '/rooms', { token: ann.token, body })).body.id;
  });

  const post = (body: string, headers: Record<string, string> = {}) =>
    api.refused('POST', '/rooms', { token: ann.token, body, headers });

  it('gets 400 for what is no JSON', async () => {
    for (const body of ['{', '"text"', 'null', '[]', '\u0000', '{"a":1}{'])
      expect((await post(body)).code).to.equal('invalid');
  });

  it('gets 400 for deep nesting and for keys that mean something to JavaScript', async () => {
    expect((await post('{"a":'.repeat(40) + '1' + '}'.repeat(40))).code).to.equal('invalid');
    expect((await post(`${'['.repeat(50_000)}${']'.repeat(50_000)}`)).code).to.equal('invalid');
    expect((await post('{"type":"group","name":"x","__proto__":{"admin":true}}')).code).to.equal('invalid');
    expect((await post('{"type":"group","name":"x","constructor":{"prototype":{}}}')).code).to.equal(
      'invalid',
    );
  });

  it('gets 413 for a large body', async () => {
    expect((await post(JSON.stringify({ type: 'group', name: 'x'.repeat(300_000) }))).code).to.equal(
      'too_large',
    );
  });

  it('gets 415 for other types, encodings and charsets', async () => {
    expect((await post('{}', { 'content-type': 'text/plain' })).code).to.equal('unsupported_type');
    expect((await post('a=b', { 'content-type': 'application/x-www-form-urlencoded' })).code).to.equal(
      'unsupported_type',
    );
    expect((await post('{}', { 'content-encoding': 'gzip' })).code).to.equal('unsupported_type');
    expect((await post('{}', { 'content-type': 'application/json; charset=ebcdic' })).code).to.equal(
      'unsupported_type',
    );
  });

  it('gets 400 for parameters given twice, arrays, unknown ones, and cursors that are none', async () => {
    for (const query of [
      'q=a&q=b',
      'q[]=a',
      'q[$ne]=a',
      'limit=0',
      'limit=1e9',
      'limit=x',
      '__proto__=x',
      'cursor=%00',
      'cursor=%F0%9F',
    ]) {
      expect((await api.refused('GET', `/users?${query}`, { token: ann.token })).code, query).to.equal(
        'invalid',
      );
    }
  });

  it('gets 400 or 404 for paths that name nothing', async () => {
    for (const path of [
      '/rooms/x',
      '/rooms/__proto__',
      '/users/%00%00%00',
      '/users/A',
      `/rooms/${room}/members/$where`,
      '/rooms/%E0%A4%A',
    ]) {
      expect((await api.refused('GET', path, { token: ann.token })).status, path).to.be.oneOf([400, 404]);
    }
    expect((await api.refused('GET', '/nowhere')).code).to.equal('not_found');
  });

  it('gets 400 for a malformed percent-escape in a path', async () => {
    expect(await rawStatus(api, '/api/v1/users/%E0%A4%A', ann.token)).to.equal(400);
  });

  for (const route of ROUTES) {
    if (route.body === undefined && route.query === undefined) continue;
    it(`never gets ${route.method.toUpperCase()} ${route.path} to fail`, async function () {
      this.timeout(60_000);
      await fc.assert(
        fc.asyncProperty(hostile(route), async (input) => {
          const { status } = await attack(api, route, ann.token, room, input);
          expect(status).to.be.lessThan(500);
        }),
        { numRuns: RUNS },
      );
    });
  }

  it('has changed nothing', async () => {
    const { body } = await api.call<Room>('GET', `/rooms/${room}`, { token: ann.token });
    expect(body).to.include({ id: room, type: 'channel' });
    expect(({} as Record<string, unknown>)['admin']).to.be.undefined;
  });
});

const nasty = fc.oneof(
  fc.constantFrom<unknown>(
    '',
    '\0',
    '\ud800',
    '$where',
    '__proto__',
    'a'.repeat(9_000),
    null,
    true,
    -1,
    1e308,
    0.5,
    [],
    {},
  ),
  fc.constantFrom<unknown>(
    { $ne: null },
    { $gt: '' },
    { $where: 'sleep(1e4)' },
    [{ $ne: 1 }],
    { toString: 1 },
    [[[[]]]],
  ),
  fc.string({ unit: 'binary' }),
  fc.jsonValue(),
);

/** Some of the route's own fields, and some others, with anything in them. */
function hostile(route: RouteSchema): fc.Arbitrary<Record<string, unknown>> {
  const known = Object.keys((route.body ?? route.query)?.describe()['keys'] as object);
  return fc.dictionary(fc.oneof(fc.constantFrom(...known), fc.string({ maxLength: 8 })), nasty, {
    maxKeys: 8,
  });
}

/** Without a token where none is needed: it would sign the attacker out. */
function attack(
  api: ApiNode,
  route: RouteSchema,
  token: string,
  room: string,
  input: Record<string, unknown>,
) {
  const path = route.path.replace(':room', room).replace(':user', 'nobody-here').replace(':session', room);
  const method = route.method.toUpperCase();
  const identity = route.open === true ? {} : { token };
  if (route.body !== undefined) return api.call(method, path, { ...identity, body: input });
  const query = new URLSearchParams(
    Object.entries(input).map(([key, value]) => [key, String(JSON.stringify(value))]),
  );
  return api.call(method, `${path}?${query.toString()}`, identity);
}

/** Past fetch, which would repair the path. */
function rawStatus(api: ApiNode, path: string, token: string): Promise<number | undefined> {
  const { hostname, port } = new URL(api.origin);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path, headers: { authorization: `Bearer ${token}` } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

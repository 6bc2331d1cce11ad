import { section } from '../check.ts';
import type { Problem } from '../client/types.ts';
import { expectEqual, expectThat } from '../expect.ts';

/** Errors over REST. */
export const errors = section('error-codes', (check) => {
  check('a private room of others is not_found in every way', async (t) => {
    const room = await t.room();
    const { seq } = await t.ann.say(room.id, 'private');
    const at = `/rooms/${room.id}`;
    const calls: readonly (readonly [method: string, path: string, body?: object])[] = [
      ['GET', at],
      ['PATCH', at, { name: 'Mine now' }],
      ['DELETE', at],
      ['POST', `${at}/join`],
      ['POST', `${at}/leave`],
      ['GET', `${at}/members`],
      ['POST', `${at}/members`, { users: [t.carl.id] }],
      ['DELETE', `${at}/members/${t.bob.id}`],
      ['GET', `${at}/messages`],
      ['GET', `${at}/log?after=0`],
      ['POST', `${at}/messages`, { clientId: 'c', text: 'hello?' }],
      ['PATCH', `${at}/messages/${seq}`, { text: 'changed' }],
      ['DELETE', `${at}/messages/${seq}`],
      ['PUT', `${at}/messages/${seq}/reactions/${encodeURIComponent('👍')}`],
      ['DELETE', `${at}/messages/${seq}/reactions/${encodeURIComponent('👍')}`],
      ['POST', `${at}/read`, { seq: 1 }],
    ];
    for (const [method, path, body] of calls) {
      const answer = await t.carl.call<Problem>(method, path, body);
      expectEqual([answer.status, answer.body.code], [404, 'not_found'], `${method} ${path} to give`);
    }
  });

  check('an invalid body names its fields', async (t) => {
    const room = await t.room();
    const { status, body } = await t.ann.call<Problem>('POST', `/rooms/${room.id}/messages`, { text: '' });
    expectEqual([status, body.code], [400, 'invalid'], 'status and code');
    const fields = (body.errors ?? []).map(({ field }) => field).sort();
    expectEqual(fields, ['clientId', 'text'], 'the fields');
  });

  check('a call without a token, or with a forged one, is unauthorized', async (t) => {
    for (const token of [undefined, 'forged', t.ann.session.refreshToken]) {
      const { status, body } = await t.http.call<Problem>('GET', '/rooms', { token });
      expectEqual([status, body.code], [401, 'unauthorized'], 'status and code');
    }
  });

  const bodies: readonly (readonly [what: string, text: string, type: string, status: number])[] = [
    ['JSON that is none', '{"username":', 'application/json', 400],
    ['another type', '<a/>', 'application/xml', 415],
    ['a body of more than 256 KiB', `"${'x'.repeat(300_000)}"`, 'application/json', 413],
    ['a body of more than 1 MiB', `"${'x'.repeat(1_200_000)}"`, 'application/json', 413],
  ];
  for (const [what, text, contentType, status] of bodies) {
    check(`${what} is answered with ${status}`, async (t) => {
      const answer = await t.http.call<Problem>('POST', '/auth/login', { text, contentType });
      expectEqual([answer.status, answer.body.status], [status, status], 'the status');
    });
  }

  check('an address where nothing is, is not_found', async (t) => {
    const { status, body } = await t.ann.call<Problem>('GET', '/nothing/here');
    expectEqual([status, body.code], [404, 'not_found'], 'status and code');
  });

  check('an id that is none is invalid', async (t) => {
    for (const path of ['/rooms/lobby', '/rooms/lobby/messages', `/rooms/${'F'.repeat(24)}`])
      expectEqual((await t.ann.call('GET', path)).status, 400, `the status of ${path}`);
  });
});

const STATUS: Readonly<Record<string, number>> = {
  invalid: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  too_large: 413,
  quota_exceeded: 413,
  unsupported_type: 415,
  rate_limited: 429,
  overloaded: 503,
  unavailable: 503,
};

/** Judged over all that the checks before have seen. */
export const inAll = section('error-codes', (check) => {
  check(
    'every error answer was a problem with its status and the code of that status',
    async (t) => {
      const { refusals } = t.place.observer;
      if (refusals.length === 0) return t.skip('no error answer was met');
      for (const { call, status, type, body } of refusals) {
        const problem = body as Partial<Problem>;
        expectThat(type.startsWith('application/problem+json'), `${call}: problem+json`, type);
        expectEqual(
          [problem.status, STATUS[problem.code ?? '']],
          [status, status],
          `${call}: status and code for`,
        );
      }
    },
    { isLast: true },
  );

  check(
    'every 429 and 503 carried Retry-After in seconds',
    async (t) => {
      const later = t.place.observer.refusals.filter(({ status }) => status === 429 || status === 503);
      if (later.length === 0) return t.skip('none was met');
      for (const { call, retryAfter } of later)
        expectThat(/^[1-9]\d*$/.test(retryAfter ?? ''), `${call}: a Retry-After`, retryAfter);
    },
    { isLast: true },
  );
});

export const frames = section('gateway--client', (check) => {
  check(
    'every type of frame was seen, each as asyncapi.yaml has it',
    async (t) => {
      const { contract, frames: seen } = t.place.observer;
      const missing = contract.types('toClient').filter((type) => !seen.has(type));
      expectEqual(missing, [], 'the types never seen');
    },
    { isLast: true },
  );
});

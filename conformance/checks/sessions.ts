import { setTimeout as sleep } from 'node:timers/promises';
import { section } from '../check.ts';
import type { Session } from '../client/types.ts';
import { expectEqual, expectThat } from '../expect.ts';

/** Tokens on a live socket. */
export const auth = section('auth', (check) => {
  check('a fresh token of the same session is taken in silence', async (t) => {
    const guest = await t.fresh();
    const { socket } = await t.connect(guest);
    const fresh = await t.http.must<Session>('POST', '/auth/refresh', {
      body: { refreshToken: guest.session.refreshToken },
    });
    socket.send({ type: 'auth', token: fresh.accessToken });
    await socket.alive();
    expectEqual(socket.all('error'), [], 'the errors');
  });

  check('a token of another session is forbidden, and the socket stays', async (t) => {
    const { socket } = await t.connect(t.ann);
    for (const token of [(await t.ann.login()).accessToken, t.bob.token]) {
      socket.send({ type: 'auth', token });
      const error = await socket.next('error');
      expectEqual([error.code, error.retry], ['forbidden', false], 'code and retry');
    }
    await socket.alive();
  });

  check('a forged token closes with 4401', async (t) => {
    const { socket } = await t.connect(t.ann);
    socket.send({ type: 'auth', token: 'forged' });
    expectEqual((await socket.closed()).code, 4401, 'the close code');
  });

  check(
    'a logout closes the session’s sockets with 4401 after a bye, and ends its access token',
    async (t) => {
      const session = await t.ann.login();
      const { socket } = await t.connect({ token: session.accessToken });
      const { socket: other } = await t.connect(t.ann);
      const token = session.accessToken;
      expectEqual((await t.http.call('POST', '/auth/logout', { token })).status, 204, 'the status');
      expectEqual((await socket.closed()).code, 4401, 'the close code');
      expectEqual(socket.received.at(-1)?.type, 'bye', 'the last frame');
      await sleep(1_000);
      expectEqual((await t.http.call('GET', '/users/me', { token })).status, 401, 'the status');
      const again = await t.open().opened();
      again.send({ type: 'hello', token });
      expectEqual((await again.closed()).code, 4401, 'the close code of a new socket');
      await other.alive();
    },
  );

  check('a session ended from another device closes with 4401, this one stays', async (t) => {
    const session = await t.ann.login();
    const { socket, ready } = await t.connect({ token: session.accessToken });
    const { socket: own } = await t.connect(t.ann);
    await t.ann.must('DELETE', `/auth/sessions/${ready.session}`);
    expectEqual((await socket.closed()).code, 4401, 'the close code');
    await own.alive();
  });
});

/** Tokens over REST. */
export const tokens = section('signing-in-and-staying-signed-in', (check) => {
  const refresh = (
    http: { call: <T>(m: string, p: string, o: object) => Promise<{ status: number; body: T }> },
    token: string,
  ) => http.call<Session>('POST', '/auth/refresh', { body: { refreshToken: token } });

  check('the same refresh token twice, also at once, gives the same successor', async (t) => {
    const session = await t.ann.login();
    const answers = await Promise.all([1, 2, 3].map(() => refresh(t.http, session.refreshToken)));
    const again = await refresh(t.http, session.refreshToken);
    for (const { status } of answers) expectEqual(status, 200, 'the status');
    const successors = new Set([...answers, again].map(({ body }) => body.refreshToken));
    expectEqual(successors.size, 1, 'the number of successors');
    expectThat(!successors.has(session.refreshToken), 'another token', 'the same');
  });

  check('a refreshed access token is of the same session', async (t) => {
    const session = await t.ann.login();
    const { body } = await refresh(t.http, session.refreshToken);
    const first = await t.connect({ token: session.accessToken });
    const second = await t.connect({ token: body.accessToken });
    expectEqual(second.ready.session, first.ready.session, 'the session');
  });

  check(
    'a refresh token used again 10 s after its successor was used ends the session and its sockets',
    async (t) => {
      const session = await t.ann.login();
      const first = await refresh(t.http, session.refreshToken);
      const second = await refresh(t.http, first.body.refreshToken);
      expectEqual(second.status, 200, 'the status');
      const { socket } = await t.connect({ token: second.body.accessToken });
      await sleep(11_500);
      expectEqual((await refresh(t.http, session.refreshToken)).status, 401, 'the status');
      expectEqual((await socket.closed()).code, 4401, 'the close code');
      expectEqual(
        (await refresh(t.http, second.body.refreshToken)).status,
        401,
        'the status of the last token',
      );
    },
    { seconds: 14 },
  );

  check('a refresh token that is none is unauthorized', async (t) => {
    expectEqual((await refresh(t.http, 'none')).status, 401, 'the status');
  });

  check('a wrong password and an unknown name are refused alike', async (t) => {
    const login = (username: string) =>
      t.http.call<{ code: string; detail: string }>('POST', '/auth/login', {
        body: { username, password: 'a wrong password' },
      });
    const [wrong, unknown] = [await login(t.ann.username), await login(`nobody-${t.id().slice(0, 8)}`)];
    expectEqual([wrong.status, wrong.body.code], [401, 'unauthorized'], 'status and code');
    expectEqual([unknown.status, unknown.body.detail], [401, wrong.body.detail], 'status and detail');
  });

  check('login as a form gives access_token and token_type for OAuth2 tools', async (t) => {
    const text = new URLSearchParams({ username: t.ann.username, password: t.ann.password }).toString();
    const { status, body } = await t.http.call<Record<string, string>>('POST', '/auth/login', {
      text,
      contentType: 'application/x-www-form-urlencoded',
    });
    expectEqual(
      [status, body['token_type'], body['access_token'] === body['accessToken']],
      [200, 'bearer', true],
      'it',
    );
  });

  const names = {
    'upper case': 'Ann',
    'two letters': 'an',
    'a blank': 'a b c',
    '33 letters': 'x'.repeat(33),
  };
  check('names with upper case, blanks, or not of 3 to 32 letters are invalid', async (t) => {
    for (const [what, username] of Object.entries(names)) {
      const body = { username, password: t.ann.password };
      expectEqual(
        (await t.http.call('POST', '/auth/register', { body })).status,
        400,
        `the status for ${what}`,
      );
    }
  });

  check('passwords of less than 8 characters or more than 72 bytes are invalid', async (t) => {
    for (const password of ['seven 7', 'é'.repeat(37)]) {
      const body = { username: `p-${t.id().slice(0, 12)}`, password };
      expectEqual((await t.http.call('POST', '/auth/register', { body })).status, 400, 'the status');
    }
  });

  check('a name that is taken is a conflict', async (t) => {
    const body = { username: t.ann.username, password: t.ann.password };
    expectEqual((await t.http.call('POST', '/auth/register', { body })).status, 409, 'the status');
  });
});

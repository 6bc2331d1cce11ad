import { expect } from 'chai';
import type { Me, Session, SessionInfo } from '../../shared/wire/rest.ts';
import { ORIGIN, PASSWORD, type Account, type ApiNode } from '../support/api-node.ts';
import { useScene } from '../support/scene.ts';

describe('the account and session API', () => {
  let api: ApiNode;
  let other: ApiNode;
  useScene((scene) => ({ api, other } = scene));

  const me = (account: Pick<Account, 'token'>, node = api) =>
    node.call<Me>('GET', '/users/me', { token: account.token });
  const refresh = (refreshToken: string | undefined, node = api) =>
    node.call<Session>('POST', '/auth/refresh', { body: { refreshToken } });

  it('registers a user who is then signed in', async () => {
    const { status, body } = await api.call<Session>('POST', '/auth/register', {
      body: { username: 'ada.l', password: PASSWORD, email: 'Ada@Example.org', displayName: ' Ada ' },
    });
    expect(status).to.equal(201);
    expect(body.user).to.include({
      username: 'ada.l',
      displayName: 'Ada',
      email: 'ada@example.org',
      role: 'user',
    });
    expect(body.expiresIn).to.equal(900);
    expect((await me({ token: body.accessToken })).body).to.deep.equal(body.user);
  });

  it('answers 409 to a taken name, and to a taken address without saying which of the two it was', async () => {
    const body = { username: 'taken', password: PASSWORD, email: 'taken@example.org' };
    const refused = (other: object) =>
      api.refused('POST', '/auth/register', { body: { password: PASSWORD, ...other } });
    expect((await api.call('POST', '/auth/register', { body })).status).to.equal(201);
    expect(await refused({ username: 'taken' })).to.deep.include({
      code: 'conflict',
      errors: [{ field: 'username', message: 'is taken' }],
    });
    const { instance: _one, ...byAddress } = await refused({ username: 'free', email: body.email });
    const { instance: _other, ...byName } = await refused({ username: 'taken', email: 'free@example.org' });
    expect(byAddress).to.deep.include({ code: 'conflict', status: 409 });
    expect(byAddress).not.to.have.property('errors');
    expect(byAddress).to.deep.equal(byName);
  });

  it('lets one of many registrations of one name at once through', async () => {
    const body = { username: 'racer', password: PASSWORD };
    const answers = await Promise.all(
      [api, other, api, other].map((node) => node.call('POST', '/auth/register', { body })),
    );
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([201, 409, 409, 409]);
  });

  for (const [what, body] of Object.entries({
    'upper case': { username: 'Ada', password: PASSWORD },
    'two characters': { username: 'ab', password: PASSWORD },
    'the form of an id': { username: '0123456789abcdef01234567', password: PASSWORD },
    'a short password': { username: 'fine', password: 'seven77' },
    'a password of 73 bytes': { username: 'fine', password: 'ä'.repeat(36) + 'b' },
    'a NUL in the password': { username: 'fine', password: 'password\0' },
    'a lone surrogate': { username: 'fine', password: PASSWORD, displayName: '\ud800' },
    'an unknown field': { username: 'fine', password: PASSWORD, role: 'admin' },
    'an operator for a name': { username: { $ne: null }, password: PASSWORD },
  })) {
    it(`refuses to register ${what}`, async () => {
      expect((await api.refused('POST', '/auth/register', { body })).code).to.equal('invalid');
    });
  }

  it('signs in by name, by address, and by form', async () => {
    const { body } = await api.call<Session>('POST', '/auth/register', {
      body: { username: 'grace', password: PASSWORD, email: 'grace@example.org' },
    });
    const byName = await api.call<Session>('POST', '/auth/login', {
      body: { username: 'grace', password: PASSWORD },
    });
    const byMail = await other.call<Session>('POST', '/auth/login', {
      body: { username: 'GRACE@example.org', password: PASSWORD },
    });
    const byForm = await api.call<Session>('POST', '/auth/login', {
      body: new URLSearchParams({ grant_type: 'password', username: 'grace', password: PASSWORD }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
    for (const answer of [byName, byMail, byForm]) {
      expect(answer.status).to.equal(200);
      expect(answer.body.user).to.deep.equal(body.user);
      expect(answer.body).to.include({ token_type: 'bearer', access_token: answer.body.accessToken });
    }
  });

  it('tells a wrong password and an unknown name apart by nothing', async () => {
    const { username } = await api.register();
    const wrong = await api.refused('POST', '/auth/login', { body: { username, password: 'wrong horse' } });
    const unknown = await api.refused('POST', '/auth/login', {
      body: { username: 'nobody-here', password: 'wrong horse' },
    });
    expect(wrong.status).to.equal(401);
    expect({ ...wrong, instance: '' }).to.deep.equal({ ...unknown, instance: '' });
  });

  it('refuses a missing, a forged and a foreign token', async () => {
    const { token } = await api.register();
    const [head, body] = token.split('.');
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    for (const forged of ['x', `${head}.${body}.AAAA`, `${none}.${body}.`, `${token}x`]) {
      expect((await api.refused('GET', '/users/me', { token: forged })).code).to.equal('unauthorized');
    }
    expect((await api.refused('GET', '/users/me')).code).to.equal('unauthorized');
  });

  it('gives the same successor of a refresh token on every node, until that is used', async () => {
    const { refreshToken } = await api.register();
    const answers = await Promise.all([api, other, api, other].map((node) => refresh(refreshToken, node)));
    const successors = new Set(answers.map(({ body }) => body.refreshToken));
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200]);
    expect(successors.size).to.equal(1);
    expect((await refresh(refreshToken)).body.refreshToken).to.equal([...successors][0]);
  });

  it('takes a token for a little longer after its successor was used', async () => {
    const { refreshToken: first } = await api.register();
    const second = (await refresh(first)).body.refreshToken;
    const third = (await refresh(second)).body.refreshToken;
    expect((await refresh(first)).body.refreshToken).to.equal(second);
    expect((await refresh(second)).body.refreshToken).to.equal(third);
  });

  it('ends the session when an older token comes back', async () => {
    const { refreshToken: first, token } = await api.register();
    const second = (await refresh(first)).body.refreshToken;
    const third = (await refresh(second)).body.refreshToken;
    const fourth = (await refresh(third)).body.refreshToken;
    expect((await refresh(first)).status).to.equal(401);
    expect((await refresh(fourth)).status).to.equal(401);
    expect((await me({ token })).status).to.equal(401);
  });

  it('does not let a forged refresh token end a session', async () => {
    const { refreshToken } = await api.register();
    const forged = `${refreshToken.slice(0, 25)}${'A'.repeat(43)}.${'A'.repeat(22)}`;
    expect((await refresh(forged)).status).to.equal(401);
    expect((await refresh(refreshToken)).status).to.equal(200);
  });

  it('signs out on all nodes at once', async () => {
    const account = await api.register();
    expect((await me(account, other)).status).to.equal(200);
    expect((await api.call('POST', '/auth/logout', { token: account.token })).status).to.equal(204);
    expect((await me(account)).status).to.equal(401);
    await eventually(async () => (await me(account, other)).status === 401);
    expect((await refresh(account.refreshToken)).status).to.equal(401);
  });

  it('signs out everywhere', async () => {
    const account = await api.register();
    const login = await api.call<Session>('POST', '/auth/login', {
      body: { username: account.username, password: PASSWORD },
    });
    expect((await api.call('POST', '/auth/logout-all', { token: account.token })).status).to.equal(204);
    expect((await me({ token: login.body.accessToken })).status).to.equal(401);
  });

  it('lists sessions and ends one of them', async () => {
    const account = await api.register();
    const headers = { 'user-agent': 'a phone' };
    await api.call('POST', '/auth/login', {
      body: { username: account.username, password: PASSWORD },
      headers,
    });
    const list = async () =>
      (await api.call<{ sessions: SessionInfo[] }>('GET', '/auth/sessions', { token: account.token })).body
        .sessions;
    const phone = (await list()).find(({ userAgent }) => userAgent === 'a phone');
    expect(phone?.current).to.be.false;
    const end = () => api.call('DELETE', `/auth/sessions/${phone?.id ?? ''}`, { token: account.token });
    expect((await end()).status).to.equal(204);
    expect((await end()).status).to.equal(404);
    expect((await list()).map(({ current }) => current)).to.deep.equal([true]);
  });

  it('does not end the session of somebody else', async () => {
    const [mine, theirs] = await Promise.all([api.register(), api.register()]);
    const session = theirs.refreshToken.slice(0, 24);
    expect((await api.call('DELETE', `/auth/sessions/${session}`, { token: mine.token })).status).to.equal(
      404,
    );
    expect((await me(theirs)).status).to.equal(200);
  });

  it('changes the password and ends the other sessions', async () => {
    const account = await api.register();
    const login = await api.call<Session>('POST', '/auth/login', {
      body: { username: account.username, password: PASSWORD },
    });
    const change = (currentPassword: string) =>
      api.call('POST', '/auth/password', {
        token: account.token,
        body: { currentPassword, newPassword: 'battery staple' },
      });
    expect((await change('wrong horse')).status).to.equal(403);
    expect((await change(PASSWORD)).status).to.equal(204);
    expect((await me(account)).status).to.equal(200);
    expect((await me({ token: login.body.accessToken })).status).to.equal(401);
    const signIn = (password: string) =>
      api.call('POST', '/auth/login', { body: { username: account.username, password } });
    expect((await signIn(PASSWORD)).status).to.equal(401);
    expect((await signIn('battery staple')).status).to.equal(200);
  });

  describe('with cookies', () => {
    const signIn = async () => {
      const { username } = await api.register();
      const answer = await api.call<Session>('POST', '/auth/login', {
        body: { username, password: PASSWORD, cookie: true },
      });
      return { answer, cookies: answer.headers.getSetCookie() };
    };

    it('gives the refresh token as a strict HttpOnly cookie only', async () => {
      const { answer, cookies } = await signIn();
      expect(answer.body).not.to.have.property('refreshToken');
      const [refreshCookie, accessCookie] = cookies;
      for (const part of ['HttpOnly', 'Secure', 'SameSite=Strict', 'Path=/api/v1/auth'])
        expect(refreshCookie).to.include(part);
      expect(accessCookie).to.include('parley_access=').and.include('Path=/api/v1/attachments');
    });

    it('refuses to sign in from the page of another site', async () => {
      const { username } = await api.register();
      const answer = await api.refused('POST', '/auth/login', {
        body: new URLSearchParams({ username, password: PASSWORD, cookie: 'true' }).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded', origin: 'https://evil.example' },
      });
      expect(answer.code).to.equal('forbidden');
    });

    it('refreshes by cookie from an allowed origin, and from no other', async () => {
      const cookie = (await signIn()).cookies[0]?.split(';')[0] ?? '';
      const call = (origin: string) =>
        api.call<Session>('POST', '/auth/refresh', { headers: { cookie, origin } });
      expect((await call('https://evil.example')).status).to.equal(403);
      const answer = await call(ORIGIN);
      expect(answer.status).to.equal(200);
      expect(answer.body).not.to.have.property('refreshToken');
      expect(answer.headers.getSetCookie()).to.have.length(2);
    });

    it('signs out by cookie beside an access token that is no longer good', async () => {
      const cookie = (await signIn()).cookies[0]?.split(';')[0] ?? '';
      const headers = { cookie, authorization: 'Bearer worn.out.token' };
      expect((await api.call('POST', '/auth/logout', { headers })).status).to.equal(204);
      expect((await api.call('POST', '/auth/refresh', { headers: { cookie } })).status).to.equal(401);
    });

    it('signs out by cookie and clears it', async () => {
      const cookie = (await signIn()).cookies[0]?.split(';')[0] ?? '';
      const answer = await api.call('POST', '/auth/logout', { headers: { cookie } });
      expect(answer.status).to.equal(204);
      expect(answer.headers.getSetCookie()[0]).to.include('parley_refresh=;');
      expect((await api.call('POST', '/auth/refresh', { headers: { cookie } })).status).to.equal(401);
    });
  });
});

/** Asks until it is so; the test's own timeout ends it. */
async function eventually(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setImmediate(resolve));
}

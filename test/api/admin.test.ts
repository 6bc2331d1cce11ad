import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { Me } from '../../shared/wire/rest.ts';
import { ORIGIN, PASSWORD, startApi, type ApiNode } from '../support/api-node.ts';
import { startServers, type TestServers } from '../support/servers.ts';

const execute = promisify(execFile);
const MAIN = join(import.meta.dirname, '../../api/admin/main.ts');

describe('the admin command', () => {
  let api: ApiNode;
  let servers: TestServers;
  before(async function () {
    this.timeout(240_000);
    servers = await startServers();
    api = await startApi({ servers });
  });
  after(async () => {
    await api?.stop();
  });

  const admin = async (...args: string[]): Promise<string> => {
    const env = { ...process.env, NODE_ENV: 'test', MONGODB_URL: servers.mongodbUrl, PUBLIC_ORIGIN: ORIGIN };
    return (await execute(process.execPath, ['--import', 'tsx', MAIN, ...args], { env })).stdout;
  };

  it('grants and revokes the role of an administrator', async () => {
    const { username, token } = await api.register();
    const role = async () => (await api.call<Me>('GET', '/users/me', { token })).body.role;
    expect(await admin('--grant', username)).to.equal(`${username} is an administrator now.\n`);
    expect(await role()).to.equal('admin');
    await admin('--revoke', username);
    expect(await role()).to.equal('user');
  });

  it('makes a link that sets a new password once and ends all sessions', async () => {
    const { username, token } = await api.register();
    const link = /(https:\S+)/.exec(await admin('--reset', username))?.[1] ?? '';
    expect(link).to.match(new RegExp(`^${ORIGIN}/reset#token=`));
    const body = { token: link.split('#token=')[1], newPassword: 'battery staple' };
    expect((await api.call('POST', '/auth/reset', { body })).status).to.equal(204);
    expect((await api.refused('POST', '/auth/reset', { body })).code).to.equal('unauthorized');
    expect((await api.call('GET', '/users/me', { token })).status).to.equal(401);
    const login = (password: string) => api.call('POST', '/auth/login', { body: { username, password } });
    expect((await login(PASSWORD)).status).to.equal(401);
    expect((await login('battery staple')).status).to.equal(200);
  });

  it('makes links that are refused alike, whether used, old, forged or of nobody', async () => {
    const { id, username } = await api.register();
    const link = /(https:\S+)/.exec(await admin('--reset', username))?.[1] ?? '';
    const token = link.split('#token=')[1] ?? '';
    const reset = async (sent: string) => {
      const body = { token: sent, newPassword: 'battery staple' };
      const { instance: _, ...problem } = await api.refused('POST', '/auth/reset', { body });
      return problem;
    };
    await api.call('POST', '/auth/reset', { body: { token, newPassword: 'battery staple' } });
    const used = await reset(token);
    expect(used).to.include({ status: 401, code: 'unauthorized', detail: 'This link is no longer valid.' });
    const [, expiry = '', seal = ''] = token.split('.');
    for (const other of [
      `${id}.1000000000.${seal}`,
      `${id}.${expiry}.${'A'.repeat(43)}`,
      `${'0'.repeat(24)}.${expiry}.${seal}`,
      'nothing like it',
    ])
      expect(await reset(other), other).to.deep.equal(used);
  });

  it('says in one line what is wrong, with exit code 1', async () => {
    for (const args of [['--grant', 'nobody-here'], [], ['--grant', 'a', '--revoke', 'b']]) {
      const failure = (await admin(...args).catch((error: unknown) => error)) as {
        code: number;
        stderr: string;
      };
      expect(failure.code).to.equal(1);
      expect(failure.stderr.trim().split('\n')).to.have.length(1);
    }
  });
});

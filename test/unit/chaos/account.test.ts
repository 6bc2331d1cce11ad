import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Session } from '../../../shared/wire/rest.ts';
import { Account } from '../../chaos/account.ts';

const session = (n: number): Session => ({
  user: { id: 'u', username: 'ann', displayName: 'Ann', role: 'user', createdAt: '' },
  ...{ accessToken: `access-${n}`, refreshToken: `refresh-${n}`, expiresIn: 900 },
});

describe('a chaos account', () => {
  let server: Server;
  let account: Account | undefined;
  const presented: string[] = [];

  beforeEach(async () => {
    server = createServer((req, res) => {
      let body = '';
      req.on('data', (data) => (body += String(data)));
      req.on('end', () => {
        presented.push((JSON.parse(body) as { refreshToken: string }).refreshToken);
        const isFirst = presented.length === 1;
        res.writeHead(isFirst ? 503 : 200, { 'content-type': 'application/json' });
        res.end(JSON.stringify(isFirst ? {} : session(presented.length)));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    account?.stop();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it('renews its token before it expires, with the same refresh token until that is answered', async () => {
    const place = { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
    const person = { id: 'u', username: 'ann', password: 'p', place, session: session(1) };
    account = new Account(person, 5);
    expect(account.token).to.equal('access-1');
    const renewed = new Promise<string>((resolve) => account?.onToken(resolve));
    expect(await renewed).to.equal('access-2');
    account.stop();
    expect(presented.slice(0, 2)).to.deep.equal(['refresh-1', 'refresh-1']);
    expect(account.token).to.equal('access-2');
  });
});

import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Message, Preview, Room } from '../../shared/wire/rest.ts';
import { startApi, type Account, type ApiNode } from '../support/api-node.ts';
import { startServers, type TestServers } from '../support/servers.ts';

describe('link previews', () => {
  let site: Server;
  let asked: string[] = [];
  let origin: string;
  let servers: TestServers;
  let api: ApiNode;
  let off: ApiNode;
  let ann: Account;
  let bob: Account;
  let eve: Account;
  let room: string;
  before(async function () {
    this.timeout(240_000);
    site = createServer((req, res) => {
      asked.push(req.url ?? '');
      res.writeHead(200, { 'content-type': 'text/html' }).end('<title>Tea &amp; cake</title>');
    });
    site.listen(0, '127.0.0.1');
    await once(site, 'listening');
    const host = `127.0.0.1:${(site.address() as AddressInfo).port}`;
    origin = `http://${host}`;
    servers = await startServers();
    api = await startApi({ servers, env: { LINK_PREVIEW_HOSTS: host } });
    off = await startApi({ servers, env: { LINK_PREVIEW_HOSTS: host, LINK_PREVIEWS: 'off' } });
    [ann, bob, eve] = await Promise.all([api.register('ann'), api.register('bob'), api.register('eve')]);
    const body = { type: 'group', name: 'Links', members: [bob.username] };
    room = (await api.call<Room>('POST', '/rooms', { token: ann.token, body })).body.id;
  });
  beforeEach(() => {
    asked = [];
  });
  after(async function () {
    this.timeout(30_000);
    await off?.stop();
    await api?.stop();
    site?.closeAllConnections();
    site?.close();
  });

  const say = async (text: string): Promise<number> => {
    const body = { clientId: randomUUID(), text };
    return (await api.call<Message>('POST', `/rooms/${room}/messages`, { token: ann.token, body })).body.seq;
  };
  const previews = async (seqs: readonly number[], node = api, who = bob): Promise<readonly Preview[]> => {
    const path = `/rooms/${room}/previews?seqs=${seqs.join()}`;
    return (await node.call<{ previews: readonly Preview[] }>('GET', path, { token: who.token })).body
      .previews;
  };

  it('tell members what stands behind a link, fetched once for all', async () => {
    const seq = await say(`look: ${origin}/tea.`);
    const plain = await say('no link');
    const expected = [{ seq, url: `${origin}/tea`, title: 'Tea & cake' }];
    expect(asked, 'no send fetches anything').to.deep.equal([]);
    expect(await previews([seq, plain])).to.deep.equal(expected);
    expect(await previews([seq], api, ann)).to.deep.equal(expected);
    expect(asked).to.deep.equal(['/tea']);
  });

  it('go with the text: edited and deleted messages have others, or none', async () => {
    const seq = await say(`${origin}/one`);
    const body = { text: `${origin}/two` };
    await api.call('PATCH', `/rooms/${room}/messages/${seq}`, { token: ann.token, body });
    expect((await previews([seq]))[0]?.url).to.equal(`${origin}/two`);
    await api.call('PATCH', `/rooms/${room}/messages/${seq}`, {
      token: ann.token,
      body: { text: `<${origin}/two>` },
    });
    expect(await previews([seq]), 'the writer wants none').to.deep.equal([]);
    await api.call('DELETE', `/rooms/${room}/messages/${seq}`, { token: ann.token });
    expect(await previews([seq])).to.deep.equal([]);
    expect(asked).to.deep.equal(['/two']);
  });

  it('are none for what stands inside: nothing is fetched from there', async () => {
    const { port } = new URL(origin);
    const seqs = [];
    for (const host of [`localhost:${port}`, `[::ffff:127.0.0.1]:${port}`, '127.0.0.1', '169.254.169.254'])
      seqs.push(await say(`http://${host}/inside`));
    expect(await previews(seqs)).to.deep.equal([]);
    expect(asked).to.deep.equal([]);
  });

  it('are none, and nothing is fetched, where they are switched off', async () => {
    const seq = await say(`${origin}/off`);
    expect(await previews([seq], off)).to.deep.equal([]);
    expect(asked).to.deep.equal([]);
  });

  it('are refused to strangers and to those who ask for nothing or too much', async () => {
    const seq = await say(`${origin}/private`);
    const path = `/rooms/${room}/previews`;
    const stranger = await api.refused('GET', `${path}?seqs=${seq}`, { token: eve.token });
    expect(stranger.code).to.equal('not_found');
    expect((await api.refused('GET', `${path}?seqs=${seq}`)).code).to.equal('unauthorized');
    const many = Array.from({ length: 21 }, (_, i) => i + 1).join();
    for (const query of ['', '?seqs=', '?seqs=x', '?seqs=0', '?seqs=1,,2', `?seqs=${many}`, '?seqs=1&url=x'])
      expect((await api.refused('GET', path + query, { token: bob.token })).code, query).to.equal('invalid');
    expect(await previews([9_999_999])).to.deep.equal([]);
    expect(asked).to.deep.equal([]);
  });
});

import { expect } from 'chai';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Gate, type Resolve } from '../../../../api/services/previews/gate.ts';
import { fetchCard } from '../../../../api/services/previews/page.ts';
import { previewedLink } from '../../../../api/services/previews/link.ts';

const HTML = { 'content-type': 'text/html; charset=utf-8' };
const page = (head: string): string => `<!doctype html><html><head>${head}</head><body>x</body></html>`;

describe('the pages behind links', () => {
  let server: Server;
  let answer: RequestListener;
  let asked: string[];
  let port: number;
  before(async () => {
    server = createServer((req, res) => {
      asked.push(req.url ?? '');
      answer(req, res);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  beforeEach(() => {
    asked = [];
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const local: Resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
  const open = (): Gate => new Gate({ allowed: [`a.example:${port}`], resolve: local });
  const card = (path = '/', ms?: number, gate = open()) =>
    fetchCard(`http://a.example:${port}${path}`, gate, ms);
  const serve = (body: string | Buffer, headers: Record<string, string> = HTML): void => {
    answer = (_req, res) => res.writeHead(200, headers).end(body);
  };

  it('give title, description and site', async () => {
    serve(
      page(
        '<title>Plain</title><meta property="og:title" content="A &amp; B"><meta property="og:site_name" content="Ex"><meta name="description" content=" two\n words ">',
      ),
    );
    expect(await card()).to.deep.equal({ title: 'A & B', description: 'two words', site: 'Ex' });
  });
  it('give their title where they say no more, and nothing without one', async () => {
    serve(page('<title>Only <b>this</title>'));
    expect(await card()).to.deep.equal({ title: 'Only <b>this' });
    serve(page('<meta name="description" content="x">'));
    expect(await card()).to.equal(undefined);
  });
  it('are cut where they say too much, and hide nothing', async () => {
    serve(page(`<title>\u202Eevil\u0007\u200B ${'long '.repeat(400)}</title>`));
    const { title } = (await card())!;
    expect(title)
      .to.have.length.at.most(200)
      .and.match(/^evil long .*…$/);
  });
  it('are read in the charset they name', async () => {
    serve(Buffer.from('<title>caf\xe9</title>', 'latin1'), {
      'content-type': 'text/html; charset=iso-8859-1',
    });
    expect((await card())?.title).to.equal('café');
    serve('<title>x</title>', { 'content-type': 'text/html; charset=no-such' });
    expect((await card())?.title).to.equal('x');
  });
  it('are not read when they are something else', async () => {
    for (const type of ['image/png', 'application/json', 'text/plain', 'text/htmlx', '']) {
      serve(page('<title>x</title>'), type === '' ? {} : { 'content-type': type });
      expect(await card(), type).to.equal(undefined);
    }
    answer = (_req, res) => res.writeHead(404, HTML).end(page('<title>Not found</title>'));
    expect(await card()).to.equal(undefined);
  });
  it('are not unpacked, so that a bomb stays packed', async () => {
    serve(gzipSync(page(`<title>x</title>${' '.repeat(10_000_000)}`)), {
      ...HTML,
      'content-encoding': 'gzip',
    });
    expect(await card()).to.equal(undefined);
  });
  it('are read no further than half a megabyte, and the rest is refused', async () => {
    const sent = { bytes: 0, closed: false };
    answer = (req, res) => {
      res.writeHead(200, HTML);
      const more = (): void => {
        sent.bytes += 65_536;
        if (!req.destroyed && res.write(' '.repeat(65_536))) setImmediate(more);
        else res.once('drain', more);
      };
      res.on('close', () => (sent.closed = true));
      more();
    };
    expect(await card()).to.equal(undefined);
    while (!sent.closed) await new Promise((resolve) => setImmediate(resolve));
    expect(sent.bytes).to.be.below(20_000_000);
  });
  it('end where their head does', async () => {
    answer = (_req, res) => res.writeHead(200, HTML).write(page('<title>quick</title>'));
    expect(await card()).to.deep.equal({ title: 'quick' });
  });
  it('are given up when they are slow, in head or body', async () => {
    answer = () => undefined;
    expect(await card('/', 100)).to.equal(undefined);
    answer = (_req, res) => res.writeHead(200, HTML).write('<title>never');
    expect(await card('/', 100)).to.equal(undefined);
  });
  it('are followed three redirects far', async () => {
    answer = (req, res) => {
      const left = Number(req.url?.slice(1));
      if (left > 0) res.writeHead(302, { location: `/${left - 1}` }).end();
      else res.writeHead(200, HTML).end(page('<title>there</title>'));
    };
    expect(await card('/3')).to.deep.equal({ title: 'there' });
    expect(await card('/4')).to.equal(undefined);
  });
  it('are not followed to where nothing may be fetched', async () => {
    const bad = ['http://127.0.0.1/', `http://127.0.0.1:${port}/in`, `http://[::ffff:127.0.0.1]:${port}/in`];
    const worse = [
      'file:///etc/passwd',
      'http://169.254.169.254/latest',
      `http://b.example:${port}/in`,
      'http://',
    ];
    for (const location of [...bad, ...worse]) {
      asked = [];
      answer = (_req, res) => res.writeHead(301, { location }).end();
      expect(await card(), location).to.equal(undefined);
      expect(asked, location).to.deep.equal(['/']);
    }
  });
  it('are not reached by a name that changes its mind', async () => {
    let turn = 0;
    const gate = new Gate({
      resolve: () => {
        turn += 1;
        return Promise.resolve([{ address: turn === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }]);
      },
    });
    serve(page('<title>secret</title>'));
    for (let tries = 0; tries < 3; tries += 1)
      expect(await fetchCard('http://rebind.example/', gate, 500)).to.equal(undefined);
    expect(turn, 'asked once for each connection').to.equal(3);
    expect(asked).to.deep.equal([]);
  });
  it('get no cookie, no referrer and no name of a user', async () => {
    let headers: Record<string, unknown> = {};
    answer = (req, res) => {
      ({ headers } = req);
      res.writeHead(200, HTML).end(page('<title>x</title>'));
    };
    await card();
    expect(headers).not.to.have.any.keys('cookie', 'referer', 'authorization', 'x-forwarded-for');
    expect(headers['accept-encoding']).to.equal('identity');
  });
});

describe('the link that has a preview', () => {
  it('is the first, without the sentence around it', () => {
    expect(previewedLink('see (https://a.example/b), https://c.example')).to.equal('https://a.example/b');
    expect(previewedLink('**https://a.example/x_(y)**')).to.equal('https://a.example/x_(y)');
    expect(previewedLink('[docs](https://a.example/b)')).to.equal('https://a.example/b');
  });
  it('is none in code, and none in <…>, which is how one says no', () => {
    for (const text of [
      '`https://a.example`',
      '```\nhttps://a.example\n```',
      '<https://a.example>',
      'no',
      'http://',
    ])
      expect(previewedLink(text), text).to.equal(undefined);
  });
});

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { expect } from 'chai';
import { Agent, fetch, type RequestInit, type Response } from 'undici';
import WebSocket, { WebSocketServer } from 'ws';
import { ensureCertificates } from '../../local/certificates.ts';
import { run } from '../../local/command.ts';
import { findNginx } from '../../local/find/nginx.ts';
import { silent } from '../../local/output.ts';
import { ROOT } from '../../local/paths.ts';
import { Ports } from '../../local/ports.ts';
import { Supervised } from '../../local/processes.ts';
import { renderNginx, type NginxSettings } from '../../nginx/render.ts';

interface Upstream {
  readonly server: Server;
  readonly seen: IncomingMessage[];
  readonly address: string;
}

describe('NGINX as rendered for one machine', function () {
  this.timeout(180_000);
  let folder: string;
  let nginx: Supervised;
  let origin: string;
  let plain: string;
  let ca: string;
  let agent: Agent;
  let api: Upstream;
  let full: Upstream;
  let gateway: Upstream;
  let nobody: string;
  const ports = new Ports();

  const upstream = async (answer: (request: IncomingMessage) => number): Promise<Upstream> => {
    const seen: IncomingMessage[] = [];
    const server = createServer((request, response) => {
      seen.push(request);
      request.resume().on('end', () => {
        response.writeHead(answer(request), {
          'content-type': 'application/json',
          'x-content-type-options': 'own',
        });
        response.end(JSON.stringify({ url: request.url, filling: 'x'.repeat(2_000) }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { server, seen, address: `127.0.0.1:${(server.address() as AddressInfo).port}` };
  };

  const get = async (path: string, init: RequestInit = {}): Promise<Response> =>
    await fetch(`${origin}${path}`, { dispatcher: agent, redirect: 'manual', ...init });

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-nginx-'));
    const choice = await findNginx(silent);
    const client = join(folder, 'client');
    await mkdir(join(client, 'assets'), { recursive: true });
    await writeFile(join(client, 'index.html'), '<!doctype html><title>Parley</title>');
    await writeFile(join(client, 'assets', 'app-1a2b.js'), `/*${'x'.repeat(4_000)}*/`);
    api = await upstream(() => 200);
    full = await upstream(() => 503);
    full.server.on('upgrade', (request, socket) => {
      full.seen.push(request);
      socket.end('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n');
    });
    gateway = await upstream(() => 426);
    const sockets = new WebSocketServer({ server: gateway.server, handleProtocols: () => 'parley.v1' });
    sockets.on('connection', (socket, request) => {
      gateway.seen.push(request);
      socket.on('message', (data) => socket.send(data, { binary: false }));
    });

    const [port, httpPort] = [await ports.take(), await ports.take()];
    nobody = `127.0.0.1:${await ports.take()}`;
    const certificates = await ensureCertificates(join(folder, 'tls'));
    origin = `https://localhost:${port}`;
    plain = `http://localhost:${httpPort}`;
    ca = await readFile(certificates.ca, 'utf8');
    agent = new Agent({ connect: { ca } });
    await configure({
      run: folder,
      user: process.getuid?.() === 0 ? 'root' : undefined,
      accessLog: join(folder, 'access.log'),
      errorLog: join(folder, 'error.log'),
      mimeTypes: join(ROOT, 'nginx', 'mime.types'),
      workers: 1,
      connections: 256,
      files: 512,
      certificate: certificates.certificate,
      key: certificates.key,
      https: [`127.0.0.1:${port}`],
      http: [`127.0.0.1:${httpPort}`],
      publicPort: port,
      api: [api.address],
      gateways: [full.address, gateway.address],
      client,
      hstsSeconds: 300,
      version: choice.version,
    });
    const config = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')];
    const checked = await run(choice.program, [...config, '-t']);
    expect(checked.ok, checked.output).to.equal(true);
    expect(checked.output).not.to.include('[warn]');
    nginx = new Supervised(
      {
        name: 'nginx',
        program: choice.program,
        args: config,
        log: join(folder, 'nginx.log'),
        isReady: async () => (await fetch(plain, { redirect: 'manual' })).status === 308,
        grace: 3_000,
      },
      { onChange: () => undefined, onTrouble: () => undefined },
    );
    await nginx.start();
  });

  const configure = async (settings: NginxSettings): Promise<void> => {
    const template = await readFile(join(ROOT, 'nginx', 'nginx.conf.template'), 'utf8');
    await writeFile(join(folder, 'nginx.conf'), renderNginx(template, settings));
  };

  after(async () => {
    await agent.destroy();
    await nginx.stop();
    ports.close();
    for (const { server } of [api, full, gateway]) {
      server.closeAllConnections();
      server.close();
    }
    await rm(folder, { recursive: true });
  });

  it('sends HTTP to HTTPS, query included', async () => {
    const response = await fetch(`${plain}/rooms/1?x=2`, { redirect: 'manual' });
    expect([response.status, response.headers.get('location')]).to.deep.equal([308, `${origin}/rooms/1?x=2`]);
  });

  it('speaks TLS 1.2 and 1.3 and nothing older', async () => {
    const speak = (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'): Promise<string> =>
      new Promise((resolve) => {
        const socket = connect(
          {
            port: Number(new URL(origin).port),
            host: 'localhost',
            ca,
            minVersion: version,
            maxVersion: version,
            ciphers: 'DEFAULT@SECLEVEL=0',
          },
          () => {
            resolve(socket.getProtocol() ?? 'none');
            socket.destroy();
          },
        ).on('error', () => resolve('refused'));
      });
    expect(await Promise.all([speak('TLSv1.1'), speak('TLSv1.2'), speak('TLSv1.3')])).to.deep.equal([
      'refused',
      'TLSv1.2',
      'TLSv1.3',
    ]);
  });

  it('puts its headers on pages and on answers of the API, once each', async () => {
    for (const path of ['/', '/assets/app-1a2b.js', '/api/v1/users', '/metrics', '/assets/none.js']) {
      const { headers } = await get(path);
      expect(headers.get('strict-transport-security'), path).to.equal('max-age=300');
      expect(headers.get('x-content-type-options'), path).to.equal('nosniff');
      expect(headers.get('referrer-policy'), path).to.equal('no-referrer');
      expect(headers.get('permissions-policy'), path).to.include('camera=()');
      expect(headers.get('server'), path).to.equal('nginx');
    }
  });

  it('lets pages load and connect to this origin only', async () => {
    const csp = (await get('/')).headers.get('content-security-policy') ?? '';
    for (const rule of [
      `default-src 'self'`,
      `script-src 'self';`,
      `frame-ancestors 'none'`,
      `object-src 'none'`,
      `connect-src 'self' wss://${new URL(origin).host};`,
    ])
      expect(csp).to.include(rule);
    expect((await get('/api/v1/users')).headers.get('content-security-policy')).to.equal(null);
  });

  it('gives the page for every path of the client, never cached unasked', async () => {
    for (const path of ['/', '/rooms/65a', '/index.html']) {
      const response = await get(path);
      expect(response.headers.get('cache-control')).to.equal('no-cache');
      expect(await response.text()).to.include('<title>Parley</title>');
    }
  });

  it('lets hashed assets be kept for a year, but not their absence', async () => {
    const asset = await get('/assets/app-1a2b.js');
    expect(asset.headers.get('cache-control')).to.equal('public, max-age=31536000, immutable');
    expect(asset.headers.get('content-type')).to.include('text/javascript');
    const missing = await get('/assets/app-none.js');
    expect([missing.status, missing.headers.get('cache-control')]).to.deep.equal([404, null]);
  });

  it('compresses assets and answers, except those that carry tokens', async () => {
    const encoding = async (path: string) =>
      (await get(path, { headers: { 'accept-encoding': 'gzip' } })).headers.get('content-encoding');
    expect(await encoding('/assets/app-1a2b.js')).to.equal('gzip');
    expect(await encoding('/api/v1/rooms')).to.equal('gzip');
    expect(await encoding('/api/v1/auth/sessions')).to.equal(null);
  });

  it('tells the API the real address, whatever the client claims', async () => {
    await get('/api/v1/users', {
      headers: { 'x-forwarded-for': '6.6.6.6', forwarded: 'for=6.6.6.6', 'x-forwarded-proto': 'http' },
    });
    const headers = api.seen.at(-1)?.headers ?? {};
    expect(headers['x-forwarded-for']).to.equal('127.0.0.1');
    expect(headers['x-forwarded-proto']).to.equal('https');
    expect(headers).not.to.have.property('forwarded');
    expect(headers.host).to.equal(new URL(origin).host);
  });

  it('passes a plain request id on and replaces any other', async () => {
    const idOf = async (id: string) => {
      await get('/api/v1/users', { headers: { 'x-request-id': id } });
      return api.seen.at(-1)?.headers['x-request-id'];
    };
    expect(await idOf('trace-12345678')).to.equal('trace-12345678');
    expect(await idOf('a"b c=<script>')).to.match(/^[0-9a-f]{32}$/);
  });

  it('keeps the ports of the processes to themselves', async () => {
    for (const path of [
      '/internal',
      '/internal/sends',
      '/metrics',
      '/%6detrics',
      '//metrics',
      '/x/../internal/sends',
    ])
      expect((await get(path)).status, path).to.equal(404);
    expect(api.seen.some(({ url }) => /internal|metrics/.test(url ?? ''))).to.equal(false);
  });

  it('answers with a problem when the body is too large', async () => {
    const response = await get('/api/v1/rooms', { method: 'POST', body: 'x'.repeat(1_100_000) });
    expect(response.status).to.equal(413);
    expect(response.headers.get('content-type')).to.include('application/problem+json');
    expect(await response.json()).to.include({ status: 413, code: 'too_large' });
  });

  it('lets attachments be larger', async () => {
    expect(
      (await get('/api/v1/attachments?room=1', { method: 'POST', body: 'x'.repeat(1_100_000) })).status,
    ).to.equal(200);
  });

  it('answers with a problem when the headers are too large', async () => {
    const response = await get('/api/v1/rooms', { headers: { 'x-big': 'x'.repeat(40_000) } });
    expect(response.status).to.equal(400);
    expect(await response.json()).to.include({ code: 'invalid' });
  });

  it('carries sockets, passing over a gateway that refuses', async () => {
    for (let i = 0; i < 6; i++) {
      const socket = new WebSocket(`${origin.replace('https', 'wss')}/ws`, 'parley.v1', { ca });
      const echoed = new Promise((resolve, reject) => {
        socket.on('open', () => socket.send('hello'));
        socket.on('message', (data) => resolve(String(data)));
        socket.on('error', reject);
      });
      expect(await echoed).to.equal('hello');
      expect(socket.protocol).to.equal('parley.v1');
      socket.terminate();
    }
    expect(full.seen.length).to.be.above(0);
    expect(gateway.seen.at(-1)?.headers['x-forwarded-for']).to.equal('127.0.0.1');
  });

  it('logs paths, never queries, cookies or tokens', async () => {
    await get('/api/v1/search?q=zebra', {
      headers: { authorization: 'Bearer tok3n', cookie: 'refresh=cookie5' },
    });
    await nginx.kill('SIGUSR1');
    const log = await readFile(join(folder, 'access.log'), 'utf8');
    expect(log).to.include('"GET /api/v1/search HTTP/1.1" 200');
    for (const secret of ['zebra', 'tok3n', 'cookie5']) expect(log).not.to.include(secret);
  });

  it('answers with a problem and Retry-After when no node is there', async () => {
    const path = join(folder, 'nginx.conf');
    const config = await readFile(path, 'utf8');
    await writeFile(path, config.replaceAll(api.address, nobody));
    await nginx.stop();
    await nginx.start();
    const response = await get('/api/v1/search?q=giraffe');
    expect(response.status).to.equal(503);
    expect(response.headers.get('retry-after')).to.equal('1');
    expect(response.headers.get('content-type')).to.include('application/problem+json');
    expect(await response.json()).to.include({ status: 503, code: 'unavailable' });
    expect(await readFile(join(folder, 'error.log'), 'utf8')).not.to.include('giraffe');
  });
});

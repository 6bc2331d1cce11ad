import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ensureCertificates } from '../../../local/certificates.ts';

describe('certificates', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'parley-'))));
  afterEach(() => rm(folder, { recursive: true }));

  const read = async (path: string) => new X509Certificate(await readFile(path));

  it('are signed by the local CA for localhost by name and address', async () => {
    const paths = await ensureCertificates(folder);
    const [ca, server] = [await read(paths.ca), await read(paths.certificate)];
    expect(ca.ca).to.equal(true);
    expect(server.verify(ca.publicKey)).to.equal(true);
    expect(server.checkHost('localhost')).to.equal('localhost');
    expect(server.checkIP('127.0.0.1')).to.equal('127.0.0.1');
    expect(server.checkIP('::1')).to.equal('::1');
    expect(
      server.checkPrivateKey((await import('node:crypto')).createPrivateKey(await readFile(paths.key))),
    ).to.equal(true);
  });

  it('keep their keys from others', async () => {
    const { key } = await ensureCertificates(folder);
    for (const path of [key, join(folder, 'ca.key')]) expect((await stat(path)).mode & 0o777).to.equal(0o600);
  });

  it('stay as they are while they are good', async () => {
    const { certificate } = await ensureCertificates(folder);
    const before = await readFile(certificate, 'utf8');
    await ensureCertificates(folder);
    expect(await readFile(certificate, 'utf8')).to.equal(before);
  });

  it('are issued again for a further name, by the same CA', async () => {
    const { ca, certificate } = await ensureCertificates(folder);
    const before = await readFile(ca, 'utf8');
    await ensureCertificates(folder, ['chat.example.org']);
    expect(await readFile(ca, 'utf8')).to.equal(before);
    expect((await read(certificate)).checkHost('chat.example.org')).to.equal('chat.example.org');
  });

  it('are issued again when the CA is another', async () => {
    const { ca, certificate } = await ensureCertificates(folder);
    await rm(join(folder, 'ca.key'));
    await ensureCertificates(folder);
    expect((await read(certificate)).verify((await read(ca)).publicKey)).to.equal(true);
  });

  it('are accepted by a client that trusts the CA', async () => {
    const paths = await ensureCertificates(folder);
    const server = createServer(
      { cert: await readFile(paths.certificate), key: await readFile(paths.key) },
      (_q, r) => r.end('hi'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const ca = await readFile(paths.ca);
    const status = await new Promise((resolve, reject) =>
      get(`https://localhost:${port}/`, { ca, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject),
    );
    server.closeAllConnections();
    server.close();
    expect(status).to.equal(200);
  });
});

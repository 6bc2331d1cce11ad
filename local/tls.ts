/**
 * `node dist/local/tls.js DIR [NAME …]`: a local CA and a server certificate for localhost and the DNS names, unless DIR
 * holds good ones. docker-compose.yml runs it once before NGINX.
 */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureCertificates } from './certificates.ts';
import { SetupError } from './errors.ts';
import { withErrors } from './exit.ts';

await withErrors(async () => {
  const [folder, ...names] = process.argv.slice(2);
  if (folder === undefined) throw new SetupError('usage: tls.js DIR [NAME …]');
  if (await isSomeoneElses(folder)) return console.log(`${folder} holds a certificate of your own`);
  const { certificate } = await ensureCertificates(
    folder,
    names.filter((name) => name !== ''),
  );
  console.log(`certificate: ${certificate}`);
});

/** A server certificate without our CA beside it was put there by the operator. */
async function isSomeoneElses(folder: string): Promise<boolean> {
  const has = (name: string) =>
    access(join(folder, name)).then(
      () => true,
      () => false,
    );
  return (await has('server.crt')) && !(await has('ca.key'));
}

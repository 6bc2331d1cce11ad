/** `npm run trust [-- --data DIR]`: lets the system and the browsers on it accept the local CA. */
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { aptInstall, canApt } from './apt.ts';
import { ensureCertificates } from './certificates.ts';
import { onPath, run } from './command.ts';
import { SetupError } from './errors.ts';
import { withErrors } from './exit.ts';
import { createOutput, type Output } from './output.ts';
import { pathsOf } from './paths.ts';

const NAME = 'Parley local CA';
const SYSTEM_FOLDER = '/usr/local/share/ca-certificates';

await withErrors(async () => {
  const { values } = parseArgs({ options: { data: { type: 'string', default: '.data' } } });
  const { ca } = await ensureCertificates(pathsOf(values.data).tls);
  if (!(await canApt())) return console.log(byHand(ca));
  const output = createOutput();
  await trustInSystem(ca, output);
  await trustInBrowsers(ca, output);
});

async function trustInSystem(ca: string, output: Output): Promise<void> {
  const program = await need('update-ca-certificates', 'ca-certificates', output);
  await mkdir(SYSTEM_FOLDER, { recursive: true });
  await copyFile(ca, join(SYSTEM_FOLDER, 'parley-local-ca.crt'));
  const { ok, output: said } = await run(program, []);
  if (!ok) throw new SetupError(`update-ca-certificates failed: ${said}`);
  output.line('system', `trusts ${ca}`);
}

async function trustInBrowsers(ca: string, output: Output): Promise<void> {
  const certutil = await need('certutil', 'libnss3-tools', output);
  for (const folder of await browserStores()) {
    const store = ['-d', `sql:${folder}`];
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const fresh = !(await run(certutil, [...store, '-L'])).ok;
    if (fresh) await run(certutil, [...store, '-N', '--empty-password']);
    // An older CA of the same name would stand in the way; there may be none.
    await run(certutil, [...store, '-D', '-n', NAME]);
    const { ok, output: said } = await run(certutil, [...store, '-A', '-t', 'C,,', '-n', NAME, '-i', ca]);
    if (ok) output.line('browsers', `${folder} trusts it (restart the browser)`);
    else output.warn('browsers', `${folder}: ${said}`);
  }
}

/** Chromium's store (made if there is none) and that of each Firefox profile of this user. */
async function browserStores(): Promise<readonly string[]> {
  const firefox = join(homedir(), '.mozilla', 'firefox');
  const profiles = await readdir(firefox, { withFileTypes: true }).catch(() => []);
  const withStore: string[] = [];
  for (const profile of profiles.filter((entry) => entry.isDirectory())) {
    const folder = join(firefox, profile.name);
    if ((await readdir(folder)).includes('cert9.db')) withStore.push(folder);
  }
  return [join(homedir(), '.pki', 'nssdb'), ...withStore];
}

async function need(program: string, debian: string, output: Output): Promise<string> {
  const found = await onPath(program);
  if (found !== undefined) return found;
  const problem = await aptInstall([debian], 'trust', output);
  const installed = await onPath(program);
  if (installed !== undefined) return installed;
  throw new SetupError(`${program} is missing and ${debian} cannot be installed: ${problem ?? 'unknown'}`);
}

const byHand = (ca: string): string => `
  The local CA is ${ca}. This user or system cannot be set up from here; one of these lets browsers accept it:

  Debian, Ubuntu   sudo npm run trust
  Fedora           sudo cp "${ca}" /etc/pki/ca-trust/source/anchors/parley.pem && sudo update-ca-trust
  macOS            sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain "${ca}"
  Windows          certutil -addstore -f ROOT "${ca}"
  Firefox          Settings → Privacy & Security → View Certificates → Authorities → Import
`;

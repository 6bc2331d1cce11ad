import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeAtomically } from './files.ts';

/** Paths of PEM files: the local CA people may trust, and the server certificate it signed. */
export interface Certificates {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const DAY = 24 * 3_600_000;
const CA_DAYS = 3_650;
/** Apple's systems refuse server certificates that live longer than 825 days, browsers those beyond 398. */
const SERVER_DAYS = 397;
/** Renewed this long before the end. */
const RENEW_DAYS = 30;
const NAMES = ['localhost', '127.0.0.1', '::1'] as const;
const USAGE = x509.KeyUsageFlags;
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';

/**
 * The certificates in `folder`, made or renewed where they are missing or near their end, and valid for localhost,
 * 127.0.0.1, ::1 and the DNS `names`. A new CA always brings a new server certificate.
 */
export async function ensureCertificates(
  folder: string,
  names: readonly string[] = [],
): Promise<Certificates> {
  const paths = { ca: join(folder, 'ca.crt'), caKey: join(folder, 'ca.key') };
  const server = { certificate: join(folder, 'server.crt'), key: join(folder, 'server.key') };
  const all = [...new Set([...NAMES, ...names])];

  const ca = (await readPair(paths.ca, paths.caKey)) ?? (await newAuthority(paths.ca, paths.caKey));
  if (!(await isGood(server, ca.certificate, all))) await issue(server, ca, all);
  return { ca: paths.ca, ...server };
}

interface Pair {
  readonly certificate: x509.X509Certificate;
  readonly key: CryptoKey;
}

async function readPair(certificatePath: string, keyPath: string): Promise<Pair | undefined> {
  const [certificate, pem] = await Promise.all([readCertificate(certificatePath), readText(keyPath)]);
  if (certificate === undefined || pem === undefined || !hasTime(certificate)) return undefined;
  const [der] = x509.PemConverter.decode(pem);
  if (der === undefined) return undefined;
  const key = await crypto.subtle.importKey('pkcs8', der, ALGORITHM, true, ['sign']);
  return { certificate, key };
}

async function newAuthority(certificatePath: string, keyPath: string): Promise<Pair> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: `CN=Parley local CA ${new Date().toISOString().slice(0, 10)}, O=Parley`,
    ...validity(CA_DAYS),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(USAGE.keyCertSign | USAGE.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  await writeKey(keyPath, keys.privateKey);
  await writeAtomically(certificatePath, `${certificate.toString('pem')}\n`);
  return { certificate, key: keys.privateKey };
}

async function issue(
  paths: { readonly certificate: string; readonly key: string },
  ca: Pair,
  names: readonly string[],
): Promise<void> {
  const keys = await crypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    subject: 'CN=localhost, O=Parley',
    issuer: ca.certificate.subject,
    ...validity(SERVER_DAYS),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: ca.key,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(USAGE.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([SERVER_AUTH]),
      new x509.SubjectAlternativeNameExtension(names.map(alternativeName)),
      await x509.AuthorityKeyIdentifierExtension.create(ca.certificate.publicKey),
    ],
  });
  await writeKey(paths.key, keys.privateKey);
  await writeAtomically(paths.certificate, `${certificate.toString('pem')}\n`);
}

async function isGood(
  paths: { readonly certificate: string; readonly key: string },
  authority: x509.X509Certificate,
  names: readonly string[],
): Promise<boolean> {
  const [certificate, key] = await Promise.all([readCertificate(paths.certificate), readText(paths.key)]);
  if (certificate === undefined || key === undefined || !hasTime(certificate)) return false;
  const present = certificate.getExtension(x509.SubjectAlternativeNameExtension)?.names.toJSON() ?? [];
  const has = new Set(present.map((name) => canonical(name.value)));
  if (!names.every((name) => has.has(canonical(name)))) return false;
  return await certificate.verify({ publicKey: authority, signatureOnly: true });
}

const alternativeName = (name: string): x509.JsonGeneralName => ({
  type: /^[\d.]+$|:/.test(name) ? 'ip' : 'dns',
  value: name,
});

/** ::1 is spelled in full by some parsers. */
const canonical = (name: string): string => (/^(0*:)+0*1$/.test(name) ? '::1' : name);

/** From a day ago, for clocks that are behind. */
function validity(days: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(Date.now() - DAY), notAfter: new Date(Date.now() + (days - 1) * DAY) };
}

const hasTime = (certificate: x509.X509Certificate): boolean =>
  certificate.notAfter.getTime() > Date.now() + RENEW_DAYS * DAY;

async function readCertificate(path: string): Promise<x509.X509Certificate | undefined> {
  const pem = await readText(path);
  try {
    return pem === undefined ? undefined : new x509.X509Certificate(pem);
  } catch {
    return undefined;
  }
}

const readText = (path: string): Promise<string | undefined> => readFile(path, 'utf8').catch(() => undefined);

async function writeKey(path: string, key: CryptoKey): Promise<void> {
  const der = await crypto.subtle.exportKey('pkcs8', key);
  await writeAtomically(path, `${x509.PemConverter.encode(der, 'PRIVATE KEY')}\n`, 0o600);
  await chmod(path, 0o600);
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ask } from './run.ts';

/** Asked only where this machine's own sources name no Debian mirror (Ubuntu's machines, say). */
const FALLBACK_MIRROR = 'http://deb.debian.org/debian';

/** A mirror of Debian itself: its last path segment is `debian`, unlike those for security updates or other vendors. */
const DEBIAN_MIRROR = /\bhttps?:\/\/\S+?\/debian\/?(?=\s|$)/;

/** The first Debian mirror that a sources file (one-line or deb822 style) has switched on, if any. */
export function mirrorOf(sources: string): string | undefined {
  for (const line of sources.split('\n')) {
    if (!/^(deb\s|uris:)/i.test(line.trim())) continue;
    const found = DEBIAN_MIRROR.exec(line)?.[0];
    if (found) return found;
  }
  return undefined;
}

/** The Debian mirror this machine's apt uses. */
export async function findMirror(apt = '/etc/apt'): Promise<string> {
  const parts = await readdir(join(apt, 'sources.list.d')).catch(() => []);
  const listed = parts
    .filter((name) => /\.(list|sources)$/.test(name))
    .map((name) => join('sources.list.d', name));
  for (const name of ['sources.list', ...listed]) {
    const text = await readFile(join(apt, name), 'utf8').catch(() => '');
    const mirror = mirrorOf(text);
    if (mirror) return mirror;
  }
  return FALLBACK_MIRROR;
}

/** This machine's settings of how apt fetches (proxies, retries, certificates), as lines of an apt.conf. */
export async function fetchSettings(): Promise<string[]> {
  const dump = (await ask('apt-config', ['dump', 'Acquire'])) ?? [];
  return dump.filter((line) => /^Acquire::(https?|ftp|Retries|ForceIPv[46]|Check-Date)\b/i.test(line));
}

/** Environment for programs that fetch without apt (debootstrap): apt's proxies, where the environment names none. */
export async function proxyEnvironment(): Promise<NodeJS.ProcessEnv> {
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const scheme of ['http', 'https']) {
    const [answer = ''] = (await ask('apt-config', ['shell', 'PROXY', `Acquire::${scheme}::Proxy`])) ?? [];
    const proxy = /^PROXY='(.+)'$/.exec(answer)?.[1];
    if (proxy && proxy !== 'DIRECT') env[`${scheme}_proxy`] ??= proxy;
  }
  return env;
}

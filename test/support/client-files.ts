import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { ROOT } from '../../local/paths.ts';

const CLIENT = join(ROOT, 'dist/client');

/** Bytes of one of the built client's files as NGINX sends it; `path` as in its address. */
export function sentBytes(path: string): number {
  const content = readFileSync(join(CLIENT, path));
  return path.endsWith('.woff2') ? content.length : gzipSync(content, { level: 5 }).length;
}

/** What the page needs at once, and what the chunk called `name` does, with all that these import. */
export function filesOf(name: string): readonly string[] {
  const page = readFileSync(join(CLIENT, 'index.html'), 'utf8');
  const named = [...page.matchAll(/(?:src|href)="(\/[\w./-]+)"/g)].map((found) => found[1] ?? '');
  const chunk = readdirSync(join(CLIENT, 'assets')).filter((file) => file.startsWith(`${name}-`));
  const files = new Set(['/index.html', ...named, ...chunk.map((file) => `/assets/${file}`)]);
  // What is added while going through a set comes in its turn.
  for (const file of files) for (const next of importsOf(file)) files.add(next);
  return [...files];
}

function importsOf(file: string): readonly string[] {
  if (!file.endsWith('.js')) return [];
  const code = readFileSync(join(CLIENT, file), 'utf8');
  return [...code.matchAll(/(?:import|from)\s*["']\.\/([\w.-]+)["']/g)].map(
    (found) => `/assets/${found[1] ?? ''}`,
  );
}

/** The letters of most of what is read. */
export function latinFont(): string {
  const font = readdirSync(join(CLIENT, 'assets')).find((file) =>
    /^inter-latin-(?!ext).*\.woff2$/.test(file),
  );
  return `/assets/${font ?? ''}`;
}

import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from './errors.ts';
import { identify, isAlive, type Identity } from './identity.ts';

/** Writes beside, then renames: a reader sees the old text or the new, never half of one. */
export async function writeAtomically(path: string, text: string, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.new`;
  await writeFile(beside, text, { mode });
  await rename(beside, path);
}

/** The parsed JSON of a file; undefined when it is absent or no JSON. */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Takes the lock at `path` for this process and gives the release; or, when another living process holds it, gives that
 * process. A lock whose holder is dead is taken over.
 */
export async function takeLock(
  path: string,
): Promise<{ release: () => Promise<void> } | { heldBy: Identity }> {
  await mkdir(dirname(path), { recursive: true });
  // Of this call alone: several of one process may ask at once.
  const own = `${path}.${randomUUID()}`;
  await writeFile(own, JSON.stringify(await identify(process.pid)));
  try {
    for (;;) {
      // A link appears whole: nobody ever reads a lock that is not written yet.
      if (await linked(own, path)) return { release: () => rm(path, { force: true }) };
      const holder = asIdentity(await readJson(path));
      if (holder !== undefined && (await isAlive(holder))) return { heldBy: holder };
      await rm(path, { force: true });
    }
  } finally {
    await rm(own, { force: true });
  }
}

async function linked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    return false;
  }
}

export function asIdentity(value: unknown): Identity | undefined {
  if (typeof value !== 'object' || value === null || !('pid' in value) || !('started' in value))
    return undefined;
  const { pid, started } = value;
  if (!Number.isInteger(pid) || typeof pid !== 'number' || pid < 2 || typeof started !== 'string')
    return undefined;
  return { pid, started };
}

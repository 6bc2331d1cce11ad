import { randomBytes } from 'node:crypto';
import { readJson, writeAtomically } from './files.ts';

/** What a cluster keeps secret: made once, kept with its data. */
export interface Secrets {
  readonly JWT_SECRET: string;
  readonly INTERNAL_SECRET: string;
  readonly REFRESH_SECRET: string;
  readonly REDIS_PASSWORD: string;
}

const NAMES = ['JWT_SECRET', 'INTERNAL_SECRET', 'REFRESH_SECRET', 'REDIS_PASSWORD'] as const;
/** Bytes of randomness in each. */
const SIZE = 36;

/** The secrets in the file at `path`; those it lacks are made and kept there, readable by the owner only. */
export async function loadSecrets(path: string): Promise<Secrets> {
  const stored = await readJson(path);
  const kept = new Map(typeof stored === 'object' && stored !== null ? Object.entries(stored) : []);
  const value = (name: string): string => {
    const old: unknown = kept.get(name);
    return typeof old === 'string' && old.length >= SIZE ? old : randomBytes(SIZE).toString('base64url');
  };
  const secrets: Secrets = {
    JWT_SECRET: value('JWT_SECRET'),
    INTERNAL_SECRET: value('INTERNAL_SECRET'),
    REFRESH_SECRET: value('REFRESH_SECRET'),
    REDIS_PASSWORD: value('REDIS_PASSWORD'),
  };
  if (NAMES.some((name) => kept.get(name) !== secrets[name]))
    await writeAtomically(path, `${JSON.stringify(secrets, null, 2)}\n`, 0o600);
  return secrets;
}

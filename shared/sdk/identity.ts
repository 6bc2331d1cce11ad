import type { Me } from '../wire/rest.ts';
import type { Storage } from './types.ts';

/** Who was signed in last: nothing secret, and no proof of anything. */
const IDENTITY_KEY = 'me';

/** Undefined where nobody is noted, or what stands there cannot be read. */
export async function readIdentity(storage: Storage): Promise<Me | undefined> {
  const text = await storage.get(IDENTITY_KEY);
  return text === undefined ? undefined : parseIdentity(text);
}

export async function noteIdentity(storage: Storage, me: Me | undefined): Promise<void> {
  if (me === undefined) await storage.delete(IDENTITY_KEY);
  else await storage.set(IDENTITY_KEY, JSON.stringify(me));
}

/** What another version wrote may be of another shape; then there is nobody. */
function parseIdentity(text: string): Me | undefined {
  try {
    const value = JSON.parse(text) as Partial<Me> | null;
    const known =
      typeof value?.id === 'string' &&
      typeof value.username === 'string' &&
      typeof value.displayName === 'string';
    return known ? (value as Me) : undefined;
  } catch {
    return undefined;
  }
}

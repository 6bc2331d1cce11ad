/** localStorage that may be forbidden or full: then nothing is kept, and nothing breaks. */
import type { Parting } from '../../../../shared/sdk/parting.ts';

export function readLocal(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Where the engine leaves what it could not store before the page went. */
export const localParting: Parting = {
  leave: (user, text) => {
    writeLocal(partingKey(user), text);
  },
  take: (user) => {
    const text = readLocal(partingKey(user));
    if (text !== undefined) writeLocal(partingKey(user), undefined);
    return text;
  },
  listen: (user, onLeft) => {
    const onStorage = ({ key, newValue }: StorageEvent): void => {
      if (key === partingKey(user) && newValue !== null) onLeft();
    };
    addEventListener('storage', onStorage);
    return () => {
      removeEventListener('storage', onStorage);
    };
  },
};

const partingKey = (user: string): string => `parley.parting:${user}`;

/** Writes, or deletes when `value` is undefined. */
export function writeLocal(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Forbidden or full: what was to be kept lasts as long as the page.
  }
}

/** localStorage that may be forbidden or full: then nothing is kept, and nothing breaks. */

export function readLocal(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Writes, or deletes when `value` is undefined. */
export function writeLocal(key: string, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // Forbidden or full: what was to be kept lasts as long as the page.
  }
}

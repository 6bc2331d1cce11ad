/** The text that names the unique index a write met, or undefined for any other error. */
export function duplicateKey(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 11000) return undefined;
  const pattern = 'keyPattern' in error ? JSON.stringify(error.keyPattern) : '';
  // The message also holds the rejected value, which may spell anything: only what names the index counts.
  const named = /index: (\S+)/.exec(error.message)?.[1] ?? '';
  return `${named} ${pattern}`;
}

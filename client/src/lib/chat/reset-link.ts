/** The token in the fragment of a password-reset link, such as `#token=…`; undefined when there is none. */
export function tokenOf(hash: string): string | undefined {
  const token = new URLSearchParams(hash.replace(/^#/u, '')).get('token');
  return token === null || token === '' ? undefined : token;
}

/** The rules the server holds names and passwords to, told while typing. */

const MIN_CHARS = 8;
const MAX_BYTES = 72;
const USERNAME = /^[a-z0-9_.-]+$/u;

/** What is wrong with a new password; undefined when nothing is. bcrypt reads 72 bytes, not characters. */
export function passwordProblem(password: string): string | undefined {
  if ([...password].length < MIN_CHARS) return `Use at least ${String(MIN_CHARS)} characters.`;
  if (new TextEncoder().encode(password).length > MAX_BYTES) return `Use at most ${String(MAX_BYTES)} bytes.`;
  return undefined;
}

/** What is wrong with a new username; undefined when nothing is. */
export function usernameProblem(username: string): string | undefined {
  if (username.length < 3) return 'Use at least 3 characters.';
  if (username.length > 32) return 'Use at most 32 characters.';
  if (!USERNAME.test(username)) return 'Use a–z, 0–9, dot, dash and underscore only.';
  return undefined;
}

/** 0 (none) to 4 (strong): length counts most, variety a little. A hint, not a rule. */
export function passwordStrength(password: string): 0 | 1 | 2 | 3 | 4 {
  if (password === '') return 0;
  if (passwordProblem(password) !== undefined) return 1;
  const kinds = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((kind) =>
    kind.test(password),
  ).length;
  const score = (password.length >= 12 ? 1 : 0) + (password.length >= 16 ? 1 : 0) + (kinds >= 3 ? 1 : 0);
  if (score === 0) return 2;
  return score === 1 ? 3 : 4;
}

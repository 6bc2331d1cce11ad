/** A failure the person at the terminal can act on: one line that says what to do, shown without a stack. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

/** The message of whatever was thrown, in one line. */
export function reason(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text.replace(/\s+/g, ' ').trim();
}

/** The `code` of a system error, such as EADDRINUSE. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** A command line that cannot be understood: one line that says what to write instead. Exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A failure the person at the terminal can act on, shown without a stack. */
export class LoadError extends Error {
  override readonly name = 'LoadError';
}

/** Words for what went wrong. */

/** A failure as a form shows it: one sentence, and what was wrong with which field. */
export interface FormProblem {
  readonly text: string;
  readonly fields: Readonly<Record<string, string>>;
  /** The fields say it all; the sentence would repeat them. */
  readonly inFields: boolean;
}

/** Any thrown value as a form's problem. Reads the engine's ApiError by shape, so that nothing else is needed here. */
export function formProblem(error: unknown): FormProblem {
  const fields = fieldsOf(error);
  return { text: problemText(error), fields, inFields: Object.keys(fields).length > 0 };
}

/** One sentence for a thrown value, with the way out where there is one. */
export function problemText(error: unknown): string {
  const code = codeOf(error);
  if (code === 'unavailable') return 'The server cannot be reached. Check your connection and try again.';
  if (code === 'overloaded') return 'The server is busy. Try again in a moment.';
  if (code === 'rate_limited') return 'Too many attempts. Wait a little and try again.';
  if (error instanceof Error && error.message !== '') return sentence(error.message);
  return 'Something went wrong. Try again.';
}

/** The stable code of an ApiError; undefined for anything else. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

function fieldsOf(error: unknown): Readonly<Record<string, string>> {
  if (!(error instanceof Error) || !('fields' in error)) return {};
  const { fields } = error;
  if (typeof fields !== 'object' || fields === null) return {};
  const entries = Object.entries(fields).filter(([, text]) => typeof text === 'string');
  return Object.fromEntries(entries.map(([name, text]) => [name, sentence(String(text))]));
}

function sentence(text: string): string {
  const trimmed = text.trim();
  const capital = trimmed.charAt(0).toLocaleUpperCase() + trimmed.slice(1);
  return /[.!?…]$/u.test(capital) ? capital : `${capital}.`;
}

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
  return Object.fromEntries(entries.map(([name, text]) => [name, fieldText(name, String(text))]));
}

/** What the server says of a field, in a person's words; `name` is the field's in the API, such as `displayName`. */
function fieldText(name: string, text: string): string {
  const said = text.startsWith(`${name} `) ? text.slice(name.length + 1) : text;
  for (const [pattern, words] of WORDS) {
    if (pattern.test(said)) return said.replace(pattern, words);
  }
  return sentence(/^(?:is|are|must|may|has|contains) /u.test(said) ? `this ${said}` : said);
}

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^length must be at least (\d+) characters? long$/u, 'Use at least $1 characters.'],
  [/^length must be less than or equal to (\d+) characters? long$/u, 'Use at most $1 characters.'],
  [/^must be at most (\d+) bytes$/u, 'Use at most $1 bytes.'],
  [/^must be 3 to 32 of a-z 0-9 _ \. -$/u, 'Use 3 to 32 of a–z, 0–9, dot, dash and underscore.'],
  [/^is (?:required|not allowed to be empty)$/u, 'This is needed.'],
  [/^must have something in it that can be seen$/u, 'Write something that can be seen.'],
  [/^must be a valid email$/u, 'This is not an e-mail address.'],
];

/** With a capital and a full stop. */
export function sentence(text: string): string {
  const trimmed = text.trim();
  const capital = trimmed.charAt(0).toLocaleUpperCase() + trimmed.slice(1);
  return /[.!?…]$/u.test(capital) ? capital : `${capital}.`;
}

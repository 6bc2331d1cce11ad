/** What is searched for and what of a message is looked at: the same on the server and in what a device keeps. */
import type { Attachment } from './messages.ts';
import { follows, followsTyped, isBeginning, tokens } from './words.ts';

/** What a message can be asked to have. */
export const FEATURES = ['link', 'file', 'image', 'voice'] as const;
export type Feature = (typeof FEATURES)[number];

/** What a message must hold, each a sequence of words, and what it must not. */
export interface Plan {
  readonly wanted: readonly (readonly string[])[];
  readonly unwanted: readonly (readonly string[])[];
  /** One more that it must hold, the last word of it perhaps only begun. */
  readonly typed?: readonly string[];
}

/** What of a message is looked at. */
export interface Searched {
  readonly text?: string | undefined;
  readonly attachments?: readonly Attachment[] | undefined;
}

/** A phrase in quotes (to the end, where the closing one is missing), or anything between spaces; with a minus before it, not that. */
const PART = /(-?)(?:"([^"]*)"?|([^\s"]+))/gu;
/** Punctuation ends a word. */
const OPEN = /[\p{L}\p{N}\p{M}]$/u;
const LINK = /\bhttps?:\/\/[^\s/]/iu;

/**
 * A query as people type it: words, "phrases" and -exclusions. Anything is a query; one without a word has no `wanted`.
 * `isTyping`: the word at its end may be only the beginning of one, where `mayBegin` has nothing against it.
 */
export function parsePlan(
  q: string,
  isTyping = false,
  mayBegin: (beginning: string) => boolean = () => true,
): Plan {
  const wanted: string[][] = [];
  const unwanted: string[][] = [];
  for (const { 0: part, 1: minus, 2: phrase, 3: word, index } of q.matchAll(PART)) {
    const sequence = tokens(phrase ?? word ?? '');
    if (sequence.length === 0) continue;
    const isOpen = isTyping && index + part.length === q.length && minus === '' && OPEN.test(word ?? '');
    const last = sequence.at(-1) ?? '';
    if (isOpen && isBeginning(last) && mayBegin(last)) return { wanted, unwanted, typed: sequence };
    (minus === '-' ? unwanted : wanted).push(sequence);
  }
  return { wanted, unwanted };
}

/** Whether a text holds all that is wanted and nothing that is not. */
export function matches({ wanted, unwanted, typed }: Plan, text: string): boolean {
  const words = tokens(text);
  return (
    wanted.every((part) => follows(words, part)) &&
    !unwanted.some((part) => follows(words, part)) &&
    (typed === undefined || followsTyped(words, typed))
  );
}

/** What a message is found by: its text and the names of its files. */
export function searchable({ text = '', attachments = [] }: Searched): string {
  return attachments.length === 0 ? text : [text, ...attachments.map(({ name }) => name)].join('\n');
}

/** What the message can be asked to have: a picture is no file here; what was recorded to be listened to is one, too. */
export function features({ text = '', attachments = [] }: Searched): Feature[] {
  return [
    ...(LINK.test(text) ? ['link' as const] : []),
    ...(attachments.some((one) => !isPicture(one)) ? ['file' as const] : []),
    ...(attachments.some(isPicture) ? ['image' as const] : []),
    ...(attachments.some(isVoice) ? ['voice' as const] : []),
  ];
}

/** Whether a message that was not deleted is what `plan` and `has` ask for. */
export function fits(message: Searched, plan: Plan, has: readonly Feature[]): boolean {
  const held = has.length === 0 ? [] : features(message);
  return has.every((one) => held.includes(one)) && matches(plan, searchable(message));
}

const isPicture = ({ width }: Attachment): boolean => width !== undefined;
const isVoice = ({ waveform }: Attachment): boolean => waveform !== undefined;

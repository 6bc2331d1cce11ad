/** Merging lists of messages: by seq, the higher `rev` wins. */
import type { Message } from './rest.ts';

/**
 * Both lists as one, ascending, each seq once. Gives `held` itself when nothing changes, so that a caller sees by
 * reference that there is nothing to draw. Both must be ascending; O(n), and a plain append for what is newest.
 */
export function mergeMessages(held: readonly Message[], incoming: readonly Message[]): readonly Message[] {
  const news = incoming.filter((message) => isNews(held, message));
  const first = news[0];
  if (first === undefined) return held;
  if (first.seq > (held.at(-1)?.seq ?? 0)) return [...held, ...unique(news)];
  // A page of history.
  if ((news.at(-1)?.seq ?? 0) < (held[0]?.seq ?? 0)) return [...unique(news), ...held];
  return unique(interleave(held, news));
}

/** The message with this seq. O(log n). */
export function findMessage(messages: readonly Message[], seq: number): Message | undefined {
  const message = messages[lowerBound(messages, seq)];
  return message?.seq === seq ? message : undefined;
}

/** Index of the first message with at least this seq. O(log n). */
export function lowerBound(messages: readonly Message[], seq: number): number {
  let low = 0;
  let high = messages.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((messages[middle]?.seq ?? Infinity) < seq) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Ascending by seq; the same list when it is one message. */
export function sortBySeq(messages: readonly Message[]): readonly Message[] {
  return messages.length < 2 ? messages : messages.toSorted((a, b) => a.seq - b.seq);
}

/** The list with this user's name in what they sent; the same list when nothing bears another. O(n). */
export function renameSender(
  messages: readonly Message[],
  { id, username, displayName }: Message['sender'],
): readonly Message[] {
  const isOld = ({ sender }: Message): boolean =>
    sender.id === id && (sender.username !== username || sender.displayName !== displayName);
  if (!messages.some(isOld)) return messages;
  const sender = { id, username, displayName };
  return messages.map((message) => (isOld(message) ? { ...message, sender } : message));
}

function isNews(held: readonly Message[], message: Message): boolean {
  if (message.seq > (held.at(-1)?.seq ?? 0)) return true;
  const present = findMessage(held, message.seq);
  return present === undefined || message.rev > present.rev;
}

function interleave(a: readonly Message[], b: readonly Message[]): readonly Message[] {
  const merged: Message[] = [];
  let i = 0;
  for (const message of b) {
    const end = lowerBound(a, message.seq);
    while (i < end) merged.push(a[i++] as Message);
    merged.push(message);
  }
  while (i < a.length) merged.push(a[i++] as Message);
  return merged;
}

/** Of neighbours with the same seq the one with the highest rev. */
function unique(sorted: readonly Message[]): readonly Message[] {
  const result: Message[] = [];
  for (const message of sorted) {
    const last = result.at(-1);
    if (last?.seq !== message.seq) result.push(message);
    else if (message.rev > last.rev) result[result.length - 1] = message;
  }
  return result;
}

/** The newest part of a view, small enough to be kept from one visit to the next, and gone on from with the log. */
import type { Message } from './rest.ts';
import { EMPTY_VIEW, followingRange, type RoomView } from './view.ts';

export interface Snapshot {
  /** Every message from here up to `known` is in `messages`. */
  readonly from: number;
  /** The position: nothing at or below it is missing, and no later change is sure to be in. */
  readonly known: number;
  /** Ascending by seq. */
  readonly messages: readonly Message[];
}

export interface SnapshotLimits {
  /** Replies, which stand in their threads, are not counted: a long talk in a thread must not leave its room empty. */
  readonly messages: number;
  /** Characters of all messages as JSON. */
  readonly size: number;
}

/** Undefined where no range reaches the position: what is held then may end before the newest. */
export function snapshotOf(view: RoomView, limits: SnapshotLimits): Snapshot | undefined {
  const range = followingRange(view);
  const { known } = view;
  if (range === undefined || known === undefined) return undefined;
  const held = view.messages.filter(({ seq }) => seq >= range.from && seq <= known);
  const messages = newestWithin(held, limits, ({ thread }) => thread === undefined);
  const cut = messages.length < held.length;
  return { from: cut ? (messages[0]?.seq ?? known + 1) : range.from, known, messages };
}

/** The view a snapshot was made of, as far as it was kept. */
export function viewOf({ from, known, messages }: Snapshot): RoomView {
  return { ...EMPTY_VIEW, messages, ranges: [{ from, to: known }], known, told: known };
}

/** What a broken or foreign storage gives is no snapshot. */
export function isSnapshot(value: unknown): value is Snapshot {
  if (typeof value !== 'object' || value === null) return false;
  const { from, known, messages } = value as Partial<Snapshot>;
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(known) || !Array.isArray(messages)) return false;
  const [first = 0, last = 0] = [from, known];
  if (first < 1 || last < first) return false;
  return areMessages(messages, first, last);
}

/** Whether these are messages, ascending, with numbers from `first` to `last`. */
export function areMessages(values: readonly unknown[], first: number, last: number): boolean {
  let before = first - 1;
  return (values as readonly (Partial<Message> | null)[]).every((message) => {
    const { seq = 0, rev, text, sender } = message ?? {};
    const fits = seq > before && seq <= last && typeof rev === 'number' && typeof text === 'string';
    before = seq;
    return fits && typeof sender === 'object';
  });
}

/** The newest of them that stay within the limits; `counts`: which of them count as messages. */
export function newestWithin(
  messages: readonly Message[],
  limits: { readonly messages: number; readonly size: number },
  counts: (message: Message) => boolean = () => true,
): readonly Message[] {
  let [count, size] = [0, 0];
  const tooMuch = messages.findLastIndex((message) => {
    if (counts(message)) count += 1;
    size += JSON.stringify(message).length;
    return count > limits.messages || size > limits.size;
  });
  return messages.slice(tooMuch + 1);
}

import { findMessage } from '../wire/merge.ts';
import type { Message } from '../wire/rest.ts';
import { beside } from './outbox-store.ts';
import type { OutboxRow } from './outbox.ts';
import type { ThreadLine } from './thread-lines.ts';
import type { PendingMessage, SendState, Timeline, TimelineItem } from './types.ts';

/** Up to which seq all others have got and read. */
export interface Thresholds {
  readonly delivered: number;
  readonly read: number;
}

export interface TimelineParts {
  /** Ascending by seq. */
  readonly messages: readonly Message[];
  /** Acknowledged and not seen in the log yet: their place is known. Ascending. */
  readonly acked: readonly Message[];
  readonly rows: readonly OutboxRow[];
  readonly me: PendingMessage['sender'] | undefined;
  readonly thresholds: Thresholds;
  /** What stands below roots. */
  readonly lines?: ReadonlyMap<number, ThreadLine>;
}

export const EMPTY_TIMELINE: Timeline = {
  items: [],
  atStart: false,
  detached: false,
  loadingOlder: false,
  loading: false,
  readSeqAtOpen: 0,
};

const STATES = {
  queued: { name: 'queued' },
  sending: { name: 'sending' },
  sent: { name: 'sent' },
  delivered: { name: 'delivered' },
  read: { name: 'read' },
} as const satisfies Record<string, SendState>;

/**
 * The rows of a conversation: stored ones by seq, then what waits. Rows that did not change stay the same objects, so
 * that a list draws only what is new; `before` is the list this one follows.
 */
export function buildItems(before: readonly TimelineItem[], parts: TimelineParts): readonly TimelineItem[] {
  const stored = withAcked(parts.messages, parts.acked);
  let at = 0;
  const items = stored.map((message) => {
    const state = stateOf(message, parts);
    while (seqOf(before[at]) < message.seq) at += 1;
    const same = before[at];
    const line = parts.lines?.get(message.seq);
    if (same?.message === message && same.state === state && same.thread === line) return same;
    return line === undefined ? storedItem(message, state) : { ...storedItem(message, state), thread: line };
  });
  const waiting = parts.rows.map((row) => waitingItem(row, parts.me, before));
  const next = waiting.length === 0 ? items : [...items, ...waiting];
  return sameList(before, next) ? before : next;
}

/** Names one's own messages by what the sender called them: the same before and after they are stored. */
function storedItem(message: Message, state: SendState | undefined): TimelineItem {
  if (state === undefined) return { key: message.id, message, pending: false };
  return { key: message.clientId ?? message.id, message, pending: false, state };
}

function stateOf(message: Message, { me, thresholds }: TimelineParts): SendState | undefined {
  if (me === undefined || message.sender.id !== me.id || message.kind !== 'text') return undefined;
  if (message.seq <= thresholds.read) return STATES.read;
  return message.seq <= thresholds.delivered ? STATES.delivered : STATES.sent;
}

function waitingItem(
  { entry, sending }: OutboxRow,
  me: PendingMessage['sender'] | undefined,
  before: readonly TimelineItem[],
): TimelineItem {
  const state: SendState =
    entry.failed !== undefined
      ? { name: 'failed', ...entry.failed }
      : sending
        ? STATES.sending
        : STATES.queued;
  const same = before.findLast((item) => item.pending && item.key === entry.clientId);
  if (same !== undefined && sameState(same.state, state)) return same;
  const message: PendingMessage = {
    room: entry.room,
    clientId: entry.clientId,
    kind: 'text',
    sender: me ?? { id: '', username: '', displayName: '' },
    text: entry.text,
    at: entry.at,
    ...beside(entry),
  };
  return { key: entry.clientId, message, pending: true, state };
}

export function sameTimeline(a: Timeline, b: Timeline): boolean {
  return (
    a.items === b.items &&
    a.atStart === b.atStart &&
    a.detached === b.detached &&
    a.loading === b.loading &&
    a.loadingOlder === b.loadingOlder &&
    a.error === b.error &&
    a.readSeqAtOpen === b.readSeqAtOpen
  );
}

function sameState(a: SendState | undefined, b: SendState): boolean {
  if (a?.name !== b.name) return false;
  return a.name !== 'failed' || b.name !== 'failed' || (a.code === b.code && a.reason === b.reason);
}

function withAcked(messages: readonly Message[], acked: readonly Message[]): readonly Message[] {
  if (acked.length === 0) return messages;
  const lacking = acked.filter((message) => findMessage(messages, message.seq) === undefined);
  return lacking.length === 0 ? messages : [...messages, ...lacking].sort((a, b) => a.seq - b.seq);
}

/** What waits, and the end, stand behind everything stored. */
function seqOf(item: TimelineItem | undefined): number {
  return item === undefined || !('seq' in item.message) ? Infinity : item.message.seq;
}

function sameList(a: readonly TimelineItem[], b: readonly TimelineItem[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

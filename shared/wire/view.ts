/**
 * A room as one reader sees it, as pure functions over an immutable value. However often, late and out of order
 * frames, replays, pages and log answers come, the same facts give the same view: per message the higher `rev` wins,
 * each message stands once, by seq.
 *
 * Three things are kept apart: which messages are shown (`messages`, inside the loaded `ranges`), up to which number
 * nothing is missing (`known`, the resume position), and which number one was told of (`told`).
 */
import { lowerBound, mergeMessages, renameSender, sortBySeq } from './merge.ts';
import { addRange, dropBelow, rangeAt, type Range } from './ranges.ts';
import type { LogPage, Message, MessagePage } from './rest.ts';

export interface RoomView {
  /** Ascending by seq, each once. */
  readonly messages: readonly Message[];
  /** Where every message is held. The one that reaches `known` grows with it. */
  readonly ranges: readonly Range[];
  /** Nothing at or below it is missing; undefined until the first load. */
  readonly known: number | undefined;
  /** Numbers heard above a hole; they count as soon as it closes. Bounded: one forgotten is fetched again. */
  readonly ahead: readonly Range[];
  /** The highest number heard of in any way. */
  readonly told: number;
  /** Loads under way, and what came meanwhile from outside the ranges: a page may be older than those. */
  readonly loads: number;
  readonly kept: readonly Message[];
  /** Too much came during the load: its page cannot be trusted and is thrown away. */
  readonly overflowed: boolean;
}

const MAX_AHEAD = 1_000;
const MAX_KEPT = 5_000;

export const EMPTY_VIEW: RoomView = {
  messages: [],
  ranges: [],
  known: undefined,
  ahead: [],
  told: 0,
  loads: 0,
  kept: [],
  overflowed: false,
};

/** What was asked for; nothing: the newest page. */
export interface PageQuery {
  readonly before?: number;
  readonly after?: number;
  readonly around?: number;
}

/** One number of the log was heard: with the message it made or changed, or none for a void. */
export function hear(view: RoomView, seq: number, message?: Message): RoomView {
  const counted = count(view, { from: seq, to: seq });
  return message === undefined ? counted : put(counted, [message]);
}

/** The state of a message from elsewhere (an answer to one's own edit); no number is heard by it. */
export function see(view: RoomView, message: Message): RoomView {
  return put(view, [message]);
}

/** Somebody's name changed; names are no part of a message's state, so no `rev` tells which is newer. */
export function rename(view: RoomView, user: Message['sender']): RoomView {
  const messages = renameSender(view.messages, user);
  const kept = renameSender(view.kept, user);
  return messages === view.messages && kept === view.kept ? view : { ...view, messages, kept };
}

/** Someone said the room has come to `seq`; by itself that brings nothing, but shows what is missing. */
export function tell(view: RoomView, seq: number): RoomView {
  return seq > view.told ? { ...view, told: seq } : view;
}

/** Moves the position up to `position` without holding what is below: for a room that is only listed. */
export function startAt(view: RoomView, position: number): RoomView {
  const known = Math.max(view.known ?? 0, position);
  return absorb({ ...view, known, told: Math.max(view.told, known) });
}

/** Before each GET of a page. A first load forgets the position: the page brings it. */
export function beginLoad(view: RoomView): RoomView {
  if (view.ranges.length > 0 || view.loads > 0) return { ...view, loads: view.loads + 1 };
  return { ...view, known: undefined, ahead: [], loads: 1 };
}

/** After a GET that failed. */
export function abortLoad(view: RoomView): RoomView {
  return endLoad(view);
}

/** After a GET that was answered: ends the load that `beginLoad` began. */
export function applyPage(view: RoomView, page: MessagePage, query: PageQuery = {}): RoomView {
  if (view.overflowed) return endLoad(view);
  let next: RoomView = {
    ...tell(view, page.head),
    ranges: addRange(view.ranges, coverage(page, query)),
  };
  if (next.known === undefined) next = absorb({ ...next, known: page.head });
  next = put(next, [...page.messages, ...view.kept]);
  return endLoad(next);
}

/**
 * After a GET of the log. `asked` is what `missing` said when it was asked. An answer that reached its head settles
 * every number told before it was asked: those still unheard were never given out.
 */
export function applyLog(view: RoomView, log: LogPage, asked: Missing): RoomView {
  const seen = [...log.messages, ...log.changed];
  if (view.known === undefined || asked.after > view.known) return put(tell(view, log.head), seen);
  const counted = count(view, { from: asked.after + 1, to: log.to });
  const next = put(tell(counted, log.head), seen);
  if (log.to < log.head || view.told > asked.told) return next;
  return { ...next, told: Math.max(next.known ?? 0, next.ahead.at(-1)?.to ?? 0) };
}

export interface Missing {
  /** Ask for what comes after this. */
  readonly after: number;
  readonly told: number;
}

/** What the reader lacks, if anything. */
export function missing(view: RoomView): Missing | undefined {
  if (view.known === undefined || view.known >= view.told) return undefined;
  return { after: view.known, told: view.told };
}

/** True when new messages belong in the view: one of its ranges reaches the position. */
export function followsHead(view: RoomView): boolean {
  return followingRange(view) !== undefined;
}

/** The seq before which older messages can be asked for; undefined at the room's start or before any load. */
export function olderThan(view: RoomView, at?: number): number | undefined {
  const range = stretchAt(view, at);
  return range === undefined || range.from <= 1 ? undefined : range.from;
}

/** The seq after which newer messages can be asked for; undefined where nothing is missing up to the newest. */
export function newerThan(view: RoomView, at?: number): number | undefined {
  const range = stretchAt(view, at);
  return range === undefined || range === view.ranges.at(-1) ? undefined : range.to;
}

/** The messages without a hole around `at`; without it, or where nothing is held there, the newest ones. */
export function stretch(view: RoomView, at?: number): readonly Message[] {
  const range = stretchAt(view, at);
  if (range === undefined || view.ranges.length === 1) return view.messages;
  const to = range === view.ranges.at(-1) ? undefined : lowerBound(view.messages, range.to + 1);
  return view.messages.slice(lowerBound(view.messages, range.from), to);
}

/** Whether the message with this number would be in the view if there is one. */
export function holds(view: RoomView, seq: number): boolean {
  return rangeAt(view.ranges, seq) !== undefined;
}

function stretchAt({ ranges }: RoomView, at: number | undefined): Range | undefined {
  return (at === undefined ? undefined : rangeAt(ranges, at)) ?? ranges.at(-1);
}

/** Lets go of the oldest messages beyond `max`, so that a room open for weeks stays bounded. */
export function trim(view: RoomView, max: number): RoomView {
  if (view.messages.length <= max) return view;
  const messages = view.messages.slice(-Math.ceil(max * 0.75));
  const from = messages[0]?.seq ?? 1;
  return { ...view, messages, ranges: dropBelow(view.ranges, from) };
}

function count(view: RoomView, heard: Range): RoomView {
  const told = Math.max(view.told, heard.to);
  const from = Math.max(heard.from, (view.known ?? 0) + 1);
  if (from > heard.to) return told === view.told ? view : { ...view, told };
  const ahead = addRange(view.ahead, { from, to: heard.to }).slice(0, MAX_AHEAD);
  return absorb({ ...view, told, ahead });
}

/** Moves the position over numbers already heard, and the newest range with it. */
function absorb(view: RoomView): RoomView {
  if (view.known === undefined) return view;
  const before = view.known;
  const following = followingRange(view);
  const joined = rangeAt(addRange(view.ahead, { from: 1, to: before }), Math.max(before, 1));
  const known = Math.max(before, joined?.to ?? 0);
  const ahead = view.ahead.filter((range) => range.to > known);
  if (following === undefined) return { ...view, known, ahead };
  const ranges = addRange(view.ranges, { from: following.from, to: Math.max(following.to, known) });
  return { ...view, known, ahead, ranges };
}

/** The range that grows with the position: it holds everything up to there, at least from the number behind it on. */
export function followingRange({ known, ranges }: RoomView): Range | undefined {
  if (known === undefined) return undefined;
  return ranges.findLast((range) => range.from <= known + 1 && range.to >= known);
}

/** Merges what belongs in the view; while a load is under way keeps the rest for its page. */
function put(view: RoomView, incoming: readonly Message[]): RoomView {
  const follows = followsHead(view);
  const shown = (message: Message): boolean =>
    rangeAt(view.ranges, message.seq) !== undefined || (follows && message.seq > (view.known ?? 0));
  const messages = mergeMessages(view.messages, sortBySeq(incoming.filter(shown)));
  const next = messages === view.messages ? view : { ...view, messages };
  return view.loads > 0
    ? keep(
        next,
        incoming.filter((message) => !shown(message)),
      )
    : next;
}

function keep(view: RoomView, outside: readonly Message[]): RoomView {
  if (outside.length === 0 || view.overflowed) return view;
  if (view.kept.length + outside.length > MAX_KEPT) return { ...view, kept: [], overflowed: true };
  return { ...view, kept: [...view.kept, ...outside] };
}

function endLoad(view: RoomView): RoomView {
  const loads = Math.max(0, view.loads - 1);
  return loads > 0 ? { ...view, loads } : { ...view, loads, kept: [], overflowed: false };
}

/** What a page covers. Its edge towards the question is certain even where no message stands. */
function coverage(page: MessagePage, query: PageQuery): Range {
  const [first, last] = page.complete;
  const empty = first > last;
  if (query.before !== undefined) return { from: empty ? 1 : first, to: query.before - 1 };
  if (query.after !== undefined) return { from: query.after + 1, to: empty ? query.after : last };
  if (query.around !== undefined && !empty) return { from: first, to: last };
  return { from: empty ? 1 : first, to: Math.max(last, page.head) };
}

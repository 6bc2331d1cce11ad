import type { Ledger } from './ledger.ts';

/** A message as a fresh read of the API gives it. */
export interface Stored {
  readonly seq: number;
  readonly id: string;
  readonly sender: string;
  readonly clientId?: string | undefined;
}
export interface RoomView {
  readonly reader: string;
  readonly room: string;
  /** The reader was there from this number on. */
  readonly from: number;
  readonly messages: ReadonlySet<number>;
}
export interface Violation {
  readonly kind: 'lost' | 'doubled' | 'missing' | 'foreign' | 'order' | 'conflict' | 'refused';
  readonly detail: string;
}

/** What contradicts the promise; empty when everything acknowledged is there once, in order, in every view. */
export function judge(
  ledger: Ledger,
  stored: ReadonlyMap<string, readonly Stored[]>,
  views: Iterable<RoomView>,
): readonly Violation[] {
  return [
    ...ledger.refusals.map(({ clientId, code }) => violation('refused', `${clientId}: ${code}`)),
    ...[...ledger.conflicts].map((key) => violation('conflict', `two messages were shown at ${key}`)),
    ...lost(ledger, stored),
    ...[...stored].flatMap(([room, rows]) => [...doubled(room, rows), ...disordered(ledger, room, rows)]),
    ...[...views].flatMap((view) => [...different(ledger, stored.get(view.room) ?? [], view)]),
  ];
}

function* lost(ledger: Ledger, stored: ReadonlyMap<string, readonly Stored[]>): Generator<Violation> {
  const places = new Map<string, number>();
  for (const [room, rows] of stored)
    for (const { clientId, seq } of rows) if (clientId !== undefined) places.set(`${room} ${clientId}`, seq);
  for (const { room, clientId, seq } of ledger.acks) {
    const place = places.get(`${room} ${clientId}`);
    if (place !== seq)
      yield violation('lost', `${room} ${clientId}: acknowledged at ${seq}, stored at ${place ?? 'none'}`);
  }
}

function* doubled(room: string, rows: readonly Stored[]): Generator<Violation> {
  const known = new Set<string>();
  for (const { sender, clientId, seq } of rows) {
    const key = `${sender} ${clientId}`;
    if (clientId !== undefined && known.has(key)) yield violation('doubled', `${room} ${clientId} at ${seq}`);
    known.add(key);
  }
}

function* disordered(ledger: Ledger, room: string, rows: readonly Stored[]): Generator<Violation> {
  const last = new Map<string, number>();
  for (const { clientId, seq } of rows.toSorted((a, b) => a.seq - b.seq)) {
    const sent = clientId === undefined ? undefined : ledger.sends.get(clientId);
    if (sent === undefined) continue;
    if (sent.n < (last.get(sent.lane) ?? 0))
      yield violation('order', `${sent.lane} number ${sent.n} at ${room} ${seq}`);
    last.set(sent.lane, sent.n);
  }
}

function* different(ledger: Ledger, rows: readonly Stored[], view: RoomView): Generator<Violation> {
  const { reader, room, from, messages } = view;
  let wanted = 0;
  for (const { seq, id } of rows) {
    if (seq <= from) continue;
    wanted += 1;
    if (!messages.has(seq)) yield violation('missing', `${reader} lacks ${room} ${seq}`);
    else if (ledger.shown(room, seq) !== id) yield violation('conflict', `another message at ${room} ${seq}`);
  }
  if (messages.size > wanted) yield violation('foreign', `${reader} was shown what ${room} does not hold`);
}

const violation = (kind: Violation['kind'], detail: string): Violation => ({ kind, detail });

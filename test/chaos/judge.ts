/** Decides whether what was seen is what was promised. Pure, and shares nothing with the product's own code. */
import type { Ack, FreshRead, Outcome, Refusal, Row, Send, Unread, View } from './history.ts';

export type ViolationKind =
  | 'lost'
  | 'swallowed'
  | 'doubled'
  | 'invented'
  | 'altered'
  | 'moved'
  | 'refused-yet-kept'
  | 'refused-member'
  | 'sender-order'
  | 'reads-differ'
  | 'view-lacks'
  | 'view-extra'
  | 'view-order'
  | 'waiting'
  | 'unread'
  | 'stopped';
export interface Violation {
  readonly kind: ViolationKind;
  readonly where: string;
  readonly detail: string;
}
export interface Evidence extends Outcome {
  readonly sends: readonly Send[];
  readonly acks: readonly Ack[];
  readonly refusals: readonly Refusal[];
}

const UNREAD_CAP = 100;
const keyOf = ({ room, sender, clientId }: { room: string; sender: string; clientId: string }): string =>
  `${room} ${sender} ${clientId}`;

/** Every violation, none when all is well. */
export function judge(evidence: Evidence): readonly Violation[] {
  const truth = new Map<string, FreshRead>();
  for (const read of evidence.reads) if (!truth.has(read.room)) truth.set(read.room, read);
  return [
    ...evidence.reads.flatMap((read) => wrongOrder(read.rows, `${read.room} by ${read.node}`)),
    ...evidence.reads.flatMap((read) => differences(truth.get(read.room)?.rows ?? [], read)),
    ...[...truth.values()].flatMap((read) => againstSends(read, evidence.sends)),
    ...againstAnswers(truth, evidence),
    ...againstLanes(truth, evidence.sends),
    ...evidence.views.flatMap((view) => againstView(view, truth.get(view.room)?.rows ?? [])),
    ...evidence.unread.flatMap((unread) => againstUnread(unread, truth.get(unread.room)?.rows ?? [], 'API')),
    ...evidence.stopped.map(({ device, reason }) => violation('stopped', device, reason)),
  ];
}

function violation(kind: ViolationKind, where: string, detail: string): Violation {
  return { kind, where, detail };
}

const show = (row: Row): string => `seq ${row.seq} ${row.kind} "${row.text.slice(0, 40)}" (${row.id})`;
const sameRow = (a: Row, b: Row): boolean =>
  a.id === b.id && a.kind === b.kind && a.sender === b.sender && a.text === b.text;

function wrongOrder(rows: readonly Row[], where: string): Violation[] {
  return rows.flatMap((row, i) => {
    const before = rows[i - 1];
    if (before === undefined || before.seq < row.seq) return [];
    const kind = before.seq === row.seq ? 'doubled' : 'view-order';
    return [violation(kind, where, `${show(row)} behind ${show(before)}`)];
  });
}

function differences(truth: readonly Row[], read: FreshRead): Violation[] {
  const same = truth.length === read.rows.length && truth.every((row, i) => same2(row, read.rows[i]));
  if (same) return [];
  const detail = `${read.rows.length} messages by ${read.node}, ${truth.length} by another node`;
  return [violation('reads-differ', read.room, detail)];
}
const same2 = (a: Row, b: Row | undefined): boolean => b !== undefined && a.seq === b.seq && sameRow(a, b);

/** Nothing nobody sent, and nothing twice. */
function againstSends(read: FreshRead, sends: readonly Send[]): Violation[] {
  const sent = new Map(sends.filter(({ room }) => room === read.room).map((send) => [keyOf(send), send]));
  const seen = new Set<string>();
  return read.rows
    .filter((row) => row.kind === 'text')
    .flatMap((row) => {
      const key = keyOf({ room: read.room, sender: row.sender, clientId: row.clientId ?? '' });
      const send = sent.get(key);
      if (send === undefined) return [violation('invented', read.room, show(row))];
      if (seen.has(key)) return [violation('doubled', read.room, show(row))];
      seen.add(key);
      return send.text === row.text
        ? []
        : [violation('altered', read.room, `${show(row)}, not "${send.text}"`)];
    });
}

/** What the server said of each send holds. */
function againstAnswers(truth: ReadonlyMap<string, FreshRead>, evidence: Evidence): Violation[] {
  const rows = new Map<string, Row>();
  for (const { room, rows: all } of truth.values())
    for (const row of all) rows.set(keyOf({ room, sender: row.sender, clientId: row.clientId ?? '' }), row);
  const sends = new Map(evidence.sends.map((send) => [keyOf(send), send]));
  const lost = evidence.acks.flatMap((ack) => {
    const row = rows.get(keyOf(ack));
    if (row === undefined)
      return [violation('lost', ack.room, `${ack.clientId}, acknowledged as ${ack.seq}`)];
    return row.seq === ack.seq
      ? []
      : [violation('moved', ack.room, `${show(row)}, acknowledged as ${ack.seq}`)];
  });
  const refused = evidence.refusals.flatMap((refusal) => {
    const row = rows.get(keyOf(refusal));
    const found: Violation[] = [];
    // A send that overlaps a leave may fall on either side: its first try stored, its second refused.
    if (sends.get(keyOf(refusal))?.isMember !== true) return found;
    found.push(violation('refused-member', refusal.room, `${refusal.clientId}: ${refusal.code}`));
    if (row !== undefined) found.push(violation('refused-yet-kept', refusal.room, show(row)));
    return found;
  });
  const answered = new Set(evidence.refusals.map(keyOf));
  const swallowed = evidence.sends
    .filter((send) => send.isQueued && truth.has(send.room))
    .filter((send) => !rows.has(keyOf(send)) && !answered.has(keyOf(send)))
    .map((send) => violation('swallowed', send.room, `"${send.text}" was queued and never answered`));
  return [...lost, ...refused, ...swallowed];
}

function againstLanes(truth: ReadonlyMap<string, FreshRead>, sends: readonly Send[]): Violation[] {
  const places = new Map(sends.map((send) => [keyOf(send), send]));
  return [...truth.values()].flatMap(({ room, rows }) => {
    const last = new Map<string, Send>();
    return rows.flatMap((row) => {
      const send = places.get(keyOf({ room, sender: row.sender, clientId: row.clientId ?? '' }));
      if (send === undefined) return [];
      const before = last.get(send.lane);
      last.set(send.lane, send);
      if (before === undefined || before.n < send.n) return [];
      return [violation('sender-order', room, `${show(row)} is behind "${before.text.slice(0, 40)}"`)];
    });
  });
}

function againstView(view: View, truth: readonly Row[]): Violation[] {
  const where = `${view.device} in ${view.room}`;
  const bySeq = new Map(truth.map((row) => [row.seq, row]));
  const held = new Set(view.rows.map(({ seq }) => seq));
  const lacking = truth.filter(({ seq }) => !held.has(seq));
  const extra = view.rows.filter((row) => {
    const stored = bySeq.get(row.seq);
    return stored === undefined || !sameRow(stored, row);
  });
  const ids = new Set(view.rows.map(({ id }) => id));
  return [
    ...wrongOrder(view.rows, where),
    ...(ids.size < view.rows.length ? [violation('doubled', where, 'a message stands there twice')] : []),
    ...summed('view-lacks', where, lacking),
    ...summed('view-extra', where, extra),
    ...(view.waiting > 0 ? [violation('waiting', where, `${view.waiting} not sent`)] : []),
    ...(view.unread === undefined
      ? []
      : againstUnread({ readSeq: 0, ...view, unread: view.unread }, truth, view.device)),
  ];
}

function summed(kind: ViolationKind, where: string, rows: readonly Row[]): Violation[] {
  const [first] = rows;
  if (first === undefined) return [];
  return [violation(kind, where, `${rows.length}: ${show(first)} … ${rows.at(-1)?.seq}`)];
}

function againstUnread(
  { user, room, readSeq, unread }: Unread,
  truth: readonly Row[],
  by: string,
): Violation[] {
  const counted = truth.filter(
    (row) => row.kind === 'text' && row.sender !== user && row.seq > readSeq,
  ).length;
  const expected = Math.min(counted, UNREAD_CAP);
  if (unread === expected) return [];
  return [
    violation('unread', `${by} of ${user} in ${room}`, `${unread} instead of ${expected} above ${readSeq}`),
  ];
}

import type { Ack, Evidence, FreshRead, Row } from '../evidence.ts';
import { keyOf, rowKey, show, violation, type Violation } from './violation.ts';

/** What was sent, answered and stored agree: nothing lost, nothing twice, nothing nobody sent. */
export function againstAnswers(truth: ReadonlyMap<string, FreshRead>, evidence: Evidence): Violation[] {
  const rows = new Map<string, Row>();
  for (const { room, rows: all } of truth.values())
    for (const row of all) if (row.kind === 'text') rows.set(rowKey(room, row), row);
  return [
    ...[...truth.values()].flatMap((read) => againstSends(read, evidence)),
    ...againstAcks(rows, evidence.acks),
    ...againstRefusals(rows, evidence),
    ...swallowed(truth, rows, evidence),
  ];
}

/** Nothing nobody sent, and nothing twice. */
function againstSends(read: FreshRead, { sends }: Evidence): Violation[] {
  const sent = new Set(sends.filter(({ room }) => room === read.room).map(keyOf));
  const seen = new Map<string, Row>();
  return read.rows
    .filter((row) => row.kind === 'text')
    .flatMap((row) => {
      const key = rowKey(read.room, row);
      const about = {
        room: read.room,
        seq: row.seq,
        ...(row.clientId === undefined ? {} : { clientId: row.clientId }),
      };
      if (!sent.has(key)) return [violation('invented', read.room, show(row), about)];
      const before = seen.get(key);
      if (before !== undefined)
        return [violation('doubled', read.room, `${show(row)}, also at ${before.seq}`, about)];
      seen.set(key, row);
      return [];
    });
}

/** What was acknowledged is there, where it was said to be, each time. */
function againstAcks(rows: ReadonlyMap<string, Row>, acks: readonly Ack[]): Violation[] {
  const told = new Set<string>();
  return acks.flatMap((ack) => {
    const { room, clientId, seq, at } = ack;
    const once = `${keyOf(ack)} ${seq}`;
    if (told.has(once)) return [];
    told.add(once);
    const about = { room, clientId, seq, at };
    const row = rows.get(keyOf(ack));
    if (row === undefined) return [violation('lost', room, `${clientId}, acknowledged as ${seq}`, about)];
    if (row.seq === seq) return [];
    return [violation('moved', room, `${show(row)}, acknowledged as ${seq}`, about)];
  });
}

/** A send that overlaps a removal may fall on either side: its first try stored, its second refused. */
function againstRefusals(rows: ReadonlyMap<string, Row>, { sends, refusals }: Evidence): Violation[] {
  const steady = new Set(sends.filter(({ isMember }) => isMember).map(keyOf));
  return refusals.flatMap((refusal) => {
    const { room, clientId, code } = refusal;
    if (!steady.has(keyOf(refusal))) return [];
    const row = rows.get(keyOf(refusal));
    const found = [violation('refused-member', room, `${clientId}: ${code}`, { room, clientId })];
    if (row !== undefined)
      found.push(violation('refused-yet-kept', room, show(row), { room, clientId, seq: row.seq }));
    return found;
  });
}

/** An outbox owes an answer. */
function swallowed(
  truth: ReadonlyMap<string, FreshRead>,
  rows: ReadonlyMap<string, Row>,
  { sends, refusals }: Evidence,
): Violation[] {
  const answered = new Set(refusals.map(keyOf));
  return sends
    .filter((send) => send.isQueued && truth.has(send.room))
    .filter((send) => !rows.has(keyOf(send)) && !answered.has(keyOf(send)))
    .map(({ room, text, clientId }) =>
      violation('swallowed', room, `"${text}" was queued and never answered`, { room, clientId }),
    );
}

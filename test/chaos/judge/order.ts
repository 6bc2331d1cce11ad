import type { FreshRead, Row, Send } from '../evidence.ts';
import { isSame } from '../rows.ts';
import { keyOf, rowKey, show, violation, type Violation } from './violation.ts';

/** Each once, by seq. */
export function wrongOrder(rows: readonly Row[], where: string, room: string): Violation[] {
  return rows.flatMap((row, i) => {
    const before = rows[i - 1];
    if (before === undefined || before.seq < row.seq) return [];
    const kind = before.seq === row.seq ? 'doubled' : 'view-order';
    return [violation(kind, where, `${show(row)} behind ${show(before)}`, { room, seq: row.seq })];
  });
}

/** All API nodes read out the same. */
export function againstReads(
  truth: ReadonlyMap<string, FreshRead>,
  reads: readonly FreshRead[],
): Violation[] {
  return reads.flatMap((read) => {
    const rows = truth.get(read.room)?.rows ?? [];
    const at = differsAt(rows, read.rows);
    if (at === undefined) return [];
    const shown = [read.rows[at], rows[at]].map((row) => (row === undefined ? 'nothing' : show(row)));
    const detail = `${read.rows.length} messages by ${read.node}, ${rows.length} by another node; first ${shown.join(' against ')}`;
    const seq = (read.rows[at] ?? rows[at])?.seq;
    return [
      violation('reads-differ', read.room, detail, {
        room: read.room,
        ...(seq === undefined ? {} : { seq }),
      }),
    ];
  });
}

/** The place of the first difference. */
function differsAt(a: readonly Row[], b: readonly Row[]): number | undefined {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [one, other] = [a[i], b[i]];
    if (one === undefined || other === undefined || !isSame(one, other)) return i;
  }
  return undefined;
}

/** One sender's messages keep their order. */
export function againstLanes(truth: ReadonlyMap<string, FreshRead>, sends: readonly Send[]): Violation[] {
  const places = new Map(sends.map((send) => [keyOf(send), send]));
  return [...truth.values()].flatMap(({ room, rows }) => {
    const last = new Map<string, Send>();
    return rows.flatMap((row) => {
      const send = places.get(rowKey(room, row));
      if (send === undefined) return [];
      const before = last.get(send.lane);
      last.set(send.lane, send);
      if (before === undefined || before.n < send.n) return [];
      const detail = `${show(row)} is behind "${before.text.slice(0, 40)}"`;
      return [violation('sender-order', room, detail, { room, seq: row.seq, clientId: send.clientId })];
    });
  });
}

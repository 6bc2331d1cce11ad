import type { Row, View } from '../evidence.ts';
import { isSame } from '../rows.ts';
import { wrongOrder } from './order.ts';
import { againstUnread } from './unread.ts';
import { show, violation, type Violation, type ViolationKind } from './violation.ts';

/** What a device holds is what the API reads out, from where it began to load. */
export function againstView(view: View, truth: readonly Row[]): Violation[] {
  const { room, from, rows } = view;
  const where = `${view.device} in ${room}`;
  const bySeq = new Map(truth.map((row) => [row.seq, row]));
  const held = new Set(rows.map(({ seq }) => seq));
  const lacking = truth.filter(({ seq }) => seq >= from && !held.has(seq));
  const extra = rows.filter((row) => {
    const stored = bySeq.get(row.seq);
    return stored === undefined || !isSame(stored, row);
  });
  const ids = new Set(rows.map(({ id }) => id));
  return [
    ...wrongOrder(rows, where, room),
    ...(ids.size < rows.length
      ? [violation('doubled', where, 'a message stands there twice', { room })]
      : []),
    ...summed('view-lacks', where, room, lacking),
    ...summed('view-extra', where, room, extra, bySeq),
    ...(view.waiting > 0
      ? [violation('waiting', where, `${view.waiting} not sent`, { room, user: view.user })]
      : []),
    ...(view.unread === undefined
      ? []
      : againstUnread({ readSeq: 0, ...view, unread: view.unread }, truth, view.device)),
  ];
}

function summed(
  kind: ViolationKind,
  where: string,
  room: string,
  rows: readonly Row[],
  stored?: ReadonlyMap<number, Row>,
): Violation[] {
  const [first] = rows;
  if (first === undefined) return [];
  const instead = stored?.get(first.seq);
  const against = instead === undefined ? '' : ` instead of ${show(instead)}`;
  const detail = `${rows.length}: ${show(first)}${against} … ${rows.at(-1)?.seq}`;
  return [violation(kind, where, detail, { room, seq: first.seq })];
}

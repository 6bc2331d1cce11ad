import type { Ack, Arrivals, Change, Evidence, FreshRead, Row, Send, View } from '../../chaos/evidence.ts';
import { judge, type ViolationKind } from '../../chaos/judge/index.ts';

export const send = (n: number, overrides: Partial<Send> = {}): Send => ({
  ...{ room: 'r', sender: 'ann', clientId: `c${n}`, text: `text ${n}`, lane: 'ann r', n },
  ...{ isMember: true, isQueued: false },
  ...overrides,
});
export const row = (seq: number, n = seq, overrides: Partial<Row> = {}): Row => ({
  ...{ seq, id: `id${n}`, kind: 'text', sender: 'ann', text: `text ${n}`, clientId: `c${n}`, rev: seq },
  ...{ isEdited: false, isDeleted: false, reactions: '' },
  ...overrides,
});
export const read = (rows: readonly Row[], node = 'api-1'): FreshRead => ({ room: 'r', node, rows });
export const view = (rows: readonly Row[], overrides: Partial<View> = {}): View => ({
  ...{ device: 'd', user: 'bob', room: 'r', rows, from: 0, waiting: 0 },
  ...{ readSeq: 0, unread: rows.filter(({ isDeleted }) => !isDeleted).length },
  ...overrides,
});
export const ack = (n: number, seq = n): Ack => ({
  room: 'r',
  sender: 'ann',
  clientId: `c${n}`,
  seq,
  at: n * 100,
});
/** Of message 1, acknowledged with rev 4, by its sender. */
export const change = (kind: Change['kind'], value: string, overrides: Partial<Change> = {}): Change => ({
  ...{ room: 'r', seq: 1, by: 'ann', kind, value, isMember: true, loose: 0 },
  result: { name: 'done', rev: 4, at: 400 },
  ...overrides,
});
/** A reader that was connected all the time. */
export const arrivals = (heardAt: Arrivals['heardAt'], overrides: Partial<Arrivals> = {}): Arrivals => ({
  ...{ reader: 'w', user: 'bob', room: 'r', heardAt, connected: [{ from: 0, to: 60_000 }] },
  ...overrides,
});

export const GOOD: Evidence = {
  sends: [send(1), send(2), send(3)],
  acks: [ack(1), ack(2), ack(3)],
  refusals: [],
  changes: [],
  overheard: [],
  troubles: [],
  reads: [read([row(1), row(2), row(3)]), read([row(1), row(2), row(3)], 'api-2')],
  views: [view([row(1), row(2), row(3)])],
  unread: [{ user: 'bob', room: 'r', readSeq: 1, unread: 2 }],
  stopped: [],
  arrivals: [arrivals([undefined, 110, 210, 310, 410, 510, 610, 710])],
};

/** What the judge finds in the good history with something changed, each kind once. */
export const kinds = (other: Partial<Evidence>): ViolationKind[] => [
  ...new Set(judge({ ...GOOD, ...other }).map(({ kind }) => kind)),
];
/** The same rows in the reads and the view. */
export const stored = (rows: readonly Row[]): Partial<Evidence> => ({
  reads: [read(rows)],
  views: [view(rows)],
  unread: [],
});
/** The first message stands like this everywhere. */
export const first = (overrides: Partial<Row>): Partial<Evidence> =>
  stored([row(1, 1, overrides), row(2), row(3)]);

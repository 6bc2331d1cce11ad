import type { Arrivals, Evidence, Span, Trouble } from '../evidence.ts';
import { groupBy } from '../group.ts';
import { merge, overlaps, without } from './spans.ts';
import { violation, type Violation } from './violation.ts';

/** ms after the cluster is whole, and the reader connected, within which all that was acknowledged must be there. */
const LIMIT = 10_000;
/** Where an API node died that could not reach Redis, or Redis lost its data and an API node died with it. */
const LONG_LIMIT = 30_000;
/** ms before a message in which such deaths still matter to it. */
const AFTERMATH = 60_000;
/** ms by which the observing process may itself be late: it shares the machine. */
const SLACK = 1_500;

/** Where a reader's log has to be at some time: an ack, or a change that was acknowledged. */
interface Due {
  readonly room: string;
  readonly seq: number;
  readonly at: number;
  readonly what: string;
}

/** Messages and changes that did not reach a connected reader in time, unasked. One violation a reader and room. */
export function late(evidence: Evidence): Violation[] {
  const dues = groupBy(duesOf(evidence), ({ room }) => room);
  const troubles = merge(evidence.troubles);
  return evidence.arrivals.flatMap((arrivals) => {
    const calm = without(arrivals.connected, troubles);
    const found = (dues.get(arrivals.room) ?? []).flatMap(
      (due) => lateness(due, arrivals, calm, evidence) ?? [],
    );
    const [first] = found;
    if (first === undefined) return [];
    const { due, by } = first;
    const heard = arrivals.heardAt[due.seq];
    const detail = `${found.length}: ${due.what} ${due.seq} of ${due.at} was due by ${by}, came ${heard ?? 'never'}`;
    const about = { room: arrivals.room, seq: due.seq, user: arrivals.user, at: due.at };
    return [violation('late', `${arrivals.reader} in ${arrivals.room}`, detail, about)];
  });
}

function duesOf({ acks, changes }: Evidence): Due[] {
  return [
    ...acks.map(({ room, seq, at }) => ({ room, seq, at, what: 'message' })),
    ...changes.flatMap(({ room, kind, result }) =>
      result.name === 'done' ? [{ room, seq: result.rev, at: result.at, what: kind }] : [],
    ),
  ];
}

function lateness(
  due: Due,
  { heardAt }: Arrivals,
  calm: readonly Span[],
  { troubles }: Evidence,
): { readonly due: Due; readonly by: number } | undefined {
  const heard = heardAt[due.seq] ?? Infinity;
  // Most come at once: nothing to work out.
  if (heard <= due.at + LIMIT) return undefined;
  const limit = (hadHardTimes(due, troubles) ? LONG_LIMIT : LIMIT) + SLACK;
  const span = calm.find(({ from, to }) => to - Math.max(from, due.at) >= limit);
  if (span === undefined) return undefined; // never calm for long enough to tell
  const by = Math.max(span.from, due.at) + limit;
  return heard > by ? { due, by } : undefined;
}

function hadHardTimes({ at }: Due, troubles: readonly Trouble[]): boolean {
  const around = troubles.filter((trouble) =>
    overlaps(trouble, { from: at - AFTERMATH, to: at + AFTERMATH }),
  );
  return (
    around.some(({ part }) => part === 'redis') &&
    around.some(({ part, isDeath }) => part === 'api' && isDeath)
  );
}

import type { Change, Evidence, FreshRead, Row } from '../evidence.ts';
import { groupBy } from '../group.ts';
import { keyOf, rowKey, show, violation, type Violation, type ViolationKind } from './violation.ts';

/**
 * Each message stands as its changes left it. One user's changes of a message followed one another, so the last one
 * acknowledged holds; a try that had no answer may have come true at any later time, so what it wanted is allowed too.
 */
export function againstChanges(truth: ReadonlyMap<string, FreshRead>, evidence: Evidence): Violation[] {
  const sent = new Map(evidence.sends.map((send) => [keyOf(send), send.text]));
  const byMessage = groupBy(evidence.changes, ({ room, seq }) => `${room} ${seq}`);
  return [...truth.values()].flatMap(({ room, rows }) =>
    rows
      .filter(({ kind }) => kind === 'text')
      .flatMap((row) => {
        const changes = byMessage.get(`${room} ${row.seq}`) ?? [];
        return againstMessage(room, row, sent.get(rowKey(room, row)), changes);
      }),
  );
}

type Complain = (kind: ViolationKind, detail: string) => Violation;
const isDone = ({ result }: Change): boolean => result.name === 'done';
/** It may have come true without an answer, or after another answer. */
const isLoose = ({ loose }: Change): boolean => loose > 0;

function againstMessage(
  room: string,
  row: Row,
  original: string | undefined,
  changes: readonly Change[],
): Violation[] {
  const complain: Complain = (kind, detail) =>
    violation(kind, room, `${show(row)}: ${detail}`, { room, seq: row.seq });
  const deletes = changes.filter(({ kind }) => kind === 'delete');
  return [
    ...revBehind(row, changes, complain),
    ...againstDeletes(row, deletes, complain),
    ...(row.isDeleted ? againstTombstone(row, complain) : againstState(row, original, changes, complain)),
    ...(deletes.length > 0 ? [] : refusals(changes, complain)),
  ];
}

function revBehind(row: Row, changes: readonly Change[], complain: Complain): Violation[] {
  return changes.flatMap(({ kind, result }) =>
    result.name === 'done' && result.rev > row.rev
      ? [complain('change-lost', `${kind} was acknowledged with rev ${result.rev}`)]
      : [],
  );
}

function againstDeletes(row: Row, deletes: readonly Change[], complain: Complain): Violation[] {
  if (!row.isDeleted && deletes.some(isDone)) return [complain('change-lost', 'it was deleted')];
  const wanted = deletes.some((change) => isDone(change) || isLoose(change));
  return row.isDeleted && !wanted ? [complain('change-invented', 'nobody deleted it')] : [];
}

function againstTombstone(row: Row, complain: Complain): Violation[] {
  return row.text === '' && row.reactions === ''
    ? []
    : [complain('altered', 'deleted, yet something is left')];
}

function againstState(
  row: Row,
  original: string | undefined,
  changes: readonly Change[],
  complain: Complain,
): Violation[] {
  const edits = changes.filter(({ kind }) => kind === 'edit');
  return [...againstText(row, original, edits, complain), ...againstReactions(row, changes, complain)];
}

function againstText(
  row: Row,
  original: string | undefined,
  edits: readonly Change[],
  complain: Complain,
): Violation[] {
  if (original === undefined) return []; // nobody sent it: told elsewhere
  const last = edits.findLast(isDone);
  const firm = last?.value ?? original;
  const allowed = new Set([firm, ...edits.filter(isLoose).map(({ value }) => value)]);
  if (!allowed.has(row.text)) {
    const isOld = row.text === original || edits.some(({ value }) => value === row.text);
    return [complain(isOld ? 'change-lost' : 'altered', `not "${firm}"`)];
  }
  return row.text !== original && !row.isEdited ? [complain('altered', 'edited, yet not marked so')] : [];
}

/** Per user and emoji. */
function againstReactions(row: Row, changes: readonly Change[], complain: Complain): Violation[] {
  const standing = new Set(row.reactions === '' ? [] : row.reactions.split(','));
  const reactions = changes.filter(({ kind }) => kind === 'react' || kind === 'unreact');
  const wishes = groupBy(reactions, ({ value, by }) => `${value} ${by}`);
  const strange = [...standing].filter((key) => !wishes.has(key));
  return [
    ...strange.map((key) => complain('change-invented', `nobody reacted ${key}`)),
    ...[...wishes].flatMap(([key, all]) => {
      const isOn = all.findLast(isDone)?.kind === 'react';
      if (standing.has(key) === isOn) return [];
      const wanted = isOn ? 'unreact' : 'react';
      if (all.some((change) => isLoose(change) && change.kind === wanted)) return [];
      return [complain('change-lost', `${key} should ${isOn ? '' : 'not '}be there`)];
    }),
  ];
}

function refusals(changes: readonly Change[], complain: Complain): Violation[] {
  return changes.flatMap(({ kind, isMember, result }) =>
    isMember && result.name === 'refused' ? [complain('change-refused', `${kind}: ${result.code}`)] : [],
  );
}

import type { LogEntry } from '../store/log.ts';
import type { Facts, Holders, Who } from './facts.ts';
import type { Event, Span, Trail } from './logs.ts';

/** A number's way through the cluster. */
export interface Way {
  readonly seq: number;
  readonly events: readonly Event[];
}
export interface ChangeStory extends Way {
  readonly id: string;
  readonly what: string;
  readonly by?: Who;
  readonly at: string;
  /** Its message has not followed it yet. */
  readonly pending?: true;
}
/** A message's life, without its text. As printed with `--json`. */
export interface Story {
  readonly id: string;
  readonly kind: LogEntry['kind'];
  readonly room: { readonly id: string; readonly type?: string; readonly name?: string | undefined };
  readonly seq: number;
  readonly storedAt: string;
  readonly by?: Who;
  /** What a change does. */
  readonly what?: string;
  /** The message it is, or is a change of, as it now stands. */
  readonly message?: {
    readonly id: string;
    readonly seq: number;
    readonly rev: number;
    readonly by?: Who;
    readonly editedAt?: string;
    readonly deletedAt?: string;
  };
  readonly way: readonly Event[];
  /** Of the message; a change tells its own way only. */
  readonly changes: readonly ChangeStory[];
  readonly members: Holders;
  readonly logs: readonly Span[];
  /** What the logs cannot tell, and why. */
  readonly notes: readonly string[];
}

/** The numbers whose lines are wanted. */
export const seqsOf = ({ entry, changes }: Facts): readonly number[] => [
  ...new Set([entry.seq, ...(entry.kind === 'change' ? [] : changes.map(({ seq }) => seq))]),
];

/** Puts together what is stored and what was logged. */
export function tell(facts: Facts, trail: Trail): Story {
  const { entry, message, people } = facts;
  const wayOf = (seq: number): readonly Event[] => trail.events.filter((event) => event.seq === seq);
  const way = wayOf(entry.seq);
  const changes = entry.kind === 'change' ? [] : facts.changes;
  return {
    id: entry.id,
    kind: entry.kind,
    room: facts.room ?? { id: entry.room },
    seq: entry.seq,
    storedAt: entry.at.toISOString(),
    ...authorOf(entry, people),
    ...(entry.kind === 'change' ? { what: actionOf(entry) } : {}),
    ...(message === undefined ? {} : { message: stateOf(message, people) }),
    way,
    changes: changes.map((change) => ({
      ...{ id: change.id, seq: change.seq, what: actionOf(change), at: change.at.toISOString() },
      ...authorOf(change, people),
      ...(change.pending === true ? { pending: true } : {}),
      events: wayOf(change.seq),
    })),
    members: facts.holders,
    logs: trail.spans,
    notes: notesOn(entry, way, trail),
  };
}

/** Never the texts: of an action only its kind, and the emoji of a reaction. */
function actionOf({ action }: LogEntry): string {
  switch (action?.type) {
    case 'edit':
    case 'delete':
    case 'pin':
    case 'unpin':
      return action.type;
    case 'react':
      return `reaction ${action.emoji}`;
    case 'unreact':
      return `reaction ${action.emoji} taken back`;
    case undefined:
      return 'change';
  }
}

function authorOf({ sender, by }: LogEntry, people: ReadonlyMap<string, string>): { readonly by?: Who } {
  const id = sender ?? by;
  return id === undefined ? {} : { by: { id, username: people.get(id) ?? id } };
}

function stateOf(message: LogEntry, people: ReadonlyMap<string, string>): NonNullable<Story['message']> {
  const { id, seq, rev, editedAt, deletedAt } = message;
  return {
    ...{ id, seq, rev, ...authorOf(message, people) },
    ...(editedAt === undefined ? {} : { editedAt: editedAt.toISOString() }),
    ...(deletedAt === undefined ? {} : { deletedAt: deletedAt.toISOString() }),
  };
}

const PUBLISHED = ['published', 'late'];
const FORWARDED = ['live', 'repaired', 'replayed', 'gap'];
/** ms around a number's second in which a line that is missing may hide in a count. */
const NEAR = 15_000;

function notesOn(entry: LogEntry, way: readonly Event[], trail: Trail): readonly string[] {
  const has = (marks: readonly string[]): boolean => way.some(({ mark }) => marks.includes(mark));
  const near = ({ second }: { readonly second: string }): boolean =>
    Math.abs(Date.parse(second) - entry.at.getTime()) < NEAR;
  const late = trail.spans.filter(({ from }) => Date.parse(from) > entry.at.getTime());
  const crowded = [...new Set(trail.unlisted.filter(near).map(({ node }) => node))];
  const notes: string[] = [];
  if (trail.spans.length === 0) return ['No log of any node was read: its way is not known.'];
  if (!has(['stored', 'voided'])) notes.push('No log names the node that stored it.');
  if (!has(PUBLISHED))
    notes.push('No log says that it was published; gateways find such numbers by themselves.');
  if (!has(FORWARDED))
    notes.push(
      'No log says that a gateway forwarded it: nobody of the room was connected, or the line is missing.',
    );
  if (way.some(({ certain }) => !certain))
    notes.push('"Perhaps": the line was cut, and only says between which numbers the others lie.');
  if (notes.length === 0) return notes;
  if (late.length > 0)
    notes.push(`These logs begin after it was stored: ${listOf(late.map(({ node }) => node))}.`);
  if (crowded.length > 0)
    notes.push(`More rooms than are listed one by one were busy then on ${listOf(crowded)}.`);
  notes.push('A process that is killed takes the lines of its last second with it.');
  return notes;
}

const listOf = (names: readonly string[]): string =>
  names.length <= 10 ? names.join(', ') : `${names.slice(0, 10).join(', ')} and ${names.length - 10} more`;

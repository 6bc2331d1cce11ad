/** docs/rights.md as text, made of the table in api/rights. */
import { RELATIONS, type Relation } from '../api/rights/people.ts';
import type { Right, RoomRight } from '../api/rights/right.ts';
import { STANDINGS, verdictOf, type Standing, type Verdict } from '../api/rights/standings.ts';
import {
  MANAGING,
  OF_PEOPLE,
  personRight,
  READING,
  roomRight,
  WRITING,
  type PersonAction,
  type RoomAction,
} from '../api/rights/table.ts';

const INTRO = `# Rights

Who may do what, and what the others get. This page is made by \`npm run docs:rights\` from [\`api/rights\`](../api/rights), the table
that the services themselves ask; [test/api/rights.test.ts](../test/api/rights.test.ts) and
[test/cluster/rights.test.ts](../test/cluster/rights.test.ts) try every cell of it with the real call or frame.

- ✓: allowed.
- \`not_found\`, \`forbidden\`, \`conflict\`, \`unauthorized\`: refused with that [code](protocol.md#error-codes), and nothing changes. Strangers get
  \`not_found\` for what is private: to them it looks like nothing at all.
- *not shown*: the answer is given, and lacks it.
- *no effect*: what was sent is taken, and this part of it does nothing.
- –: there is no such thing.

## In a room

Everybody in a room has one role in it: *owner* (one, who made the room or was handed it), *admin*, or *member*. *Strangers* are all
others, also who was removed or left. The columns up to *owner* are for groups and private channels; the next two say what differs
in public channels, which anybody finds and may join, and in direct conversations, where both sides are members. *Blocked* is
who was blocked by the other side.

An administrator of the server (\`npm run admin\`) has no rights in rooms beyond these.
`;

const PEOPLE = `## Beside rooms

Whoever is signed in asks for something of a user: *self* is that user, *other* somebody else, *blocked* somebody whom the user
blocked; *anonymous* is not signed in. Calls in the tables above need a sign-in as well: without one, \`unauthorized\`.
`;

const WORDS: Readonly<Partial<Record<Verdict, string>>> = {
  yes: '✓',
  hidden: '*not shown*',
  ignored: '*no effect*',
};
const word = (verdict: Verdict | undefined): string =>
  verdict === undefined ? '–' : (WORDS[verdict] ?? `\`${verdict}\``);

/** The whole page. */
export function rightsPage(): string {
  const tables = [
    ['Reading', READING],
    ['Writing', WRITING],
    ['Looking after the room', MANAGING],
  ] as const;
  const ofRooms = tables.map(
    ([title, rights]) => `### ${title}\n\n${roomTable(Object.keys(rights) as RoomAction[])}`,
  );
  return [INTRO, ...ofRooms, PEOPLE, personTable(Object.keys(OF_PEOPLE) as PersonAction[])].join('\n');
}

const BASE = ['stranger', 'member', 'admin', 'owner'] as const;

function roomTable(actions: readonly RoomAction[]): string {
  const rows = actions.map((action) => {
    const right = roomRight(action);
    const base = BASE.map((standing) => word(verdictOf(right.cells, 'private', standing)));
    return [right.title, ...base, publicCell(right), dmCell(right), waysOf(right)];
  });
  return table(['', ...BASE, 'public channel', 'direct conversation', 'calls and frames'], rows);
}

/** What differs from private rooms, by standing. */
function publicCell({ cells }: RoomRight): string {
  const differing = BASE.filter(
    (standing) => verdictOf(cells, 'public', standing) !== verdictOf(cells, 'private', standing),
  );
  return said(
    differing.map((standing) => [standing, verdictOf(cells, 'public', standing)]),
    BASE.length,
  );
}

function dmCell({ cells }: RoomRight): string {
  const of = (standing: Standing): Verdict | undefined => verdictOf(cells, 'dm', standing);
  const differing = STANDINGS.dm.filter((standing) => {
    const like = standing === 'blocked' ? 'member' : standing;
    return of(standing) !== verdictOf(cells, 'private', like);
  });
  return said(
    differing.map((standing) => [standing, of(standing)]),
    STANDINGS.dm.length,
  );
}

/** One word where it is the same for `all` standings there are. */
function said(differing: readonly (readonly [Standing, Verdict | undefined])[], all: number): string {
  const words = new Set(differing.map(([, verdict]) => word(verdict)));
  if (differing.length === all && words.size === 1) return [...words].join('');
  return differing.map(([standing, verdict]) => `${standing}: ${word(verdict)}`).join(', ');
}

function personTable(actions: readonly PersonAction[]): string {
  const rows = actions.map((action) => {
    const right = personRight(action);
    const verdicts = RELATIONS.map((relation: Relation) => word(right.cells[relation]));
    return [right.title, ...verdicts, waysOf(right)];
  });
  return table(['', ...RELATIONS, 'calls and frames'], rows);
}

const waysOf = ({ calls = [], frames = [] }: Right): string =>
  [...calls, ...frames].map((way) => `\`${way}\``).join(', ');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [line(head), line(head.map(() => '---')), ...rows.map(line), ''].join('\n');
const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

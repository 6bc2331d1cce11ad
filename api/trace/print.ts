/** A story as a person reads it. */
import type { Group } from './facts.ts';
import type { Event } from './logs.ts';
import type { ChangeStory, Story } from './story.ts';

/** Names shown of each group of members. */
const MAX_NAMES = 20;

export function print(story: Story): string {
  const sections = [
    `${titleOf(story)}\n`,
    table(headOf(story)),
    section('Its way', wayOf(story.way, story.storedAt)),
    section(
      'What was done to it',
      story.changes.flatMap((change) => changeLines(change, story.storedAt)),
    ),
    section('Members', table(membersOf(story))),
    section(
      'Logs read',
      table(story.logs.map(({ node, from, to }) => [node, `${when(from)} to ${when(to)} UTC`])),
    ),
    section(
      'To know',
      story.notes.map((note) => `  ${note}`),
    ),
  ];
  return `${sections.flat().join('\n')}\n`;
}

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : [`\n${title}`, ...lines];

function titleOf({ id, kind, seq, room, message, what }: Story): string {
  const place = `number ${seq} of ${room.name === undefined ? '' : `${quoted(room.name)}, `}${room.type ?? 'a room that is gone'} ${room.id}`;
  if (kind === 'void') return `${id} is a void, ${place}: a number that came to nothing.`;
  if (kind !== 'change') return `Message ${id} is ${place}.`;
  return `${id} is a change (${what ?? '?'}), ${place}, of message ${message?.id ?? '?'} (number ${message?.seq ?? '?'}).`;
}

function headOf({ kind, by, storedAt, message, seq }: Story): readonly (readonly [string, string])[] {
  const state = message === undefined ? [] : [['message now', stateOf(message, storedAt)] as const];
  return [
    ['kind', kind],
    ...(by === undefined
      ? []
      : [[kind === 'change' ? 'by' : 'sender', `${by.username} (${by.id})`] as const]),
    ['stored', `${when(storedAt)} UTC`],
    ...(message !== undefined && message.rev !== seq ? state : []),
  ];
}

function stateOf({ rev, editedAt, deletedAt }: NonNullable<Story['message']>, day: string): string {
  const parts = [
    ...(deletedAt === undefined ? [] : [`deleted at ${when(deletedAt, day)}`]),
    ...(editedAt === undefined ? [] : [`last edited at ${when(editedAt, day)}`]),
    `last change is number ${rev}`,
  ];
  return parts.join(', ');
}

/** Over what it came stands with the node that stored it. `day`: a time of the day that need not be named. */
function wayOf(events: readonly Event[], day: string): readonly string[] {
  const stored = events.find(({ mark }) => mark === 'stored');
  const came = events.find(
    ({ mark, node, certain }) =>
      (mark === 'rest' || mark.startsWith('socket')) && node === stored?.node && certain,
  );
  return events
    .filter((event) => event !== came)
    .map((event) => {
      const sentence = sentenceOf(event, event === stored ? came : undefined);
      return `  ${when(event.second, day)}  ${event.certain ? '' : 'perhaps '}${sentence}`;
    });
}

function sentenceOf({ mark, node, sockets }: Event, came: Event | undefined): string {
  const reached = sockets === undefined ? '' : ` to ${count(sockets, 'socket')}`;
  switch (mark) {
    case 'stored':
      return `accepted by ${node}${came === undefined ? '' : `, ${cameBy(came.mark)}`}; stored`;
    case 'voided':
      return `decided to be a void by ${node}`;
    case 'published':
      return `published by ${node}`;
    case 'missed':
      return `not published by ${node}: Redis did not take it; remembered`;
    case 'late':
      return `published later by ${node}`;
    case 'live':
      return `forwarded by ${node}${reached}`;
    case 'repaired':
      return `lost on the way to ${node}, found missing there, fetched and forwarded${reached}`;
    case 'replayed':
      return `replayed by ${node}${reached} that came back`;
    case 'gap':
      return `${node} told ${count(sockets ?? 0, 'socket')} that came back to read it from the API`;
    default:
      return `accepted by ${node}, ${cameBy(mark)}`;
  }
}

const cameBy = (mark: string): string =>
  mark === 'rest' ? 'over REST' : `over the socket by ${mark.slice('socket '.length)}`;

function changeLines({ seq, what, by, at, pending, events }: ChangeStory, day: string): readonly string[] {
  const author = by === undefined ? '' : ` by ${by.username}`;
  const open = pending === true ? '; the message has not followed yet' : '';
  return [
    `  ${when(at, day)}  number ${seq}: ${what}${author}${open}`,
    ...wayOf(events, day).map((line) => `  ${line}`),
  ];
}

function membersOf({ members, by, message, kind }: Story): readonly (readonly [string, string])[] {
  const author = (kind === 'change' ? by : message?.by)?.id;
  const rows: readonly (readonly [string, Group, boolean])[] = [
    ['read it', members.read, false],
    ['have it', members.have, false],
    ['not yet', members.lack, true],
    ['joined later', members.joinedLater, false],
  ];
  return rows
    .filter(([title, group]) => group.count > 0 || title !== 'joined later')
    .map(([title, group, tellCursor]) => [title, namesOf(group, author, tellCursor)]);
}

function namesOf({ count: total, users }: Group, author: string | undefined, tellCursor: boolean): string {
  if (total === 0) return '0';
  const names = users.slice(0, MAX_NAMES).map(({ id, username, gotSeq, readSeq }) => {
    const remarks = [
      ...(id === author ? ['the author'] : []),
      ...(tellCursor ? [`has up to ${Math.max(gotSeq, readSeq)}`] : []),
    ];
    return remarks.length === 0 ? username : `${username} (${remarks.join(', ')})`;
  });
  const more = total > names.length ? [`and ${total - names.length} more`] : [];
  return `${total}: ${[...names, ...more].join(', ')}`;
}

function table(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`);
}

const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;

/** UTC, to what is known of it; the day only where it is not that of `from`. */
function when(time: string, from = ''): string {
  const clock = time.slice(11, 23).replace(/\.000$/, '');
  return time.slice(0, 10) === from.slice(0, 10) ? clock : `${time.slice(0, 10)} ${clock}`;
}

/** People choose names: nothing in them may reach the terminal as a command. */
const quoted = (name: string): string =>
  JSON.stringify(name).replace(/[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]/g, '?');

import { SCENARIOS, type ScenarioName } from '../scenarios/names.ts';
import type { ProfileTable } from '../scenarios/profile.ts';
import { table } from './markdown.ts';
import type { Machine } from './machine.ts';
import type { Circumstances, ProfileSection, Results, Section } from './results.ts';

/** Between these two lines stands what is written by hand; it is kept as it is. */
const HAND_BEGIN = '<!-- by hand: begin -->';
const HAND_END = '<!-- by hand: end -->';

const INTRODUCTION = `# Benchmarks

\`npm run bench\` measures Parley beside what one would otherwise write, on one machine, in one run, with one client, one Redis and
one store. **The ratios are what counts**: absolute figures belong to the machine, and the client shares its cores with the servers.
This page is written by that command; each section holds its latest figures, the medians of several runs.

## What is compared

- **Socket.IO** 4 with its Redis adapter and the websocket transport, as its documentation says to write it: a connection is
  authenticated by a JWT, joins the rooms its user is a member of (read with mongoose), and gets what \`io.to(room).emit()\`
  sends. Messages are emitted by a Socket.IO server of its own that has no clients, through the adapter.
- **One Express process** that does the obvious thing for each message: verifies a JWT (\`jsonwebtoken\`, the secret a string),
  validates with joi, reads the room with mongoose to check membership, \`create\`s the message, \`save\`s the room's last activity,
  publishes to Redis. Its indexes: (room, createdAt) and a text index on the text, for search.
- **A bare loop over \`ws\`**, \`for (const client of room) client.send(text)\`: no authentication, no order, nothing kept.

Parley's nodes run from the compiled build with production's settings, log level included, the baselines as compiled JavaScript, all under the
same Node flags. For fan-out, Parley's messages are put on the room's Redis channel exactly as an API node publishes them, numbered and with the counter raised,
and Socket.IO's are emitted on the same schedule, by the same process, with the same object as content; the publishing process is not measured. Sends go through
everything, and what was acknowledged is counted in the store afterwards.

## How it is measured

- CPU is user and system time of the measured server processes (from the kernel), from the first message published to the last one delivered, divided by
  the deliveries. A queue that builds up is thus waited for, and paid for by whoever built it.
- Latency is taken from the time at which a message *should* have been published, not from when somebody got round to it.
- The client is a lean WebSocket client in a process of its own, the same for every system. It counts every message on every socket; latency and order are looked
  at on every tenth socket, so that the client is not what limits the server.
- Sends are closed loops: each caller waits for its answer. The HTTP caller writes prepared bytes to kept-alive connections and reads no more of an
  answer than its status and length.
`;

const PROFILE_TITLE = 'Where the time goes';

/**
 * The page made from the latest figures. What was written by hand on the page before stays, and so do figures that were
 * taken on another machine: sections of the page before that the results do not know.
 */
export function renderPage(
  results: Results,
  before: string,
  titles: Readonly<Partial<Record<ScenarioName, string>>> = {},
): string {
  const sections = SCENARIOS.flatMap((name) => {
    const section = results.sections[name];
    return section === undefined ? sectionOf(before, titles[name]) : [renderSection(section)];
  });
  const { profile: known } = results;
  const profile = known === undefined ? sectionOf(before, PROFILE_TITLE) : [renderProfile(known)];
  return `${[INTRODUCTION, ...sections, ...profile, handWritten(before)].join('\n')}\n`;
}

function renderSection(section: Section): string {
  const { title, about, outcome, runs, seconds } = section;
  return [
    `## ${title}`,
    '',
    about,
    '',
    table(outcome.columns, outcome.rows),
    '',
    table(
      ['target', 'found', ''],
      outcome.verdicts.map(({ claim, found, ok }) => [claim, found, ok ? '✓' : '✗']),
    ),
    '',
    circumstances(section, `medians of ${runs} ${runs === 1 ? 'run' : 'runs'}, ${seconds} s of load each`),
    '',
  ].join('\n');
}

function renderProfile(section: ProfileSection): string {
  return [
    `## ${PROFILE_TITLE}`,
    '',
    'CPU profiles (`--cpu-prof`) of processes that had as much to do as they could, self time as a share of the time in which they were busy. Our own files are named; `npx tsx bench/profile/main.ts FILE.cpuprofile` shows any other profile the same way, with its functions.',
    '',
    ...section.tables.map(renderProfileTable),
    circumstances(section, 'one run'),
    '',
  ].join('\n');
}

function renderProfileTable({ title, busy, rows }: ProfileTable): string {
  const shares = rows.map(({ name, share }) => [name, `${(share * 100).toFixed(1)} %`]);
  return `### ${title}\n\nBusy ${(busy * 100).toFixed(0)} % of the time.\n\n${table(['where', 'share'], shares)}\n`;
}

function circumstances({ at, command, machine }: Circumstances, how: string): string {
  return `\`${command}\`, ${at.slice(0, 10)}, ${how}. ${describe(machine)}`;
}

const describe = ({ cores, cpu, memoryGiB, node, kernel, redis, store }: Machine): string =>
  `${cores} cores of ${cpu}, ${memoryGiB} GiB, ${kernel}, Node ${node}, Redis ${redis}, ${store}.`;

/** The section of the page with that title, as it stands there. */
function sectionOf(page: string, title: string | undefined): readonly string[] {
  if (title === undefined) return [];
  const [generated = ''] = page.split(HAND_BEGIN);
  const found = generated.split(/^(?=## )/m).find((section) => section.startsWith(`## ${title}\n`));
  return found === undefined ? [] : [`${found.trimEnd()}\n`];
}

/** The part between the two marks, with the marks; an empty one where the page has none. */
function handWritten(page: string): string {
  const [begin, end] = [page.indexOf(HAND_BEGIN), page.indexOf(HAND_END)];
  if (begin === -1 || end < begin) return `${HAND_BEGIN}\n${HAND_END}`;
  return page.slice(begin, end + HAND_END.length);
}

import { parseArgs } from 'node:util';
import { UsageError } from './errors.ts';

export const MIXES = ['chat', 'huge', 'dms', 'storm', 'idle'] as const;
export type Mix = (typeof MIXES)[number];

/** What `npm run load` was asked for. */
export interface LoadOptions {
  /** The origin, https://host:port. */
  readonly url: string;
  readonly connections: number;
  readonly mix: Mix;
  readonly rooms: number;
  /** Rooms each user is in. */
  readonly roomsEach: number;
  /** Messages a second, of all sockets together. */
  readonly rate: number;
  /** Seconds. */
  readonly duration: number;
  readonly users: number;
  /** undefined: by connections and limits. */
  readonly processes: number | undefined;
  /** New connections a second. */
  readonly ramp: number;
  /** Characters of a message's text. */
  readonly size: number;
  /** Of the sockets, which a storm cuts. */
  readonly stormPercent: number;
  /** Addresses to connect from; none: chosen where the target is this machine. */
  readonly sources: readonly string[];
  readonly findMax: boolean;
  /** Seconds of each step of `findMax`. */
  readonly step: number;
  /** ms of the 99th percentile of delivery; undefined: no limit. */
  readonly limitP99: number | undefined;
  /** Percent of intended sends that may fail. */
  readonly limitErrors: number;
  /** Seconds to wait at the end until everything is delivered. */
  readonly settle: number;
  /** The cluster's data folder; users and reports are kept in its folder `load`. */
  readonly data: string;
  readonly ca: string | undefined;
  readonly insecure: boolean;
  /** New users and rooms. */
  readonly fresh: boolean;
  readonly report: string | undefined;
  readonly json: string | undefined;
}

export const LOAD_HELP = `npm run load -- [options]

What
  --url URL            the cluster (https://localhost:8443)
  --mix NAME           chat   many rooms (the default)
                       huge   one room with everybody
                       dms    many conversations of two
                       storm  chat; at half time sockets are cut and come back
                       idle   connections only
  --connections N      sockets (1000)
  --rate N             messages a second, of all sockets together (100; idle: 0)
  --duration S         seconds at that rate (30)
  --rooms N            rooms (one for 50 sockets; dms: one for 4)
  --rooms-each N       rooms each user is in (1; idle: 5)
  --users N            accounts; each has several sockets (one for 50 sockets, at least 10)
  --size N             characters of a message (120)
  --storm-percent N    sockets that a storm cuts (50)

How
  --ramp N             new connections a second (1000)
  --processes N        worker processes (one for 5,000 sockets, at most one a core)
  --source A,B         addresses to connect from (127.0.0.x where the target is this machine)
  --settle S           seconds to wait at the end until all is delivered (15)
  --fresh              new users and rooms instead of those of the last run
  --data DIR           the cluster's data folder: users and reports are kept below it (.data)
  --ca FILE            certificate authority (DIR/tls/ca.crt where it exists)
  --insecure           any certificate will do

Limits
  --limit-p99 MS       99th percentile of delivery, from the intended time of the send (find-max: 500)
  --limit-errors PCT   intended sends that may be refused, left out or unanswered (1)
  --find-max           raise the rate from --rate until a limit breaks, tell the highest that held
  --step S             seconds of each step (10)

Results
  --report FILE        the HTML report (DIR/load/reports/TIME-MIX.html)
  --json FILE          the same for machines
  --help               this

Exit code: 0 correct and within limits, 1 otherwise, 2 for a wrong command line. Ctrl-C ends a run early, with its report.`;

const TEXT = { type: 'string' } as const;
const FLAG = { type: 'boolean', default: false } as const;
const SPEC = {
  ...{ url: TEXT, mix: TEXT, connections: TEXT, rate: TEXT, duration: TEXT, rooms: TEXT, users: TEXT },
  ...{ 'rooms-each': TEXT, size: TEXT, 'storm-percent': TEXT, ramp: TEXT, processes: TEXT, source: TEXT },
  ...{ settle: TEXT, data: TEXT, ca: TEXT, 'limit-p99': TEXT, 'limit-errors': TEXT, step: TEXT },
  ...{ report: TEXT, json: TEXT, insecure: FLAG, fresh: FLAG, 'find-max': FLAG },
  help: { ...FLAG, short: 'h' },
} as const;

const SOCKETS_PER_USER = 50;
const SOCKETS_PER_ROOM = 50;
const SOCKETS_PER_DM = 4;
const MIN_USERS = 10;
const FIND_MAX_P99 = 500;
const MAX_SOCKETS = 1_000_000;
/** A message's text may not be longer; the stamp needs the least. */
const [MIN_SIZE, MAX_SIZE] = [80, 8_000];

/** The options in `argv`, or 'help'; throws UsageError with one line for anything unknown or out of range. */
export function parseOptions(argv: readonly string[]): LoadOptions | 'help' {
  const given = read(argv);
  if (given['help'] === true) return 'help';
  const numberOf = (name: string, fallback: number, min: number, max: number): number =>
    given[name] === undefined ? fallback : number(name, given[name], min, max);
  const whole = (name: string, fallback: number, min: number, max: number): number =>
    Math.round(numberOf(name, fallback, min, max));
  const mix = mixOf(given['mix']);
  const connections = whole('connections', 1_000, 1, MAX_SOCKETS);
  const users = whole('users', defaultUsers(connections), 1, 100_000);
  const findMax = given['find-max'] === true;
  if (findMax && mix === 'idle') throw new UsageError('--find-max needs a mix that sends: not idle');
  if (mix !== 'idle' && users < 2) throw new UsageError('--users must be 2 or more: somebody must listen');
  if (users > connections)
    throw new UsageError(`--users must not be more than --connections (${connections})`);
  return {
    ...{ mix, connections, users, findMax },
    url: origin(given['url']),
    rate: mix === 'idle' ? 0 : numberOf('rate', 100, 0.1, 1_000_000),
    duration: numberOf('duration', 30, 1, 86_400),
    rooms: whole('rooms', defaultRooms(mix, connections), 1, 100_000),
    roomsEach: whole('rooms-each', mix === 'idle' ? 5 : 1, 1, 500),
    processes: given['processes'] === undefined ? undefined : whole('processes', 1, 1, 256),
    ramp: numberOf('ramp', 1_000, 1, 100_000),
    size: whole('size', 120, MIN_SIZE, MAX_SIZE),
    stormPercent: numberOf('storm-percent', 50, 1, 100),
    sources: textOf(given['source'])?.split(',') ?? [],
    step: numberOf('step', 10, 3, 3_600),
    limitP99:
      given['limit-p99'] === undefined
        ? findMax
          ? FIND_MAX_P99
          : undefined
        : numberOf('limit-p99', 0, 1, 600_000),
    limitErrors: numberOf('limit-errors', 1, 0, 100),
    settle: numberOf('settle', 15, 1, 600),
    data: textOf(given['data']) ?? '.data',
    ca: textOf(given['ca']),
    insecure: given['insecure'] === true,
    fresh: given['fresh'] === true,
    report: textOf(given['report']),
    json: textOf(given['json']),
  };
}

const defaultUsers = (connections: number): number =>
  Math.min(connections, Math.max(MIN_USERS, Math.ceil(connections / SOCKETS_PER_USER)));

const defaultRooms = (mix: Mix, connections: number): number =>
  Math.ceil(connections / (mix === 'dms' ? SOCKETS_PER_DM : SOCKETS_PER_ROOM));

function read(argv: readonly string[]): Readonly<Record<string, string | boolean | undefined>> {
  try {
    return { ...parseArgs({ args: [...argv], options: SPEC, allowPositionals: false, strict: true }).values };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const [first = ''] = text.split(/\. (?:To|This)/);
    throw new UsageError(`${first.replace(/\.$/, '')} (see --help)`, { cause: error });
  }
}

function number(name: string, value: unknown, min: number, max: number): number {
  const found = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN;
  if (found >= min && found <= max) return found;
  throw new UsageError(`--${name} must be a number from ${min} to ${max}, not "${String(value)}"`);
}

function mixOf(value: unknown): Mix {
  if (value === undefined) return 'chat';
  const found = MIXES.find((mix) => mix === value);
  if (found !== undefined) return found;
  throw new UsageError(`--mix must be one of ${MIXES.join(', ')}, not "${String(value)}"`);
}

function origin(value: unknown): string {
  const text = textOf(value) ?? 'https://localhost:8443';
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw new UsageError(`--url must be like https://localhost:8443, not "${text}"`);
  return url.origin;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

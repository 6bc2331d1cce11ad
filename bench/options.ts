import { parseArgs } from 'node:util';
import { SCENARIOS, type ScenarioName } from './scenarios/names.ts';

export interface BenchOptions {
  readonly only: readonly ScenarioName[];
  readonly runs: number;
  /** How long load lasts that is measured. */
  readonly seconds: number;
  /** How many messages are searched. */
  readonly messages: number;
  /** Whether processes are profiled as well: runs of their own, since profiling costs. */
  readonly profile: boolean;
  /** Folder for servers' data, logs, profiles and results. */
  readonly data: string;
  readonly help: boolean;
}

export const USAGE = `npm run bench -- [options]

  --only NAMES     some of: ${SCENARIOS.join(', ')}; all when not given
  --runs N         runs of each scenario; the median counts (default 3)
  --seconds N      seconds of load in each measurement (default 6)
  --messages N     messages that are searched (default 500000)
  --profile        also profile a saturated gateway and API node
  --data DIR       where data, logs and results are kept (default .data/bench)

MONGODB_URL and REDIS_URL name servers to be used; without them own ones are started.
`;

const MAX_RUNS = 25;
const MAX_SECONDS = 600;
const MAX_MESSAGES = 10_000_000;

/** What the command line asks for; throws a sentence that names the option that is wrong. */
export function readOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      runs: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '6' },
      messages: { type: 'string', default: '500000' },
      profile: { type: 'boolean', default: false },
      data: { type: 'string', default: '.data/bench' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  return {
    only: values.only === undefined ? SCENARIOS : readNames(values.only),
    runs: readNumber('--runs', values.runs, MAX_RUNS),
    seconds: readNumber('--seconds', values.seconds, MAX_SECONDS),
    messages: readNumber('--messages', values.messages, MAX_MESSAGES),
    profile: values.profile,
    data: values.data,
    help: values.help,
  };
}

function readNames(text: string): ScenarioName[] {
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.filter((name) => !isScenario(name));
  if (wrong.length > 0)
    throw new Error(`--only: no scenario is called ${wrong.join(', ')}; there are ${SCENARIOS.join(', ')}`);
  return SCENARIOS.filter((name) => names.includes(name));
}

const isScenario = (name: string): name is ScenarioName => (SCENARIOS as readonly string[]).includes(name);

function readNumber(name: string, text: string, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > max)
    throw new Error(`${name} must be a whole number from 1 to ${max}`);
  return value;
}

/** The command that says the same, for the page. */
export function commandOf({ only, runs, seconds, messages, profile }: BenchOptions): string {
  const names = only.length === SCENARIOS.length ? [] : [`--only ${only.join(',')}`];
  const searched = only.includes('search') ? [`--messages ${messages}`] : [];
  const load = [`--runs ${runs}`, `--seconds ${seconds}`, ...searched];
  const options = [...names, ...load, ...(profile ? ['--profile'] : [])];
  return `npm run bench -- ${options.join(' ')}`;
}

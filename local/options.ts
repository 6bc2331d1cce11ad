import { parseArgs, type ParseArgsConfig } from 'node:util';
import { reason, SetupError } from './errors.ts';

/** What `npm start` was asked for. */
export interface StartOptions {
  readonly api: number;
  readonly gateways: number;
  readonly port: number;
  readonly httpPort: number;
  readonly data: string;
  readonly demo: boolean;
  readonly dev: boolean;
}
/** What `npm run scale` was asked for; what is not named stays as it is. */
export interface ScaleOptions {
  readonly api: number | undefined;
  readonly gateways: number | undefined;
  readonly data: string;
}

export interface RestartOptions {
  readonly data: string;
}

/** More nodes than this on one machine is a typing error. */
const MAX_NODES = 64;

export const START_HELP = `npm start -- [options]

  --api N         API nodes (2)
  --gateways N    gateways (2)
  --port N        the HTTPS port (8443)
  --http-port N   the HTTP port, which redirects (8080)
  --data DIR      where data, secrets and logs are kept (.data)
  --demo          fill an empty store with people, rooms and conversations
  --dev           Vite's hot reload in front, restart on change
  --help          this

MONGODB_URL and REDIS_URL name servers of your own.`;

export const SCALE_HELP = `npm run scale -- [options]

  --api N         how many API nodes there shall be
  --gateways N    how many gateways there shall be
  --data DIR      the data folder of the running cluster (.data)`;

export const RESTART_HELP = `npm run restart -- [options]

  --data DIR      the data folder of the running cluster (.data)`;

/** The options in `argv`, or 'help'; throws SetupError with one line for anything unknown or out of range. */
export function parseStart(argv: readonly string[]): StartOptions | 'help' {
  const values = read(argv, {
    api: { type: 'string', default: '2' },
    gateways: { type: 'string', default: '2' },
    port: { type: 'string', default: '8443' },
    'http-port': { type: 'string', default: '8080' },
    data: { type: 'string', default: '.data' },
    demo: { type: 'boolean', default: false },
    dev: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values['help'] === true) return 'help';
  const options = {
    api: count('--api', values['api']),
    gateways: count('--gateways', values['gateways']),
    port: integer('--port', values['port'], 1, 65_535),
    httpPort: integer('--http-port', values['http-port'], 1, 65_535),
    data: folder(values['data']),
    demo: values['demo'] === true,
    dev: values['dev'] === true,
  };
  if (options.port === options.httpPort) throw new SetupError('--port and --http-port must differ');
  return options;
}

/** The same for `npm run scale`; at least one of the two counts must be given. */
export function parseScale(argv: readonly string[]): ScaleOptions | 'help' {
  const values = read(argv, {
    api: { type: 'string' },
    gateways: { type: 'string' },
    data: { type: 'string', default: '.data' },
    help: { type: 'boolean', short: 'h', default: false },
  });
  if (values['help'] === true) return 'help';
  const { api, gateways } = values;
  if (api === undefined && gateways === undefined)
    throw new SetupError('say how many: --api N, --gateways N or both');
  return {
    api: api === undefined ? undefined : count('--api', api),
    gateways: gateways === undefined ? undefined : count('--gateways', gateways),
    data: folder(values['data']),
  };
}

/** The same for `npm run restart`. */
export function parseRestart(argv: readonly string[]): RestartOptions | 'help' {
  const values = read(argv, {
    data: { type: 'string', default: '.data' },
    help: { type: 'boolean', short: 'h', default: false },
  });
  return values['help'] === true ? 'help' : { data: folder(values['data']) };
}

function read(argv: readonly string[], options: ParseArgsConfig['options']): Record<string, unknown> {
  try {
    return { ...parseArgs({ args: [...argv], options, allowPositionals: false, strict: true }).values };
  } catch (error) {
    const [first = ''] = reason(error).split(/\. (?:To|This)/);
    throw new SetupError(`${first.replace(/\.$/, '')} (see --help)`, { cause: error });
  }
}

const count = (name: string, value: unknown): number => integer(name, value, 1, MAX_NODES);

function integer(name: string, value: unknown, min: number, max: number): number {
  const number = typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= min && number <= max) return number;
  throw new SetupError(`${name} must be a whole number from ${min} to ${max}, not "${String(value)}"`);
}

function folder(value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new SetupError('--data must name a folder');
}

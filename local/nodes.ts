import { join } from 'node:path';
import { answers } from './http.ts';
import type { Paths } from './paths.ts';
import type { ProcessSpec } from './processes.ts';
import type { Secrets } from './secrets.ts';
import { ROOT } from './paths.ts';

/** Where a node listens: the port behind NGINX, and the one for the cluster itself. */
export interface NodePorts {
  readonly port: number;
  readonly internalPort: number;
}
/** What all nodes of a cluster are told. */
export interface NodeSettings {
  readonly paths: Paths;
  readonly secrets: Secrets;
  readonly mongodbUrl: string;
  readonly redisUrl: string;
  readonly origin: string;
  readonly allowedOrigins: readonly string[];
  readonly maxSockets: number;
  readonly entries: NodeEntries;
  readonly env: Readonly<Record<string, string>>;
}

/** Node's arguments that run each kind of node. */
export interface NodeEntries {
  readonly api: readonly string[];
  readonly gateway: readonly string[];
}

/**
 * V8's flags of an API node: with so many MiB for young objects, those of the requests under way are seldom moved; measured
 * to take a tenth off a send's CPU.
 */
export const API_FLAGS = ['--max-semi-space-size=64'] as const;

/** `built`: dist/*.js. `source`: the TypeScript itself, through tsx. */
export function entriesOf(code: 'built' | 'source'): NodeEntries {
  const of = (kind: string): readonly string[] =>
    code === 'built'
      ? ['--enable-source-maps', join(ROOT, 'dist', kind, 'main.js')]
      : ['--import', 'tsx', join(ROOT, kind, 'main.ts')];
  return { api: [...API_FLAGS, ...of('api')], gateway: of('gateway') };
}

/** Seconds a gateway may take to send its people elsewhere. */
const DRAIN_SECONDS = 5;
const GRACE = (DRAIN_SECONDS + 10) * 1_000;
const HOST = '127.0.0.1';

/** How to run an API node. */
export function apiSpec(name: string, ports: NodePorts, settings: NodeSettings): ProcessSpec {
  return nodeSpec(name, 'api', ports, settings, {
    API_PORT: String(ports.port),
    API_INTERNAL_PORT: String(ports.internalPort),
    MONGODB_URL: settings.mongodbUrl,
    REFRESH_SECRET: settings.secrets.REFRESH_SECRET,
  });
}

/** How to run a gateway. */
export function gatewaySpec(name: string, ports: NodePorts, settings: NodeSettings): ProcessSpec {
  return nodeSpec(name, 'gateway', ports, settings, {
    GATEWAY_PORT: String(ports.port),
    GATEWAY_INTERNAL_PORT: String(ports.internalPort),
    API_NODES: `@${settings.paths.apiNodes}`,
    MAX_SOCKETS: String(settings.maxSockets),
    DRAIN_SECONDS: String(DRAIN_SECONDS),
  });
}

/**
 * Where everybody comes from one address, limits by address would stop the second person; and who measures a machine sends
 * as fast as it takes. What guards an account stays as it is everywhere.
 */
const LOCAL_LIMITS = {
  RATE_LIMIT_REGISTER: '100000/1m',
  RATE_LIMIT_LOGIN_ADDRESS: '100000/1m',
  RATE_LIMIT_REFRESH: '100000/1m',
  RATE_LIMIT_SEND: '100000/1m',
  RATE_LIMIT_FRAMES: '100000/1m',
  RATE_LIMIT_HELLO: '100000/1m',
  RATE_LIMIT_CONNECT: '100000/1m',
  RATE_LIMIT_CONNECT_FAILED: '100000/1m',
  RATE_LIMIT_CALLS: '100000/1m',
  RATE_LIMIT_ROOMS: '100000/1m',
  RATE_LIMIT_INVITES: '100000/1m',
} as const;

/** RATE_LIMIT_* of who starts the cluster win. */
const givenLimits = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      /^RATE_LIMIT_/.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  );

function nodeSpec(
  name: string,
  kind: 'api' | 'gateway',
  ports: NodePorts,
  settings: NodeSettings,
  own: Readonly<Record<string, string>>,
): ProcessSpec {
  return {
    name,
    program: process.execPath,
    args: settings.entries[kind],
    cwd: ROOT,
    env: {
      NODE_ENV: 'production',
      NODE_NAME: name,
      HOST,
      REDIS_URL: settings.redisUrl,
      JWT_SECRET: settings.secrets.JWT_SECRET,
      INTERNAL_SECRET: settings.secrets.INTERNAL_SECRET,
      PUBLIC_ORIGIN: settings.origin,
      ALLOWED_ORIGINS: settings.allowedOrigins.join(','),
      TRUSTED_HOPS: '1',
      ...LOCAL_LIMITS,
      ...givenLimits(process.env),
      ...own,
      ...settings.env,
    },
    log: join(settings.paths.logs, `${name}.log`),
    isReady: () => answers(`http://${HOST}:${ports.internalPort}/readyz`),
    grace: GRACE,
  };
}

/** The internal URLs of API nodes as the file that gateways read: one a line. */
export const apiNodesText = (nodes: readonly NodePorts[]): string =>
  nodes.map((node) => `http://${HOST}:${node.internalPort}\n`).join('');

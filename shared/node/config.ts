/** The environment, read once at start through one schema; a process refuses to start with a bad one, naming the variable. */
import { hostname } from 'node:os';
import Joi from 'joi';
import { limit, type Limit } from './limit.ts';

/** A variable that is missing or wrong; its message is one line that names it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const production = Joi.ref('NODE_ENV');
/** At least 32 bytes; in production it must be given, elsewhere a fixed one serves for tests. */
const secret = (name: string): Joi.StringSchema =>
  Joi.string()
    .min(32)
    .when(production, {
      is: 'production',
      then: Joi.required(),
      otherwise: Joi.string().default(`development-only-${name}-`.padEnd(48, 'x')),
    });
const port = (fallback: number): Joi.NumberSchema => Joi.number().port().default(fallback);
const list = (fallback: string): Joi.StringSchema => Joi.string().default(fallback);

const common = {
  NODE_ENV: Joi.string().valid('development', 'test', 'production').default('development'),
  /** This process in logs, metrics and traces. In containers all may have the same pid. */
  NODE_NAME: Joi.string().max(64).default(`${hostname()}-${process.pid}`.slice(-64)),
  LOG_LEVEL: Joi.string().valid('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').default('info'),
  /** The address every port of this process listens on. */
  HOST: Joi.string().default('127.0.0.1'),
  REDIS_URL: Joi.string()
    .uri({ scheme: ['redis', 'rediss'] })
    .default('redis://127.0.0.1:6379'),
  JWT_SECRET: secret('jwt'),
  INTERNAL_SECRET: secret('internal'),
  PUBLIC_ORIGIN: Joi.string()
    .uri({ scheme: ['http', 'https'] })
    .default('https://localhost:8443'),
  /** Comma-separated; default: the public origin. One list for CORS and the socket's Origin check. */
  ALLOWED_ORIGINS: Joi.string().optional(),
  /** How many proxies stand in front and set X-Forwarded-For. */
  TRUSTED_HOPS: Joi.number().integer().min(0).max(5).default(1),
  /** `off` serves tests and is refused in production. */
  RATE_LIMITS: Joi.string()
    .default('on')
    .when(production, { is: 'production', then: Joi.valid('on'), otherwise: Joi.valid('on', 'off') }),
  /** Messages of one user, in each process. */
  RATE_LIMIT_SEND: limit('1200/1m'),
};

const api = {
  ...common,
  API_PORT: port(8081),
  /** Internal API for gateways, metrics, health. Never through NGINX. */
  API_INTERNAL_PORT: port(8082),
  MONGODB_URL: Joi.string()
    .uri({ scheme: ['mongodb', 'mongodb+srv'] })
    .default('mongodb://127.0.0.1:27017/parley'),
  REFRESH_SECRET: secret('refresh'),
  /** Bytes of one uploaded file. NGINX stops what is above 100 MiB. */
  ATTACHMENT_MAX_BYTES: Joi.number()
    .integer()
    .min(1_024)
    .max(100 * 1024 * 1024)
    .default(50 * 1024 * 1024),
  /** Bytes of all files of one user; 0 for as much as they like. */
  ATTACHMENT_USER_BYTES: Joi.number()
    .integer()
    .min(0)
    .max(1024 ** 5)
    .default(10 * 1024 ** 3),
  /** bcrypt's cost; each step doubles the time of a login. */
  BCRYPT_COST: Joi.number()
    .integer()
    .max(15)
    .default(12)
    .when(production, { is: 'production', then: Joi.number().min(12), otherwise: Joi.number().min(4) }),
  /** Whether the pages behind links are fetched for cards under messages. */
  LINK_PREVIEWS: Joi.string().valid('on', 'off').default('on'),
  /** Comma-separated `host:port`: fetched from although they are not on the open internet. */
  LINK_PREVIEW_HOSTS: list('').allow(''),
  /** By address. */
  RATE_LIMIT_REGISTER: limit('60/1h'),
  /** Wrong passwords for one name from one address, in a row; each block after that is twice as long. */
  RATE_LIMIT_LOGIN: limit('10/15m'),
  /** Wrong passwords for one name from anywhere. */
  RATE_LIMIT_LOGIN_NAME: limit('100/1h'),
  /** Wrong passwords from one address, whatever the name. */
  RATE_LIMIT_LOGIN_ADDRESS: limit('100/15m'),
  /** By address. */
  RATE_LIMIT_REFRESH: limit('600/1m'),
  /** By user, and resets by address. */
  RATE_LIMIT_PASSWORD: limit('10/15m'),
  /** What follows is by user. */
  RATE_LIMIT_SEARCH: limit('60/1m'),
  RATE_LIMIT_USERS: limit('300/1m'),
  RATE_LIMIT_UPLOAD: limit('120/10m'),
  RATE_LIMIT_ROOMS: limit('60/10m'),
  RATE_LIMIT_INVITES: limit('60/10m'),
  /** All calls of one user together, in each process. */
  RATE_LIMIT_CALLS: limit('3000/1m'),
};

const gateway = {
  ...common,
  GATEWAY_PORT: port(8083),
  /** Metrics and health. */
  GATEWAY_INTERNAL_PORT: port(8084),
  /**
   * Where the API nodes' internal ports are: comma-separated base URLs (a name with several addresses is several
   * nodes), or `@/path/to/file` with one URL a line, read again when it changes.
   */
  API_NODES: list('http://127.0.0.1:8082'),
  /** Sockets this process takes before it answers 503 at the upgrade. */
  MAX_SOCKETS: Joi.number().integer().min(1).default(18_000),
  /** Seconds a drain takes at most. */
  DRAIN_SECONDS: Joi.number().min(0).max(600).default(10),
  /** Frames of one socket other than messages. */
  RATE_LIMIT_FRAMES: limit('1200/1m'),
  /** Connections of one user that begin, in each process. */
  RATE_LIMIT_HELLO: limit('120/1m'),
  /** Upgrades from one address, in each process: a whole office may stand behind it and come back at once. */
  RATE_LIMIT_CONNECT: limit('6000/1m'),
  /** Connections from one address that came to nothing: a forged token, no `hello`, a broken protocol. */
  RATE_LIMIT_CONNECT_FAILED: limit('600/1m'),
};

interface CommonConfig {
  readonly NODE_ENV: 'development' | 'test' | 'production';
  readonly NODE_NAME: string;
  readonly LOG_LEVEL: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  readonly HOST: string;
  readonly REDIS_URL: string;
  readonly JWT_SECRET: string;
  readonly INTERNAL_SECRET: string;
  readonly PUBLIC_ORIGIN: string;
  readonly TRUSTED_HOPS: number;
  /** Parsed from ALLOWED_ORIGINS. */
  readonly allowedOrigins: readonly string[];
  readonly RATE_LIMITS: 'on' | 'off';
  readonly RATE_LIMIT_SEND: Limit;
}
export interface ApiConfig extends CommonConfig, Readonly<Record<ApiLimit, Limit>> {
  readonly API_PORT: number;
  readonly API_INTERNAL_PORT: number;
  readonly MONGODB_URL: string;
  readonly REFRESH_SECRET: string;
  readonly ATTACHMENT_MAX_BYTES: number;
  readonly ATTACHMENT_USER_BYTES: number;
  readonly BCRYPT_COST: number;
  readonly LINK_PREVIEWS: 'on' | 'off';
  /** Parsed from LINK_PREVIEW_HOSTS. */
  readonly previewHosts: readonly string[];
}
/** The groups of calls that are counted. */
export type ApiLimit = `RATE_LIMIT_${
  | 'REGISTER'
  | 'LOGIN'
  | 'LOGIN_NAME'
  | 'LOGIN_ADDRESS'
  | 'REFRESH'
  | 'PASSWORD'
  | 'SEARCH'
  | 'USERS'
  | 'UPLOAD'
  | 'ROOMS'
  | 'INVITES'
  | 'CALLS'}`;
export interface GatewayConfig extends CommonConfig {
  readonly RATE_LIMIT_FRAMES: Limit;
  readonly RATE_LIMIT_HELLO: Limit;
  readonly RATE_LIMIT_CONNECT: Limit;
  readonly RATE_LIMIT_CONNECT_FAILED: Limit;
  readonly GATEWAY_PORT: number;
  readonly GATEWAY_INTERNAL_PORT: number;
  readonly API_NODES: string;
  readonly MAX_SOCKETS: number;
  readonly DRAIN_SECONDS: number;
}

/** The API node's configuration from `env`; throws ConfigError. */
export const readApiConfig = (env: NodeJS.ProcessEnv): ApiConfig => read<ApiConfig>(api, env);
/** The gateway's configuration from `env`; throws ConfigError. */
export const readGatewayConfig = (env: NodeJS.ProcessEnv): GatewayConfig => read<GatewayConfig>(gateway, env);

function read<T extends CommonConfig>(schema: Joi.PartialSchemaMap, env: NodeJS.ProcessEnv): T {
  const result = Joi.object(schema).validate(env, { stripUnknown: true, errors: { wrap: { label: false } } });
  if (result.error !== undefined) throw new ConfigError(`Bad environment: ${result.error.message}`);
  const value = result.value as T & {
    readonly ALLOWED_ORIGINS?: string;
    readonly LINK_PREVIEW_HOSTS?: string;
  };
  const origins = items(value.ALLOWED_ORIGINS ?? value.PUBLIC_ORIGIN).map((origin) =>
    origin.replace(/\/$/, ''),
  );
  return Object.freeze({
    ...value,
    allowedOrigins: Object.freeze(origins),
    previewHosts: Object.freeze(items(value.LINK_PREVIEW_HOSTS ?? '')),
  });
}

function items(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

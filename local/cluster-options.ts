import type { NodeEntries } from './nodes.ts';
import type { Output } from './output.ts';
import type { Servers } from './servers.ts';

/** What a cluster is to be. */
export interface ClusterOptions {
  /** Folder of its data, secrets, certificates and logs; one cluster at a time may use it. */
  readonly data: string;
  readonly api?: number;
  readonly gateways?: number;
  /** 0 (default) takes a free one. */
  readonly port?: number;
  readonly httpPort?: number;
  /** `built` (default) runs dist/, built first where sources changed; `source` runs the TypeScript through tsx. */
  readonly code?: 'built' | 'source';
  /** Vite's server in front instead of the built client. */
  readonly vite?: boolean;
  /** More variables for the API nodes and gateways. */
  readonly env?: Readonly<Record<string, string>>;
  /** The same where they depend on the servers, such as a proxy in front of one; these win. */
  readonly nodeEnv?: (urls: ServerUrls) => Promise<Readonly<Record<string, string>>>;
  /** Where MONGODB_URL and REDIS_URL are looked up; default this process's. */
  readonly serverEnv?: NodeJS.ProcessEnv;
  readonly output?: Output;
  /** Servers found before, so that they are not looked for again. */
  readonly servers?: Servers;
  /** Scripts that stand in for the API node and the gateway, in tests of what surrounds them. */
  readonly entries?: NodeEntries;
}
/** Where the nodes find what they need. */
export interface ServerUrls {
  readonly mongodbUrl: string;
  readonly redisUrl: string;
}

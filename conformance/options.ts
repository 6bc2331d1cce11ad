import { parseArgs } from 'node:util';

export interface Options {
  /** wss://host:port, without a path. */
  readonly url: string;
  /** A file with the certificate authority to trust besides the usual ones. */
  readonly ca: string | undefined;
  readonly json: boolean;
  readonly grep: string | undefined;
  /** Checks at a time. */
  readonly jobs: number;
}

export const USAGE = `Usage: npm run conformance -- --url wss://HOST[:PORT] [--ca FILE] [--grep TEXT] [--jobs N] [--json]

Checks a running Parley against docs/protocol.md. Makes throw-away users and rooms there.
  --ca FILE    trust this certificate authority (npm start: .data/tls/ca.crt)
  --grep TEXT  only checks whose title or section holds TEXT
  --jobs N     checks at a time, 1 to 32 (10)
  --json       one JSON document instead of lines
`;

/** Throws a sentence for what cannot be used. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      url: { type: 'string' },
      ca: { type: 'string' },
      grep: { type: 'string' },
      jobs: { type: 'string', default: '10' },
      json: { type: 'boolean', default: false },
    },
  });
  if (values.url === undefined) throw new Error('--url is required');
  const url = URL.canParse(values.url) ? new URL(values.url) : undefined;
  if (url === undefined || !/^wss?:$/.test(url.protocol)) throw new Error('--url must be wss://HOST[:PORT]');
  const jobs = Number(values.jobs);
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > 32) throw new Error('--jobs must be 1 to 32');
  return { url: `${url.protocol}//${url.host}`, ca: values.ca, json: values.json, grep: values.grep, jobs };
}

/** Where a function of a profile belongs: the package or the file it comes from, or what V8 says it was doing. */

/** What a profile knows of a function. */
export interface Place {
  readonly functionName: string;
  /** `file:///…`, `node:…`, or '' for what is native. */
  readonly url: string;
}

/** Not work: the process had nothing to do. */
export const IDLE = 'idle';

const SPECIAL: ReadonlyMap<string, string> = new Map([
  ['(idle)', IDLE],
  ['(garbage collector)', 'garbage collection'],
  ['(program)', 'native code and kernel, not attributed'],
  ['(root)', 'native code and kernel, not attributed'],
]);
/** Functions of Node's stream bindings: their own time is the system call. */
const WRITES = new Set(['writev', 'writeBuffer', 'writeUtf8String', 'writeLatin1String', 'writeAsciiString']);
const READS = new Set(['readStart', 'readStop', 'onread']);
const JSON_FUNCTIONS = new Set(['parse', 'stringify']);

const PACKAGES: readonly (readonly [category: string, pattern: RegExp])[] = [
  ['ws', /^ws$/],
  ['ioredis', /^(ioredis|@ioredis|redis-parser|denque|standard-as-callback|cluster-key-slot)/],
  ['MongoDB driver and BSON', /^(mongodb|bson|mongoose|mquery|sift|kareem|mongodb-connection-string-url)/],
  ['joi', /^(joi|@hapi|@sideway|@standard-schema)/],
  ['JWT', /^(jsonwebtoken|jws|jwa|safe-buffer|ecdsa-sig-formatter|lodash\.)/],
  [
    'Express and its parts',
    /^(express|router|body-parser|raw-body|qs|finalhandler|send|serve-static|depd|debug|etag|fresh|accepts|negotiator|type-is|content-type|content-disposition|mime|mime-types|mime-db|parseurl|path-to-regexp|proxy-addr|forwarded|ipaddr\.js|vary|on-finished|ee-first|statuses|http-errors|helmet|cors|cookie|bytes|iconv-lite|unpipe|range-parser|encodeurl|escape-html|media-typer|once|wrappy)$/,
  ],
  [
    'logging',
    /^(pino|@pinojs\/|pino-http|sonic-boom|quick-format-unescaped|thread-stream|on-exit-leak-free)/,
  ],
  ['metrics', /^(prom-client|tdigest|bintrees|@opentelemetry)/],
  ['Socket.IO', /^(socket\.io|engine\.io|@socket\.io|notepack\.io)/],
  ['undici', /^undici$/],
];
const NODE_MODULES: readonly (readonly [category: string, pattern: RegExp])[] = [
  ['Node: HTTP', /^node:(_http|internal\/http|http|internal\/url|url|querystring)/],
  [
    'Node: sockets and streams',
    /^node:(net|internal\/stream|internal\/streams|stream|_stream|internal\/js_stream)/,
  ],
  ['Node: buffers', /^node:(buffer|internal\/buffer)/],
  ['Node: timers, ticks and promises', /^node:(timers|internal\/(timers|process|async_hooks|promise))/],
  ['Node: events', /^node:(events|internal\/events)/],
  ['Node: crypto', /^node:(crypto|internal\/crypto)/],
];

/** The category of a function; a file of our own is its own category, `gateway/hub.ts`. */
export function categoryOf({ functionName, url }: Place): string {
  const special = SPECIAL.get(functionName);
  if (special !== undefined) return special;
  if (url === '') return nativeCategory(functionName);
  if (url.startsWith('node:')) return firstMatch(NODE_MODULES, url) ?? 'Node: other';
  const [, inModules] = /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  if (inModules !== undefined) return firstMatch(PACKAGES, inModules) ?? `package ${inModules}`;
  return ownFile(url);
}

function nativeCategory(name: string): string {
  if (WRITES.has(name)) return 'socket writes (kernel)';
  if (READS.has(name)) return 'socket reads';
  if (JSON_FUNCTIONS.has(name)) return 'JSON';
  return 'native functions';
}

function firstMatch(
  rules: readonly (readonly [category: string, pattern: RegExp])[],
  text: string,
): string | undefined {
  return rules.find(([, pattern]) => pattern.test(text))?.[0];
}

/** The path below the package, as it is in the sources: `dist/gateway/hub.js` is `gateway/hub.ts`. */
function ownFile(url: string): string {
  const [, path] =
    /\/dist\/(.*)$/.exec(url) ?? /.*\/((?:api|gateway|shared|local|bench|load)\/.*)$/.exec(url) ?? [];
  return (path ?? url.replace(/^.*\//, '')).replace(/\.js$/, '.ts');
}

/** True for a category that is a file of our own. */
export const isOwnFile = (category: string): boolean => category.endsWith('.ts');

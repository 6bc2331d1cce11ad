import { createHash, randomBytes } from 'node:crypto';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** Bytes an answer's head may have. */
export const MAX_HEAD_BYTES = 16 * 1024;

export interface HandshakeOptions {
  readonly url: URL;
  readonly protocols?: readonly string[] | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface Handshake {
  readonly request: string;
  /** What `sec-websocket-accept` must say. */
  readonly accept: string;
}

/** The upgrade could not be had. `status` is the HTTP status, 0 where none came. */
export class HandshakeError extends Error {
  override readonly name = 'HandshakeError';
  readonly status: number;
  readonly retryAfterMs: number | undefined;

  constructor(message: string, details: { status?: number; retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, { cause: details.cause });
    this.status = details.status ?? 0;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** A request to upgrade, with a fresh key. */
export function makeHandshake({ url, protocols = [], headers = {} }: HandshakeOptions): Handshake {
  const key = randomBytes(16).toString('base64');
  const lines = [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Key: ${key}`,
    'Sec-WebSocket-Version: 13',
    ...(protocols.length === 0 ? [] : [`Sec-WebSocket-Protocol: ${protocols.join(', ')}`]),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ];
  const accept = createHash('sha1')
    .update(key + GUID)
    .digest('base64');
  return { request: `${lines.join('\r\n')}\r\n\r\n`, accept };
}

/** Judges the head of the answer (without the empty line); throws HandshakeError unless it is the upgrade asked for. */
export function checkAnswer(head: string, accept: string): void {
  const [status = '', ...lines] = head.split('\r\n');
  const code = Number(/^HTTP\/1\.1 (\d{3})/.exec(status)?.[1] ?? 0);
  const headers = new Map(lines.map(readHeader));
  if (code !== 101) {
    const seconds = Number(headers.get('retry-after') ?? NaN);
    throw new HandshakeError(`the upgrade was answered with ${code === 0 ? 'no HTTP' : code}`, {
      status: code,
      ...(Number.isFinite(seconds) ? { retryAfterMs: seconds * 1_000 } : {}),
    });
  }
  if (headers.get('sec-websocket-accept') !== accept)
    throw new HandshakeError('the upgrade was answered with a wrong key', { status: code });
  if (headers.has('sec-websocket-extensions'))
    throw new HandshakeError('the server chose an extension nobody offered', { status: code });
}

function readHeader(line: string): [name: string, value: string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
}

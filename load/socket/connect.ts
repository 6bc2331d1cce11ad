import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { checkAnswer, HandshakeError, makeHandshake, MAX_HEAD_BYTES } from './handshake.ts';
import { RawSocket } from './raw-socket.ts';
import type { Trust } from './trust.ts';

export interface ConnectOptions {
  /** ws://, wss://, http:// or https://, with the path of the socket. */
  readonly url: string | URL;
  /** The address to connect to, where it shall not be looked up by the URL's name. */
  readonly address?: string | undefined;
  /** The address to connect from. */
  readonly localAddress?: string | undefined;
  readonly protocols?: readonly string[] | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Needed for wss:// and https://; share one between all sockets to a server. */
  readonly trust?: Trust | undefined;
  /**
   * What is read lies here for a moment. Share one between all sockets of a process: each chunk is dealt with before the
   * next is read. One of its own (16 KiB) where none is given.
   */
  readonly readBuffer?: Buffer | undefined;
  /** ms until the upgrade is answered (10,000). */
  readonly timeoutMs?: number | undefined;
  /** The longest message taken (1 MiB). */
  readonly maxBytes?: number | undefined;
}

const TIMEOUT = 10_000;
const MAX_BYTES = 1024 * 1024;
const READ_BYTES = 16 * 1024;
const HEAD_END = '\r\n\r\n';

/** An open socket, once the upgrade is done. Rejects with HandshakeError. Call `listen` on it to hear anything. */
export async function connectRaw(options: ConnectOptions): Promise<RawSocket> {
  const url = new URL(options.url);
  const handshake = makeHandshake({ url, protocols: options.protocols, headers: options.headers });
  return await new Promise<RawSocket>((resolve, reject) => {
    const head: Buffer[] = [];
    let socket: RawSocket | undefined;
    const onRead = (length: number, bytes: Uint8Array): boolean => {
      if (socket !== undefined) socket.receive(bytes as Buffer, length);
      else open(Buffer.from(bytes.subarray(0, length)));
      return true;
    };
    const stream = openStream(options, url, onRead);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      stream.destroy();
      reject(error);
    };
    const onError = (cause: Error): void =>
      fail(new HandshakeError(`no connection: ${cause.message}`, { cause }));
    const onClose = (): void => fail(new HandshakeError('the connection ended before the upgrade'));
    const timer = setTimeout(
      () => fail(new HandshakeError('no answer to the upgrade in time')),
      options.timeoutMs ?? TIMEOUT,
    );
    const open = (chunk: Buffer): void => {
      head.push(chunk);
      const bytes = Buffer.concat(head);
      const end = bytes.indexOf(HEAD_END);
      if (end === -1 && bytes.length <= MAX_HEAD_BYTES) return;
      try {
        checkAnswer(bytes.toString('latin1', 0, end === -1 ? 0 : end), handshake.accept);
      } catch (error) {
        return fail(error instanceof Error ? error : new Error(String(error)));
      }
      clearTimeout(timer);
      stream.off('error', onError).off('close', onClose);
      socket = new RawSocket(stream, options.maxBytes ?? MAX_BYTES);
      const rest = bytes.subarray(end + HEAD_END.length);
      if (rest.length > 0) socket.receive(rest, rest.length);
      options.trust?.learn(stream);
      resolve(socket);
    };
    stream.on('error', onError).on('close', onClose);
    stream.write(handshake.request);
  });
}

function openStream(
  { address, localAddress, trust, readBuffer }: ConnectOptions,
  url: URL,
  callback: (length: number, bytes: Uint8Array) => boolean,
): Socket {
  const isSecure = url.protocol === 'wss:' || url.protocol === 'https:';
  const name = url.hostname.replace(/^\[|\]$/g, '');
  const target = {
    host: address ?? name,
    port: Number(url.port || (isSecure ? 443 : 80)),
    noDelay: true,
    // Straight from the system into one buffer, past the machinery of streams.
    onread: { buffer: readBuffer ?? Buffer.allocUnsafe(READ_BYTES), callback },
    ...(localAddress === undefined ? {} : { localAddress }),
  };
  if (!isSecure) return connectTcp(target);
  return connectTls({
    ...target,
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...trust?.options(),
  });
}

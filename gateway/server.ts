import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { Logger } from '../shared/node/logger.ts';
import { addressBehind, networkOf } from '../shared/node/network.ts';
import { LIMITS, SOCKET_PATH, SUBPROTOCOL } from '../shared/wire/protocol.ts';
import { ClientSocket, type SocketOwner } from './client-socket.ts';
import type { Heartbeat } from './heartbeat.ts';
import { Pacer } from './pacer.ts';
import { Session } from './session.ts';
import type { SessionDeps } from './session-deps.ts';
import { WireWriter } from './wire-writer.ts';

export interface SocketServerOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Exact origins; a client without one is no browser and may connect. */
  readonly allowedOrigins: readonly string[];
  readonly maxSockets: number;
  /** Proxies in front that report whom they heard. */
  readonly trustedHops?: number;
  readonly deps: SessionDeps;
  readonly heartbeat: Heartbeat;
  readonly logger: Logger;
}

/** Refused upgrades say when to come again: NGINX passes the gateway over meanwhile. */
const RETRY_AFTER_SECONDS = 2;

/** The port for clients: upgrades on /ws, nothing else. */
export class SocketServer implements SocketOwner {
  readonly #options: SocketServerOptions;
  readonly #http: Server;
  readonly #ws: SocketFactory;
  readonly #upgrades = new Pacer();
  readonly #sessions = new Set<Session>();
  #isDraining = false;

  constructor(options: SocketServerOptions) {
    this.#options = options;
    this.#ws = new WebSocketServer<typeof ClientSocket>({
      noServer: true,
      WebSocket: ClientSocket,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: LIMITS.frameBytes,
      handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
    });
    this.#http = createServer({ requestTimeout: 10_000, headersTimeout: 10_000 }, (request, response) => {
      const status = pathOf(request) === SOCKET_PATH ? 426 : 404;
      response.writeHead(status, { connection: 'close' }).end();
    });
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  get sessions(): ReadonlySet<Session> {
    return this.#sessions;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Gives the port; rejects if it is taken. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', reject);
      this.#http.listen(this.#options.port, this.#options.host, 4_096, resolve);
    });
    return (this.#http.address() as AddressInfo).port;
  }

  /** From now on upgrades are answered 503; sockets stay. */
  refuse(): void {
    this.#isDraining = true;
  }

  /** Stops listening; to be called when the sockets are closed. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#http.close(() => resolve());
      this.#http.closeAllConnections();
    });
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', onSocketError);
    const status = this.#refusal(request);
    if (status !== undefined) return refuse(socket, status, status === 503 ? RETRY_AFTER_SECONDS : 0);
    const network = this.#networkOf(request);
    const wait = this.#options.deps.limits?.connect(network) ?? 0;
    if (wait > 0) {
      this.#options.deps.metrics.refusedUpgrades.inc();
      return refuse(socket, 429, Math.ceil(wait / 1_000));
    }
    this.#upgrades.run(() => {
      if (this.#isDraining) return refuse(socket, 503, RETRY_AFTER_SECONDS);
      this.#ws.handleUpgrade(request, socket, head, (ws) => this.#accept(ws, socket, network));
    });
  }

  #networkOf({ socket, headers }: IncomingMessage): string {
    const { trustedHops = 0 } = this.#options;
    const forwarded = headers['x-forwarded-for'];
    return networkOf(addressBehind(trustedHops, socket.remoteAddress, forwarded?.toString()));
  }

  #refusal(request: IncomingMessage): keyof typeof REASONS | undefined {
    if (pathOf(request) !== SOCKET_PATH) return 404;
    const { origin } = request.headers;
    if (origin !== undefined && !this.#options.allowedOrigins.includes(origin)) return 403;
    const offered = request.headers['sec-websocket-protocol'];
    if (offered !== undefined && !offered.split(',').some((name) => name.trim() === SUBPROTOCOL)) return 400;
    const sockets = this.#sessions.size + this.#upgrades.waiting;
    if (this.#isDraining || sockets >= this.#options.maxSockets) return 503;
    return undefined;
  }

  /** What a client breaks on the wire closes its own socket, with the library's code; it says nothing about us. */
  onFailed(error: Error): void {
    this.#options.logger.warn({ err: error }, 'a socket failed');
  }

  onClosed(session: Session, network: string): void {
    if (session.isFaulty) this.#options.deps.limits?.failed(network);
    this.#sessions.delete(session);
    this.#options.heartbeat.remove(session);
    session.onClosed();
  }

  #accept(ws: ClientSocket, socket: Duplex, network: string): void {
    // The library listens for errors from here on.
    socket.off('error', onSocketError);
    if (socket instanceof Socket) socket.setNoDelay(true);
    const session = new Session(this.#options.deps, new WireWriter(ws, socket));
    this.#sessions.add(session);
    this.#options.heartbeat.add(session);
    ws.bind(session, this, network);
  }
}

type SocketFactory = Pick<InstanceType<typeof WebSocketServer<typeof ClientSocket>>, 'handleUpgrade'>;

const REASONS = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  429: 'Too Many Requests',
  503: 'Service Unavailable',
} as const;

function refuse(socket: Duplex, status: keyof typeof REASONS, retryAfterSeconds: number): void {
  const retry = retryAfterSeconds > 0 ? `Retry-After: ${retryAfterSeconds}\r\n` : '';
  socket.end(
    `HTTP/1.1 ${status} ${REASONS[status]}\r\nConnection: close\r\nContent-Length: 0\r\n${retry}\r\n`,
    () => socket.destroy(),
  );
}

function onSocketError(this: Duplex): void {
  this.destroy();
}

/** The path without the query, which is not read: no token ever stands in a URL. */
const pathOf = (request: IncomingMessage): string => (request.url ?? '').split('?', 1)[0] ?? '';

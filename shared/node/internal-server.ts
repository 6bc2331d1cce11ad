import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';

/** `ready`: works fully; `degraded`: serves, but says what is missing; `draining`: send no one here. */
export interface Readiness {
  readonly status: 'ready' | 'degraded' | 'draining';
  readonly reasons: readonly string[];
}

export interface InternalServerOptions {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly registry: Registry;
  readonly readiness: () => Readiness | Promise<Readiness>;
  /** Whatever else this port serves (an API node's internal API); without it such paths are 404. */
  readonly fallback?: RequestListener;
}

/** ms what is under way may still take when the server closes: longer than any send. */
const CLOSE_TIME = 5_000;

export interface InternalServer {
  readonly port: number;
  /** Takes nothing new, answers what is under way, ends connections behind their last answer; within 5 s. */
  close(): Promise<void>;
}

/** The port that never goes through NGINX: /healthz, /readyz (503 while draining) and /metrics. Rejects if the port is taken. */
export async function startInternalServer(options: InternalServerOptions): Promise<InternalServer> {
  const underway = new Set<ServerResponse>();
  let isClosing = false;
  const server = createServer((request, response) => {
    underway.add(response);
    response.once('close', () => underway.delete(response));
    if (isClosing) response.shouldKeepAlive = false;
    answer(options, request, response).catch((error: unknown) => {
      reply(response, 500, { status: 'failed', reasons: [error instanceof Error ? error.name : 'unknown'] });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        isClosing = true;
        for (const response of underway) response.shouldKeepAlive = false;
        const timer = setTimeout(() => server.closeAllConnections(), CLOSE_TIME);
        server.close(() => {
          clearTimeout(timer);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

async function answer(
  options: InternalServerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const path = request.url?.split('?', 1)[0];
  switch (path) {
    case '/healthz':
      return reply(response, 200, { status: 'live' });
    case '/readyz': {
      const readiness = await options.readiness();
      return reply(response, readiness.status === 'draining' ? 503 : 200, readiness);
    }
    case '/metrics':
      response.setHeader('content-type', options.registry.contentType);
      response.end(await options.registry.metrics());
      return;
    default:
      if (options.fallback !== undefined) options.fallback(request, response);
      else reply(response, 404, { status: 'not found' });
  }
}

function reply(response: ServerResponse, status: number, body: object): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

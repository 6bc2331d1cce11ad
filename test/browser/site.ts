import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const PAGE =
  '<title>x</title><meta property="og:title" content="Tea <img src=x onerror=alert(1)> & cake"><meta property="og:description" content="All about it">';

/** A web page somewhere else, the same under every path. */
export interface Site {
  /** host:port */
  readonly host: string;
  stop(): Promise<void>;
}

export async function startSite(): Promise<Site> {
  const server = createServer((_req, res) => res.writeHead(200, { 'content-type': 'text/html' }).end(PAGE));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Commands } from './commands.ts';
import { serve } from './connection.ts';
import { Store } from './store.ts';

export type WireServer = {
  readonly port: number;
  /** Lets commands under way finish (at most 5 s), then closes every connection. */
  stop(): Promise<void>;
};

const SWEEP_MS = 30_000;
const STOP_DEADLINE_MS = 5_000;
const MAX_CONNECTIONS = 2_000;

/**
 * Listens for MongoDB's wire protocol on 127.0.0.1 (`port` 0: a free one), in front of a PostgreSQL with DocumentDB.
 * There is no authentication: whoever can reach the loopback interface may do everything, so it is for one machine
 * that its users trust. Rejects when the port is taken.
 */
export async function startWireServer(options: {
  readonly socketDir: string;
  readonly user: string;
  readonly poolSize: number;
  readonly port: number;
}): Promise<WireServer> {
  const store = new Store({ socketDir: options.socketDir, user: options.user, size: options.poolSize });
  const sockets = new Set<Socket>();
  const busy = new Set<Promise<unknown>>();
  const commands = new Commands(store, () => sockets.size);
  let connectionId = 0;
  const server = createServer((socket) => {
    const id = (connectionId += 1);
    sockets.add(socket);
    const served = serve(socket, async (request) => {
      const running = commands.run(request, id);
      busy.add(running);
      return running.finally(() => busy.delete(running));
    });
    void served.finally(() => sockets.delete(socket));
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const sweep = setInterval(() => commands.sweep(), SWEEP_MS).unref();
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      clearInterval(sweep);
      server.close();
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise((resolve) => (timer = setTimeout(resolve, STOP_DEADLINE_MS)));
      await Promise.race([Promise.allSettled(busy), late]);
      clearTimeout(timer);
      // A turn of the loop for the replies just made to be written.
      await new Promise((resolve) => setImmediate(resolve));
      for (const socket of sockets) socket.destroy();
      await store.close();
    },
  };
}

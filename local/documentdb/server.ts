import { startPostgres } from './postgres.ts';
import type { Log } from './run.ts';
import { POOL_SIZE, SUPERUSER } from './settings.ts';
import { startWireServer } from './wire/server.ts';

export type DocumentDb = {
  /** For MongoDB's drivers; on 127.0.0.1, without authentication. */
  readonly url: string;
  /** Resolves with the reason when PostgreSQL has ended, be it by `stop` or by itself. */
  readonly ended: Promise<string>;
  /** Wire server first, then PostgreSQL. */
  stop(): Promise<void>;
};

/**
 * Starts the store from an installed root (see `installDocumentDB`) with its data in `dataDir`, and listens on
 * 127.0.0.1:`port` (0: a free one). Rejects with DocumentDbUnavailable when PostgreSQL cannot start, and with the
 * listening error when the port is taken; nothing is left running then.
 */
export async function startDocumentDB(options: {
  readonly root: string;
  readonly dataDir: string;
  readonly port: number;
  readonly log: Log;
}): Promise<DocumentDb> {
  const postgres = await startPostgres(options);
  const { socketDir } = postgres;
  try {
    const wire = await startWireServer({
      socketDir,
      user: SUPERUSER,
      poolSize: POOL_SIZE,
      port: options.port,
    });
    return {
      url: `mongodb://127.0.0.1:${wire.port}/`,
      ended: postgres.ended,
      stop: async () => {
        await wire.stop();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApiConfig } from '../shared/node/config.ts';
import { RedisBus } from '../shared/node/bus-redis.ts';
import { startInternalServer } from '../shared/node/internal-server.ts';
import type { Lifecycle } from '../shared/node/lifecycle.ts';
import type { Logger } from '../shared/node/logger.ts';
import { createRegistry } from '../shared/node/metrics.ts';
import { connectCommands, connectSubscriber, settled } from '../shared/node/redis.ts';
import { createApp } from './app.ts';
import { createAppServer } from './http-server.ts';
import { mountInternal } from './internal-mount.ts';
import { createApiMetrics, registerApiGauges } from './metrics.ts';
import { gaugesOf, observedAdmission } from './observed.ts';
import { createReadiness } from './services/readiness.ts';
import { createServices } from './services/index.ts';
import { Passwords } from './services/passwords.ts';
import { connectStore, ensureIndexes } from './store/connect.ts';
import { upgradeLog } from './store/log-upgrade.ts';

/** ms a start waits for Redis before it goes on without. */
const REDIS_WAIT = 3_000;
const SWEEP_INTERVAL = 5 * 60_000;
/** ms between looks for idle connections of a server that closes. */
const IDLE_CHECK = 100;

export interface ApiNode {
  readonly port: number;
  readonly internalPort: number;
}

/**
 * Builds an API node in order and listens last; `lifecycle` learns how to stop each part. Rejects when MongoDB cannot
 * be reached or a port is taken; starts without Redis.
 */
export async function startApiNode(
  config: ApiConfig,
  logger: Logger,
  lifecycle: Lifecycle,
): Promise<ApiNode> {
  const db = await connectStore(config.MONGODB_URL);
  lifecycle.onStop('store', () => db.disconnect());
  await upgradeLog(db.connection.getClient().db(), logger);
  await ensureIndexes(db, logger);

  const redis = connectCommands(config.REDIS_URL, logger);
  lifecycle.onStop('redis', () => redis.disconnect());
  const bus = new RedisBus(redis, connectSubscriber(config.REDIS_URL, logger), logger);
  lifecycle.onStop('bus', () => bus.close());
  await settled(redis, REDIS_WAIT);

  const passwords = new Passwords({ cost: config.BCRYPT_COST });
  lifecycle.onStop('passwords', () => passwords.close());
  await passwords.warmUp();

  const registry = createRegistry(config.NODE_NAME);
  const metrics = createApiMetrics(registry);
  const { observer } = metrics;
  const services = createServices({ config, logger, db, redis, bus, passwords, observer });
  lifecycle.onStop('log', () => services.log.close());
  lifecycle.onStop('cursors', () => services.cursors.close());
  lifecycle.onStop('threads', () => services.followWriter.close());
  lifecycle.onStop('previews', () => services.previews.close());
  lifecycle.onStop('sweep of files', () => services.attachments.sweeper.close());
  lifecycle.onStop('search index', () => services.indexer.close());
  services.indexer.start();
  services.attachments.sweeper.start();
  lifecycle.onStop('scheduled messages', () => services.scheduledSender.close());
  services.scheduledSender.start();
  await services.invalidations
    .start()
    .catch((error: unknown) => logger.warn({ err: error }, 'caches are not told of changes yet'));
  startSweeping(services.deleteRoom, logger, lifecycle);

  const readiness = createReadiness({ db, redis, isStopping: () => lifecycle.isStopping });
  const admission = observedAdmission(metrics);
  registerApiGauges(registry, gaugesOf({ services, passwords, redis, admission }));
  const internal = await startInternalServer({
    host: config.HOST,
    port: config.API_INTERNAL_PORT,
    registry,
    readiness,
    fallback: mountInternal(services, config.INTERNAL_SECRET, logger, metrics),
  });
  lifecycle.onStop('internal server', () => internal.close());
  const server = await listen(
    createAppServer(createApp({ config, logger, services, readiness, admission })),
    config,
  );
  lifecycle.onStop('server', () => closeServer(server));
  // Before the server waits for what is under way.
  lifecycle.onStop('uploads', () => services.attachments.uploads.close());
  return { port: (server.address() as AddressInfo).port, internalPort: internal.port };
}

/** Deletions of rooms that another node could not finish. */
function startSweeping(deleteRoom: { sweep(): Promise<void> }, logger: Logger, lifecycle: Lifecycle): void {
  const sweep = () => {
    deleteRoom
      .sweep()
      .catch((error: unknown) => logger.warn({ err: error }, 'half-deleted rooms could not be swept'));
  };
  const timer = setInterval(sweep, SWEEP_INTERVAL).unref();
  lifecycle.onStop('sweep', () => clearInterval(timer));
  sweep();
}

async function listen(server: Server, config: ApiConfig): Promise<Server> {
  // Longer than NGINX keeps its idle connections: it must be the one to close them.
  server.keepAliveTimeout = 75_000;
  // Of a whole upload; other bodies are given less where they are read.
  server.requestTimeout = 30 * 60_000;
  server.headersTimeout = 30_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(config.API_PORT, config.HOST, resolve);
  });
  return server;
}

/** What is under way is answered; connections end as soon as they are idle. */
async function closeServer(server: Server): Promise<void> {
  const timer = setInterval(() => server.closeIdleConnections(), IDLE_CHECK);
  try {
    await new Promise<void>((resolve, reject) => {
      server.close((error) => (error === undefined ? resolve() : reject(error)));
    });
  } finally {
    clearInterval(timer);
  }
}

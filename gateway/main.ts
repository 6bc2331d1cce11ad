/** One gateway process: reads its configuration, builds in order, listens last, closes in reverse. */
import { randomUUID } from 'node:crypto';
import { RedisBus } from '../shared/node/bus-redis.ts';
import { ConfigError, type GatewayConfig, readGatewayConfig } from '../shared/node/config.ts';
import { type Readiness, startInternalServer } from '../shared/node/internal-server.ts';
import { Lifecycle } from '../shared/node/lifecycle.ts';
import { RedisLevels } from '../shared/node/levels-redis.ts';
import { createLogger } from '../shared/node/logger.ts';
import { createRegistry } from '../shared/node/metrics.ts';
import { connectCommands, connectSubscriber, settled } from '../shared/node/redis.ts';
import { tokenKey, verifyAccessToken } from '../shared/node/token.ts';
import { ApiNodes } from './api-nodes.ts';
import { RedisCache } from './cache.ts';
import { drain } from './drain.ts';
import { Gateway } from './gateway.ts';
import { InternalClient } from './internal-client.ts';
import { GatewayLimits } from './limits.ts';
import { registerGauges } from './metrics.ts';
import { LeasePresence } from './presence.ts';
import { RedisLeases } from './presence-leases.ts';
import { SocketServer } from './server.ts';
import { HttpUplink } from './uplink.ts';

/** ms a start waits for Redis before it goes on without. */
const REDIS_WAIT = 2_000;
/** ms beyond the drain after which a stopping process is cut. */
const STOP_TIME = 15_000;

async function run(config: GatewayConfig): Promise<void> {
  const logger = createLogger({ name: config.NODE_NAME, level: config.LOG_LEVEL });
  const lifecycle = new Lifecycle(logger);
  lifecycle.handleSignals(config.DRAIN_SECONDS * 1_000 + STOP_TIME);
  const now = () => performance.now();
  const registry = createRegistry(config.NODE_NAME);

  const commands = connectCommands(config.REDIS_URL, logger);
  lifecycle.onStop('redis', () => commands.disconnect());
  const subscriber = connectSubscriber(config.REDIS_URL, logger);
  const bus = new RedisBus(commands, subscriber, logger);
  lifecycle.onStop('bus', () => bus.close());

  const nodes = new ApiNodes(config.API_NODES, logger, now);
  await nodes.start();
  lifecycle.onStop('api nodes', () => nodes.stop());
  const onCall = (path: string) => gateway.metrics.apiCalls.inc({ call: path });
  const uplink = new HttpUplink(
    new InternalClient(nodes, config.INTERNAL_SECRET, logger, onCall),
    config.NODE_NAME,
    (sends) => gateway.metrics.sendBatch.observe(sends),
  );

  const presence = new LeasePresence(new RedisLeases(commands, randomUUID()), logger, now);
  const key = tokenKey(config.JWT_SECRET);
  const gateway = new Gateway({
    bus,
    cache: new RedisCache(commands),
    uplink,
    presence,
    limits: new GatewayLimits(config, {
      now,
      levels: (name, limit) => new RedisLevels(commands, name, limit),
    }),
    registry,
    logger,
    now,
    verify: (token) => verifyAccessToken(key, token),
  });
  await Promise.all([settled(commands, REDIS_WAIT), settled(subscriber, REDIS_WAIT)]);
  presence.start(gateway.deps.hub, gateway.load);
  lifecycle.onStop('presence', () => presence.stop());
  gateway.start();
  lifecycle.onStop('gateway', () => gateway.stop());

  const server = new SocketServer({
    host: config.HOST,
    port: config.GATEWAY_PORT,
    allowedOrigins: config.allowedOrigins,
    maxSockets: config.MAX_SOCKETS,
    trustedHops: config.TRUSTED_HOPS,
    deps: gateway.deps,
    heartbeat: gateway.heartbeat,
    logger,
  });
  registerGauges(registry, {
    sockets: () => server.sessions.size,
    channels: () => gateway.subscriptions.size,
    ringBytes: () => gateway.budget.bytes,
    queuedSends: () => uplink.queued,
    sendQueueAgeMs: () => uplink.queueAge,
    sendRequests: () => uplink.sendsInFlight,
    flushWindowMs: () => gateway.flusher.window,
    roomsBehind: () => gateway.positions.behind,
    isRedisUp: () => bus.isUp && commands.status === 'ready',
    apiNodes: () => nodes.healthy,
  });
  const readiness = (): Readiness => {
    if (server.isDraining) return { status: 'draining', reasons: ['draining'] };
    const reasons = [
      ...(bus.isUp && commands.status === 'ready' ? [] : ['redis']),
      ...(nodes.healthy > 0 ? [] : ['api']),
    ];
    return { status: reasons.length === 0 ? 'ready' : 'degraded', reasons };
  };
  const internal = await startInternalServer({
    host: config.HOST,
    port: config.GATEWAY_INTERNAL_PORT,
    registry,
    readiness,
  });
  lifecycle.onStop('internal server', () => internal.close());
  const port = await server.listen();
  lifecycle.onStop('server', () => server.close());
  lifecycle.onStop('drain', () => drain(server, config.DRAIN_SECONDS));
  logger.info({ port, internalPort: internal.port }, 'listening');
}

try {
  await run(readGatewayConfig(process.env));
} catch (error) {
  const { message } = error instanceof Error ? error : { message: String(error) };
  process.stderr.write(
    `${error instanceof ConfigError ? message : `The gateway cannot start: ${message}`}\n`,
  );
  process.exit(1);
}

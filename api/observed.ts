/** Joins an API node's parts to its metrics. */
import type { Redis } from 'ioredis';
import type { ApiGauges, ApiMetrics } from './metrics.ts';
import { Admission } from './middleware/admission.ts';
import { RoutePatterns } from './middleware/route-pattern.ts';
import { ROUTES } from './routes/schemas/index.ts';
import type { Services } from './services/index.ts';
import type { Passwords } from './services/passwords.ts';

/** Lets requests in, and tells the metrics of each one's end. */
export function observedAdmission({ requests }: Pick<ApiMetrics, 'requests'>): Admission {
  const patterns = new RoutePatterns(ROUTES);
  return new Admission((req, res, ms) => {
    const route = patterns.nameOf(req.method, req.originalUrl);
    requests.observe({ route, status: `${Math.floor(res.statusCode / 100)}xx` }, ms / 1_000);
  });
}

export function gaugesOf(parts: {
  readonly services: Services;
  readonly passwords: Passwords;
  readonly redis: Redis;
  readonly admission: Admission;
}): ApiGauges {
  const { services, passwords, redis, admission } = parts;
  const { appender, publisher } = services.log;
  return {
    queue: () => ({
      entries: appender.queued,
      bytes: appender.queuedBytes,
      ageMs: appender.queueAge,
    }),
    batches: () => appender.flights,
    sends: () => services.silence.underway,
    unpublished: () => publisher.backlog,
    passwords: () => passwords.queued,
    transfers: () => ({
      uploads: services.attachments.uploads.underway,
      downloads: services.attachments.downloads.underway,
    }),
    requests: () => ({ count: admission.requests, bytes: admission.bytes }),
    isRedisUp: () => redis.status === 'ready' && !services.breaker.isOpen,
    isStoreUp: () => !services.silence.isSilent,
    search: () => services.indexer.state,
    caches: () => ({ ...services.membership.reads, names: services.directory.reads }),
  };
}

import type { Redis } from 'ioredis';
import type { Mongoose } from 'mongoose';
import type { Readiness } from '../../shared/node/internal-server.ts';
import { pingStore } from '../store/connect.ts';

const PING_TIMEOUT = 2_000;
/** ms for which an answer holds, however often it is asked for. */
const MAX_AGE = 1_000;

/** Whether requests should be sent here: not without MongoDB or while stopping; without Redis yes, but degraded. */
export function createReadiness(deps: {
  readonly db: Mongoose;
  readonly redis: Redis;
  readonly isStopping: () => boolean;
}): () => Promise<Readiness> {
  let latest: { readonly at: number; readonly answer: Promise<boolean> } | undefined;
  const storeAnswers = (): Promise<boolean> => {
    const now = performance.now();
    if (latest === undefined || now - latest.at > MAX_AGE) {
      latest = {
        at: now,
        answer: pingStore(deps.db, PING_TIMEOUT).then(
          () => true,
          () => false,
        ),
      };
    }
    return latest.answer;
  };
  return async () => {
    if (deps.isStopping()) return { status: 'draining', reasons: ['stopping'] };
    if (!(await storeAnswers())) return { status: 'draining', reasons: ['MongoDB cannot be reached'] };
    if (deps.redis.status !== 'ready') return { status: 'degraded', reasons: ['Redis cannot be reached'] };
    return { status: 'ready', reasons: [] };
  };
}

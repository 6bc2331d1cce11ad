import express, { type Express } from 'express';
import type { Logger } from '../shared/node/logger.ts';
import { createInternalApi } from './internal/app.ts';
import type { ApiMetrics } from './metrics.ts';
import type { Services } from './services/index.ts';

/** The internal API where gateways look for it: under /internal of the internal port. Its calls are counted. */
export function mountInternal(
  services: Services,
  secret: string,
  logger: Logger,
  metrics: Pick<ApiMetrics, 'internalCalls'>,
): Express {
  const { sends, log, cursors, roomLists, roomNews } = services;
  const onCall = (path: string): void => metrics.internalCalls.inc({ path });
  const deps = { secret, sends, log, cursors, roomLists, roomNews, logger, onCall };
  return express().disable('x-powered-by').use('/internal', createInternalApi(deps));
}

import express, { type Express } from 'express';
import { Counter, type Registry } from 'prom-client';
import type { Logger } from '../shared/node/logger.ts';
import { createInternalApi } from './internal/app.ts';
import type { Services } from './services/index.ts';

/** The internal API where gateways look for it: under /internal of the internal port. Its calls are counted in `registry`. */
export function mountInternal(
  services: Services,
  secret: string,
  logger: Logger,
  registry: Registry,
): Express {
  const { sends, log, cursors, roomLists, roomNews } = services;
  const calls = new Counter({
    name: 'parley_internal_calls_total',
    help: 'Calls of gateways, by path',
    labelNames: ['path'],
    registers: [registry],
  });
  const onCall = (path: string): void => calls.inc({ path });
  const deps = { secret, sends, log, cursors, roomLists, roomNews, logger, onCall };
  return express().disable('x-powered-by').use('/internal', createInternalApi(deps));
}

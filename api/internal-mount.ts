import express, { type Express } from 'express';
import type { Logger } from '../shared/node/logger.ts';
import { createInternalApi } from './internal/app.ts';
import type { Services } from './services/index.ts';

/** The internal API where gateways look for it: under /internal of the internal port. */
export function mountInternal(services: Services, secret: string, logger: Logger): Express {
  const { sends, log, cursors, roomLists, roomNews } = services;
  return express()
    .disable('x-powered-by')
    .use('/internal', createInternalApi({ secret, sends, log, cursors, roomLists, roomNews, logger }));
}

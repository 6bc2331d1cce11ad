import cors from 'cors';
import express, { Router, type Express } from 'express';
import helmet from 'helmet';
import type { ApiConfig } from '../shared/node/config.ts';
import type { Readiness } from '../shared/node/internal-server.ts';
import type { Logger } from '../shared/node/logger.ts';
import { API_PREFIX } from '../shared/wire/rest.ts';
import { accessLog } from './middleware/access-log.ts';
import { authenticate } from './middleware/authenticate.ts';
import { errorHandler, notFoundHandler } from './middleware/errors.ts';
import { jsonBody } from './middleware/json-body.ts';
import { corsOptions } from './middleware/origin.ts';
import { requestId } from './middleware/request-id.ts';
import { authRoutes } from './routes/auth.ts';
import { healthRoutes } from './routes/health.ts';
import { memberRoutes } from './routes/members.ts';
import { messageRoutes } from './routes/messages.ts';
import { presenceRoutes } from './routes/presence.ts';
import { roomRoutes } from './routes/rooms.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { userRoutes } from './routes/users.ts';
import type { Services } from './services/index.ts';

export interface AppDeps {
  readonly config: Pick<ApiConfig, 'TRUSTED_HOPS' | 'allowedOrigins'>;
  readonly logger: Logger;
  readonly services: Services;
  readonly readiness: () => Promise<Readiness>;
}

/** The public API as an Express application. */
export function createApp({ config, logger, services, readiness }: AppDeps): Express {
  const app = express();
  app
    .disable('x-powered-by')
    .disable('etag')
    .set('query parser', 'simple')
    .set('trust proxy', config.TRUSTED_HOPS);
  app.use(requestId(), accessLog(logger));
  // TLS and its policy are the proxy's.
  app.use(
    helmet({
      strictTransportSecurity: false,
      contentSecurityPolicy: {
        useDefaults: false,
        directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
      },
    }),
  );
  app.use(cors(corsOptions(config.allowedOrigins)));
  app.use(API_PREFIX, createApi({ config, services, readiness }));
  app.use(notFoundHandler, errorHandler(logger));
  return app;
}

function createApi({ config, services, readiness }: Omit<AppDeps, 'logger'>): Router {
  const api = Router();
  api.use((_req, res, next) => {
    res.setHeader('cache-control', 'no-store');
    next();
  });
  api.use(healthRoutes(readiness));
  api.use(jsonBody({ formPaths: ['/auth/login'] }));
  api.use('/auth', authRoutes(services, config.allowedOrigins));
  const signedIn = authenticate(services.auth);
  api.use('/auth/sessions', signedIn, sessionRoutes(services));
  api.use('/users', signedIn, userRoutes(services));
  api.use('/presence', signedIn, presenceRoutes(services));
  api.use('/rooms', signedIn, roomRoutes(services), memberRoutes(services), messageRoutes(services));
  return api;
}

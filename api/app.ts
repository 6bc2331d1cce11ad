import express, { Router, type Express, type RequestHandler } from 'express';
import type { ApiConfig } from '../shared/node/config.ts';
import type { Readiness } from '../shared/node/internal-server.ts';
import type { Logger } from '../shared/node/logger.ts';
import { API_PREFIX } from '../shared/wire/rest.ts';
import { accessLog } from './middleware/access-log.ts';
import { Admission } from './middleware/admission.ts';
import { answerHeaders } from './middleware/answer-headers.ts';
import { authenticate } from './middleware/authenticate.ts';
import { chain } from './middleware/chain.ts';
import { errorHandler, notFoundHandler } from './middleware/errors.ts';
import { jsonBody } from './middleware/json-body.ts';
import { crossOrigin } from './middleware/origin.ts';
import { limitAddresses, limitSends, limitUsers } from './middleware/rate-limit.ts';
import { requestId } from './middleware/request-id.ts';
import { attachmentRoutes } from './routes/attachments.ts';
import { authRoutes } from './routes/auth.ts';
import { configRoutes } from './routes/config.ts';
import { draftRoutes, scheduledRoutes, writingRoutes } from './routes/drafts.ts';
import { docsRoutes, documentRoutes } from './routes/docs.ts';
import { healthRoutes } from './routes/health.ts';
import { inviteRoutes, roomInviteRoutes } from './routes/invites.ts';
import { memberRoutes } from './routes/members.ts';
import { messageRoutes } from './routes/messages.ts';
import { previewRoutes } from './routes/previews.ts';
import { presenceRoutes } from './routes/presence.ts';
import { roomRoutes } from './routes/rooms.ts';
import { sendMessage } from './routes/send-message.ts';
import { mentionRoutes, searchRoutes } from './routes/search.ts';
import { sessionRoutes } from './routes/sessions.ts';
import { userRoutes } from './routes/users.ts';
import { roomThreadRoutes, threadRoutes } from './routes/threads.ts';
import type { Services } from './services/index.ts';

export interface AppDeps {
  readonly config: Pick<ApiConfig, 'TRUSTED_HOPS' | 'allowedOrigins'>;
  readonly logger: Logger;
  readonly services: Services;
  readonly readiness: () => Promise<Readiness>;
  readonly admission?: Admission;
}

/** What is asked when a node is busiest. */
const ALWAYS_ADMITTED = [`${API_PREFIX}/healthz`, `${API_PREFIX}/readyz`];

/** The public API as an Express application. */
export function createApp({ config, logger, services, readiness, admission }: AppDeps): Express {
  const app = express();
  app
    .disable('x-powered-by')
    .disable('etag')
    .set('query parser', 'simple')
    .set('trust proxy', config.TRUSTED_HOPS);
  app.use(
    chain(
      requestId(),
      accessLog(logger),
      answerHeaders(),
      crossOrigin(config.allowedOrigins),
      (admission ?? new Admission()).middleware(ALWAYS_ADMITTED),
    ),
  );
  const body = jsonBody({ formPaths: ['/auth/login'] });
  const authenticated = authenticate(services.auth);
  const signedIn = chain(authenticated, limitUsers(services.limits));
  // What is called most has the shortest way.
  app.post(
    `${API_PREFIX}/rooms/:room/messages`,
    chain(body, authenticated, limitSends(services.limits), sendMessage(services)),
  );
  // Before the parser of bodies: these are files.
  app.use(`${API_PREFIX}/attachments`, attachmentRoutes(services));
  app.use(API_PREFIX, body, createApi({ config, services, readiness }, signedIn));
  app.use('/api/docs', docsRoutes());
  app.use(notFoundHandler, errorHandler(logger));
  return app;
}

function createApi(
  { config, services, readiness }: Omit<AppDeps, 'logger' | 'admission'>,
  signedIn: RequestHandler,
): Router {
  const api = Router();
  // First what is called most: each entry that does not match costs every request behind it.
  const ofRooms = [
    messageRoutes,
    roomRoutes,
    memberRoutes,
    writingRoutes,
    roomInviteRoutes,
    previewRoutes,
  ].map((routes) => routes(services));
  api.use('/rooms', signedIn, ...ofRooms);
  api.use(healthRoutes(readiness), documentRoutes());
  api.use('/auth', limitAddresses(services.limits), authRoutes(services, config.allowedOrigins));
  api.use('/auth/sessions', signedIn, sessionRoutes(services));
  api.use('/users', signedIn, userRoutes(services));
  api.use('/invites', signedIn, inviteRoutes(services));
  api.use('/presence', signedIn, presenceRoutes(services));
  api.use('/search', signedIn, searchRoutes(services));
  api.use('/drafts', signedIn, draftRoutes(services));
  api.use('/scheduled', signedIn, scheduledRoutes(services));
  api.use('/mentions', signedIn, mentionRoutes(services));
  api.use('/rooms', signedIn, roomThreadRoutes(services));
  api.use('/config', signedIn, configRoutes(services));
  api.use('/threads', signedIn, threadRoutes(services));
  return api;
}

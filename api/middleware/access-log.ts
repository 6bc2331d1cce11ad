import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import { pinoHttp } from 'pino-http';
import type { Logger } from '../../shared/node/logger.ts';
import { callerIfAny } from './authenticate.ts';

/** One line a request: method, path without its query, status, ms, request id, user. No headers, no bodies. */
export function accessLog(logger: Logger): RequestHandler {
  return pinoHttp<IncomingMessage, ServerResponse>({
    logger,
    quietReqLogger: true,
    customLogLevel: (_req, res) => levelOf(res.statusCode),
    customAttributeKeys: { reqId: 'requestId', responseTime: 'ms' },
    customSuccessMessage: () => 'request',
    customErrorMessage: () => 'request',
    customProps: (_req, res) => {
      const user = callerIfAny(res)?.user;
      return user === undefined ? {} : { user };
    },
    wrapSerializers: false,
    serializers: {
      req: (req: IncomingMessage & { originalUrl?: string }) => ({
        method: req.method,
        path: (req.originalUrl ?? req.url ?? '').split('?', 1)[0],
      }),
      res: (res: ServerResponse) => ({ status: res.statusCode }),
      err: (error: Error) => ({ name: error.name }),
    },
  });
}

function levelOf(status: number): 'debug' | 'info' | 'error' {
  if (status >= 500) return 'error';
  return status >= 400 ? 'info' : 'debug';
}

import { pino, stdSerializers, type Logger } from 'pino';

export type { Logger };

/** JSON lines on stdout. Tokens, cookies, passwords and message texts never get in, wherever they stand in an object. */
export function createLogger(options: { name: string; level: string }): Logger {
  const secret = [
    'token',
    'accessToken',
    'access_token',
    'refreshToken',
    'password',
    'currentPassword',
    'newPassword',
    'text',
    'authorization',
    'cookie',
  ];
  return pino({
    name: options.name,
    level: options.level,
    base: { name: options.name },
    redact: {
      paths: [
        ...secret,
        ...secret.map((key) => `*.${key}`),
        ...secret.map((key) => `*.*.${key}`),
        'req.headers["set-cookie"]',
        'res.headers["set-cookie"]',
      ],
      censor: '[redacted]',
    },
    serializers: { err: describeError },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
  });
}

/** Of an error only this: a driver's own fields hold whole commands and documents. */
function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { message: String(error) };
  const { type, message, stack } = stdSerializers.err(error);
  return { type, message, stack, ...('code' in error ? { code: error.code } : {}) };
}

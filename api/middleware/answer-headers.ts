import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

/**
 * What every answer carries: helmet's headers for data that is never a page, and that nobody may keep a copy. They never
 * differ, so helmet is asked once, not for each answer.
 */
export function answerHeaders(): RequestHandler {
  const headers = [...helmetHeaders(), ['cache-control', 'no-store'] as const];
  return (_req, res, next) => {
    for (const [name, value] of headers) res.setHeader(name, value);
    next();
  };
}

function helmetHeaders(): [name: string, value: string][] {
  const probe = new ServerResponse(new IncomingMessage(new Socket()));
  const setHeaders = helmet({
    // TLS and its policy are the proxy's.
    strictTransportSecurity: false,
    // These speak of pages, or to browsers and plug-ins long gone.
    originAgentCluster: false,
    xDnsPrefetchControl: false,
    xDownloadOptions: false,
    xPermittedCrossDomainPolicies: false,
    xXssProtection: false,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
  });
  setHeaders(probe.req, probe, () => undefined);
  return Object.entries(probe.getHeaders()).map(([name, value]) => [name, String(value)]);
}

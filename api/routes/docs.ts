import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Router, type NextFunction, type Response } from 'express';
import { openApiDocument } from '../openapi/document.ts';
import { OPERATIONS } from '../openapi/operations/index.ts';
import { DOCS_PAGE, DOCS_SCRIPT } from '../openapi/page.ts';
import { ROUTES } from './schemas/index.ts';

/** Swagger UI's own files that the page needs. */
const FILES = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'] as const;
/** The page runs only what this node serves; Swagger UI writes styles into elements and draws icons from data. */
const PAGE_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** The two documents, for programs; open. */
export function documentRoutes(): Router {
  const router = Router();
  let document: string | undefined;
  router.get('/openapi.json', (_req, res) => {
    document ??= JSON.stringify(openApiDocument(ROUTES, OPERATIONS));
    cached(res).type('json').send(document);
  });
  router.get('/asyncapi.yaml', (_req, res, next) => {
    cached(res)
      .type('application/yaml')
      .sendFile('asyncapi.yaml', { root: docsFolder(), cacheControl: false }, orError(next));
  });
  return router;
}

/** The same to look at and to try: Swagger UI, from this node alone; open. */
export function docsRoutes(): Router {
  const router = Router();
  const root = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  router.get('/', (req, res) => {
    // Its files stand beside it.
    if (req.originalUrl.split('?', 1)[0]?.endsWith('/') === true) return res.redirect(308, req.baseUrl);
    return cached(res).setHeader('content-security-policy', PAGE_CSP).type('html').send(DOCS_PAGE);
  });
  router.get('/start.js', (_req, res) => {
    cached(res).type('text/javascript').send(DOCS_SCRIPT);
  });
  for (const name of FILES)
    router.get(`/${name}`, (_req, res, next) => {
      cached(res).sendFile(name, { root, cacheControl: false }, orError(next));
    });
  return router;
}

/** `sendFile` also calls back when all is sent. */
const orError =
  (next: NextFunction) =>
  (error: unknown): void => {
    if (error !== undefined) next(error);
  };

const cached = (res: Response): Response => res.set('cache-control', 'public, max-age=3600');

/** The folder docs/ of this package, above the sources or what they were built to. */
function docsFolder(): string {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, 'package.json')) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, 'docs');
}

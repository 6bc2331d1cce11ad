import { expect } from 'chai';
import { createApp } from '../../../api/app.ts';
import { openApiDocument } from '../../../api/openapi/document.ts';
import { OPERATIONS } from '../../../api/openapi/operations/index.ts';
import { ROUTES } from '../../../api/routes/schemas/index.ts';
import type { Services } from '../../../api/services/index.ts';
import { createLogger } from '../../../shared/node/logger.ts';
import { API_PREFIX, ERROR_STATUS } from '../../../shared/wire/rest.ts';
import { routesOf } from '../../support/express-routes.ts';

type Document = {
  readonly paths: Record<string, Record<string, Described>>;
  readonly components: { readonly schemas: Record<string, unknown> };
};
interface Described {
  readonly operationId: string;
  readonly parameters?: { readonly name: string; readonly in: string }[];
}

/** Nothing is called while routes are made. */
const services = new Proxy({}, { get: () => new Proxy({}, { get: () => () => undefined }) }) as Services;
const application = () =>
  createApp({
    config: { TRUSTED_HOPS: 0, allowedOrigins: [] },
    logger: createLogger({ name: 'test', level: 'silent' }),
    services,
    readiness: () => Promise.reject(new Error('nobody asks')),
  });
const named = ROUTES.map(({ method, path }) => `${method.toUpperCase()} ${path}`);

describe('the OpenAPI document', () => {
  const document = openApiDocument(ROUTES, OPERATIONS) as unknown as Document;
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(
      (method) => `${method.toUpperCase()} ${API_PREFIX}${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    ),
  );

  it('has every route that Express answers, and no other', () => {
    const routes = routesOf(application).filter((route) => route.includes(`${API_PREFIX}/`));
    expect(described.toSorted()).to.deep.equal(routes);
  });

  it('says of every route what it is for and what it gives (api/openapi/operations)', () => {
    expect(Object.keys(OPERATIONS)).to.have.members(named);
  });

  it('refers only to what is there', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)];
    for (const [, name = ''] of refs) expect(document.components.schemas).to.have.property(name);
  });

  it('has no part that nothing uses', () => {
    const text = JSON.stringify(document);
    for (const name of Object.keys(document.components.schemas))
      expect(text, name).to.include(`"#/components/schemas/${name}"`);
  });

  it('names every parameter of a path, and each operation differently', () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.values(methods).map((operation) => ({ path, operation })),
    );
    for (const { path, operation } of operations) {
      const inPath = (operation.parameters ?? []).filter((p) => p.in === 'path').map(({ name }) => name);
      expect(inPath, path).to.have.members([...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]));
    }
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('has an example of every call that takes something', () => {
    const without = ROUTES.filter(({ body, query }) => body !== undefined || query !== undefined)
      .map(({ method, path }) => `${method.toUpperCase()} ${path}`)
      .filter((name) => OPERATIONS[name]?.example === undefined);
    // It takes a link that an administrator made.
    expect(without).to.deep.equal(['POST /auth/reset']);
  });

  it('names no error that the API does not know', () => {
    for (const { errors = [] } of Object.values(OPERATIONS))
      for (const code of errors) expect(ERROR_STATUS).to.have.property(code);
  });
});

import type { RouteSchema } from '../routes/schemas/route.ts';
import { API_PREFIX, ERROR_STATUS, type ErrorCode } from '../../shared/wire/rest.ts';
import { COMPONENTS } from './components.ts';
import { fieldsOf, toJsonSchema } from './joi-schema.ts';
import type { Operation, Operations } from './operation.ts';
import { ref, type JsonSchema } from './schema.ts';

const INTRODUCTION = `JSON in, JSON out. Errors are \`application/problem+json\` (RFC 9457) with a stable \`code\`; 429 and 503 say in
\`Retry-After\` when to come again. Ids are 24 hex digits, times are UTC. Lists take \`limit\` and go on with \`cursor\` = \`next\`.

To try calls here: **Authorize**, enter a username and a password under *password*, and leave the rest empty.
Messages as they happen come over a socket: [asyncapi.yaml](${API_PREFIX}/asyncapi.yaml).`;

const TITLES: Readonly<Record<string, string>> = {
  auth: 'Accounts and sessions',
  users: 'People',
  rooms: 'Rooms and messages',
  attachments: 'Files',
};

/** The OpenAPI 3.1 document of `routes`, made of the schemas that check requests. */
export function openApiDocument(routes: readonly RouteSchema[], operations: Operations): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {};
  for (const route of routes) {
    const operation = operations[`${route.method.toUpperCase()} ${route.path}`];
    (paths[pathOf(route)] ??= {})[route.method] = describe(route, operation);
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Parley',
      version: 'v1',
      description: INTRODUCTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: API_PREFIX, description: 'This cluster' }],
    security: [{ password: [] }, { token: [] }],
    tags: Object.entries(TITLES).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      schemas: COMPONENTS,
      responses: { Problem: problem('What went wrong, with its code.') },
      securitySchemes: {
        password: {
          type: 'oauth2',
          description: 'The login as a form; access tokens hold for 15 minutes.',
          flows: { password: { tokenUrl: `${API_PREFIX}/auth/login`, scopes: {} } },
        },
        token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
    },
  };
}

/** `/rooms/:room` as OpenAPI writes it. */
const pathOf = ({ path }: RouteSchema): string => path.replaceAll(/:(\w+)/g, '{$1}');

function describe(route: RouteSchema, operation: Operation | undefined): JsonSchema {
  const parameters = [...parametersOf('path', route, operation), ...parametersOf('query', route, operation)];
  return {
    operationId: operationId(route),
    tags: [tagOf(route)],
    summary: operation?.summary ?? `${route.method.toUpperCase()} ${route.path}`,
    ...(operation?.description === undefined ? {} : { description: operation.description }),
    ...(route.open === true ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...bodyOf(route, operation),
    responses: { ...answersOf(operation), ...problemsOf(route, operation) },
  };
}

/** `get-rooms-room-members`. */
const operationId = ({ method, path }: RouteSchema): string =>
  [method, ...path.split('/').map((part) => part.replaceAll(/[^\w]/g, ''))].filter(Boolean).join('-');

function tagOf({ path }: RouteSchema): string {
  const [, first = ''] = path.split('/');
  return first === 'healthz' || first === 'readyz' || first.includes('.') ? 'service' : first;
}

function parametersOf(place: 'path' | 'query', route: RouteSchema, operation?: Operation): JsonSchema[] {
  const fields = fieldsOf(place === 'path' ? route.params : route.query);
  const example = place === 'path' ? operation?.example?.params : operation?.example?.query;
  return fields.map(({ name, required, schema }) => ({
    name,
    in: place,
    required: place === 'path' || required,
    schema,
    ...(example?.[name] === undefined ? {} : { example: example[name] }),
  }));
}

function bodyOf(route: RouteSchema, operation?: Operation): JsonSchema {
  const types = operation?.bodyTypes ?? (route.body === undefined ? [] : ['application/json']);
  if (types.length === 0) return {};
  const schema = route.body === undefined ? { type: 'string', format: 'binary' } : toJsonSchema(route.body);
  const example = operation?.example?.body;
  const media = { schema, ...(example === undefined ? {} : { example }) };
  return {
    requestBody: { required: true, content: Object.fromEntries(types.map((type) => [type, media])) },
  };
}

function answersOf(operation?: Operation): JsonSchema {
  const answers = Object.entries(operation?.answers ?? { 200: null });
  return Object.fromEntries(
    answers.map(([status, answer]) => {
      const description = Number(status) === 204 ? 'Done; there is nothing to say.' : 'Done.';
      if (answer === null) return [status, { description }];
      const schema = typeof answer === 'string' ? ref(answer) : answer;
      return [
        status,
        { description, content: { [operation?.answerType ?? 'application/json']: { schema } } },
      ];
    }),
  );
}

/** What any call may be answered with, and what this one may. */
function problemsOf(route: RouteSchema, operation?: Operation): JsonSchema {
  const takes = route.params ?? route.query ?? route.body;
  const codes: ErrorCode[] = [
    ...(takes === undefined ? [] : (['invalid'] as const)),
    ...(route.open === true && !route.path.startsWith('/auth/') ? [] : (['unauthorized'] as const)),
    ...(operation?.errors ?? []),
    'rate_limited',
    'unavailable',
  ];
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes)
    byStatus.set(ERROR_STATUS[code], [...(byStatus.get(ERROR_STATUS[code]) ?? []), code]);
  return Object.fromEntries(
    [...byStatus].map(([status, of]) => {
      const retry = status === 429 || status === 503;
      return [status, problem(of.map((code) => `\`${code}\``).join(', '), retry)];
    }),
  );
}

function problem(description: string, retry = false): JsonSchema {
  return {
    description,
    ...(retry
      ? { headers: { 'Retry-After': { description: 'Seconds.', schema: { type: 'integer', minimum: 0 } } } }
      : {}),
    content: { 'application/problem+json': { schema: ref('Problem') } },
  };
}

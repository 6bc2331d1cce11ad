/** Every answer that API tests see is checked against the OpenAPI document: one that is not as it says fails the test. */
import { Validator, type Schema } from '../../conformance/contract/schema.ts';
import { RoutePatterns } from '../../api/middleware/route-pattern.ts';
import { COMPONENTS } from '../../api/openapi/components.ts';
import { OPERATIONS } from '../../api/openapi/operations/index.ts';
import { ROUTES } from '../../api/routes/schemas/index.ts';
import { API_PREFIX } from '../../shared/wire/rest.ts';

const MAX_KEPT = 20;
const PROBLEM: Schema = { $ref: '#/components/schemas/Problem' };
const wrong: string[] = [];
const patterns = new RoutePatterns(ROUTES);
const validator = new Validator({ components: { schemas: strict(COMPONENTS) } });

/** Notes what is wrong with an answer; the test that runs fails for it when it ends. */
export function checkAnswer(method: string, path: string, status: number, body: unknown): void {
  const name = patterns.nameOf(method, API_PREFIX + path);
  const operation = OPERATIONS[name];
  // 431 is Node's own answer, before any of ours.
  if (operation === undefined || status === 431) return;
  // Bytes of a file.
  if (operation.answerType !== undefined && status < 400) return;
  for (const complaint of complaintsOf(operation.answers, status, body))
    if (wrong.length < MAX_KEPT) wrong.push(`${name} ${status}: ${complaint}`);
}

function complaintsOf(answers: (typeof OPERATIONS)[string]['answers'], status: number, body: unknown) {
  const answer = answers[status];
  if (answer === undefined)
    return status >= 400 ? validator.complaints(body, PROBLEM) : ['no such answer is described'];
  if (answer === null) return status !== 204 || body === undefined ? [] : ['has a body'];
  return validator.complaints(
    body,
    typeof answer === 'string' ? { $ref: `#/components/schemas/${answer}` } : answer,
  );
}

/** Clients must bear fields they do not know; we must describe ours. */
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(strict);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]));
  const isRecord = typeof inner['properties'] === 'object' && inner['type'] === 'object';
  return isRecord && !('additionalProperties' in inner) ? { ...inner, additionalProperties: false } : inner;
}

// Also imported outside mocha, where nobody asks; what is kept is bounded.
if (typeof afterEach === 'function') {
  afterEach('every answer is as the OpenAPI document says', () => {
    const complaints = wrong.splice(0);
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
  });
}

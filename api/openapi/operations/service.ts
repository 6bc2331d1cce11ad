import type { Operations } from '../operation.ts';

export const serviceOperations: Operations = {
  'GET /healthz': { summary: 'Whether the process lives', answers: { 200: 'Health' }, example: {} },
  'GET /readyz': {
    summary: 'Whether the node should be sent requests',
    answers: { 200: 'Readiness', 503: 'Readiness' },
    example: {},
  },
  'GET /openapi.json': { summary: 'This document', answers: { 200: { type: 'object' } }, example: {} },
  'GET /asyncapi.yaml': {
    summary: 'The socket protocol, as AsyncAPI 3.1',
    answers: { 200: null },
  },
};

import { ParleyError, unavailable } from '../shared/node/errors.ts';
import type { Logger } from '../shared/node/logger.ts';
import type { ApiNode, ApiNodes } from './api-nodes.ts';

/** Codes with which an API node refuses what is wrong with the request itself. */
const REFUSALS: ReadonlySet<unknown> = new Set(['invalid', 'too_large']);

/** A node that lives refused this request; another one would, too. */
class Refused extends Error {
  override readonly name = 'Refused';
}

/** Requests to the internal API. Every call is safe to repeat, so a failed one goes once to another node. */
export class InternalClient {
  readonly #nodes: ApiNodes;
  readonly #authorization: string;
  readonly #logger: Logger;
  readonly #onCall: (path: string) => void;

  /** `onCall` is called for each request that is made, repetitions included. */
  constructor(
    nodes: ApiNodes,
    secret: string,
    logger: Logger,
    onCall: (path: string) => void = () => undefined,
  ) {
    this.#nodes = nodes;
    this.#authorization = `Bearer ${secret}`;
    this.#logger = logger;
    this.#onCall = onCall;
  }

  /**
   * The JSON answer; rejects with `unavailable` when two nodes (or the only one twice) failed, and with `invalid` for a
   * request that the first one does not accept, which says nothing about that node.
   */
  async post(path: string, body: object, timeoutMs: number): Promise<unknown> {
    const text = JSON.stringify(body);
    const first = this.#nodes.pick();
    if (first === undefined) throw unavailable('The API');
    try {
      return await this.#request(first, path, text, timeoutMs);
    } catch (error) {
      this.#failed(first, path, error);
      this.#logger.warn({ err: error, path, origin: first.origin }, 'an API node failed; trying another');
    }
    await this.#nodes.lookAgain();
    const second = this.#nodes.pick(first) ?? first;
    try {
      return await this.#request(second, path, text, timeoutMs);
    } catch (error) {
      // Also where this one refused: what the first made of it is not known, so nobody may be told that it came to nothing.
      if (!(error instanceof Refused)) this.#nodes.markDown(second);
      this.#logger.warn({ err: error, path, origin: second.origin }, 'a second API node failed');
      throw unavailable('The API', error);
    }
  }

  /** Throws where another attempt would be in vain. */
  #failed(node: ApiNode, path: string, error: unknown): void {
    if (!(error instanceof Refused)) return this.#nodes.markDown(node);
    this.#logger.error({ err: error, path, origin: node.origin }, 'the API refused a request');
    throw new ParleyError('invalid', 'The request was not accepted.', { cause: error });
  }

  async #request(node: ApiNode, path: string, body: string, timeoutMs: number): Promise<unknown> {
    node.inFlight++;
    this.#onCall(path);
    try {
      const response = await node.pool.request({
        path,
        method: 'POST',
        headers: { authorization: this.#authorization, 'content-type': 'application/json' },
        body,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
        signal: AbortSignal.timeout(timeoutMs),
      });
      const text = await response.body.text();
      const { statusCode } = response;
      const isRefused = statusCode >= 400 && statusCode < 500 && isRefusal(text);
      if (statusCode === 200 || isRefused) this.#nodes.markUp(node);
      if (isRefused) throw new Refused(`the API answered ${statusCode}`);
      // Any other answer is no API node's, or not one that knows us: its place may have gone to another program.
      if (statusCode !== 200) throw new Error(`the API answered ${statusCode}`);
      return JSON.parse(text) as unknown;
    } finally {
      node.inFlight--;
    }
  }
}

function isRefusal(text: string): boolean {
  try {
    const problem: unknown = JSON.parse(text);
    return typeof problem === 'object' && problem !== null && REFUSALS.has(Reflect.get(problem, 'code'));
  } catch {
    return false;
  }
}

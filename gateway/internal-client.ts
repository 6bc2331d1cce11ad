import { unavailable } from '../shared/node/errors.ts';
import type { Logger } from '../shared/node/logger.ts';
import type { ApiNode, ApiNodes } from './api-nodes.ts';

/** Requests to the internal API. Every call is safe to repeat, so a failed one goes once to another node. */
export class InternalClient {
  readonly #nodes: ApiNodes;
  readonly #authorization: string;
  readonly #logger: Logger;

  constructor(nodes: ApiNodes, secret: string, logger: Logger) {
    this.#nodes = nodes;
    this.#authorization = `Bearer ${secret}`;
    this.#logger = logger;
  }

  /** The JSON answer; rejects with `unavailable` when two nodes (or the only one twice) failed. */
  async post(path: string, body: object, timeoutMs: number): Promise<unknown> {
    const text = JSON.stringify(body);
    const first = this.#nodes.pick();
    if (first === undefined) throw unavailable('The API');
    try {
      return await this.#request(first, path, text, timeoutMs);
    } catch (error) {
      this.#nodes.markDown(first);
      this.#logger.warn({ err: error, path, origin: first.origin }, 'an API node failed; trying another');
    }
    const second = this.#nodes.pick(first) ?? first;
    try {
      return await this.#request(second, path, text, timeoutMs);
    } catch (error) {
      this.#nodes.markDown(second);
      this.#logger.warn({ err: error, path, origin: second.origin }, 'a second API node failed');
      throw unavailable('The API', error);
    }
  }

  async #request(node: ApiNode, path: string, body: string, timeoutMs: number): Promise<unknown> {
    node.inFlight++;
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
      if (response.statusCode !== 200) throw new Error(`the API answered ${response.statusCode}`);
      node.downUntil = 0;
      return JSON.parse(text) as unknown;
    } finally {
      node.inFlight--;
    }
  }
}

import type { IncomingMessage } from 'node:http';
import { ParleyError } from '../../shared/node/errors.ts';

/**
 * The bytes of a request's body, at most `limit`. Rejects `too_large`, and `invalid` for one that was cut off. Lean,
 * because each send comes this way: what general parsers do beside reading cost as much as storing a message.
 */
export function readBody(req: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let size = 0;
    const chunks: Buffer[] = [];
    const tooLarge = (): void => {
      req.off('data', onData).resume();
      reject(new ParleyError('too_large', 'The body is too large.'));
    };
    const onData = (chunk: Buffer): void => {
      size += chunk.length;
      if (size > limit) tooLarge();
      else chunks.push(chunk);
    };
    if (Number(req.headers['content-length'] ?? 0) > limit) return tooLarge();
    req.on('data', onData);
    req.once('end', () => resolve(joined(chunks)));
    req.once('close', () => {
      if (!req.readableEnded) reject(new ParleyError('invalid', 'The body was cut off.'));
    });
  });
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [only] = chunks;
  return only !== undefined && chunks.length === 1 ? only : Buffer.concat(chunks);
}

import type { Redis } from 'ioredis';
import { SubscriberStream } from './subscriber-stream.ts';

/**
 * Takes the messages out of what a subscriber's new connection reads, before its decoder. False where the client is not
 * built as expected: it then emits them itself, for more CPU. ioredis puts its decoder in front of all listeners.
 */
export function tapMessages(
  { stream }: Pick<Redis, 'stream'>,
  onMessage: (channel: string, message: Buffer) => void,
): boolean {
  const [decode] = stream.listeners('data');
  if (decode === undefined) return false;
  const values = new SubscriberStream(onMessage, (bytes) => void decode.call(stream, bytes));
  // Never without a listener, which a stream takes for the wish to stop.
  stream.prependListener('data', (data: Buffer) => values.push(data));
  stream.off('data', decode as (data: Buffer) => void);
  return true;
}

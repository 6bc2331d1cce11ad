import type { Engine } from './engine.ts';
import { ApiError } from './errors.ts';
import type { OutboxEntry } from './outbox-store.ts';
import { randomId } from './random-id.ts';

/** Puts a message of one's own into the outbox; gives its row's key. */
export function post(
  engine: Pick<Engine, 'outbox'>,
  room: string,
  {
    attachments = [],
    ...message
  }: Pick<OutboxEntry, 'text' | 'replyTo' | 'thread' | 'forward' | 'attachments'>,
): string {
  const outbox = engine.outbox();
  if (outbox === undefined) throw new ApiError('unauthorized', 'You are signed out.', { status: 401 });
  const clientId = randomId();
  const files = attachments.length === 0 ? {} : { attachments };
  outbox.add({ clientId, room, at: new Date().toISOString(), ...message, ...files });
  return clientId;
}

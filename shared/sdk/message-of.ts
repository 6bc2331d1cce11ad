import type { MessageFrame } from '../wire/protocol.ts';
import type { Message } from '../wire/rest.ts';

/** The message in its frame, without what makes it one. */
export function messageOf(frame: MessageFrame): Message {
  const message: Message & { type?: string } = { ...frame };
  delete message.type;
  return message;
}

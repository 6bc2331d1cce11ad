import type { Message } from '../../shared/wire/rest.ts';
import type { Outgoing } from './system.ts';

const SENDER = { id: '5f0000000000000000000001', username: 'publisher', displayName: 'Publisher' };

/** A message as Parley's API presents one; the other systems send the very same object. */
export function messageOf({ room, seq, text }: Outgoing): Message {
  const id = `6a${seq.toString(16).padStart(22, '0')}`;
  const clientId = `bench-${seq}`;
  const at = new Date().toISOString();
  return { room, seq, id, clientId, kind: 'text', sender: SENDER, text, at, rev: seq };
}

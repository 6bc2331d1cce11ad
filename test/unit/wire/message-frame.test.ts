import { expect } from 'chai';
import fc from 'fast-check';
import { encodeFrame, encodeMessageFrame, messageInFrame } from '../../../shared/wire/protocol.ts';
import type { Message } from '../../../shared/wire/rest.ts';

const messages = fc.record(
  {
    room: fc.string(),
    seq: fc.nat(),
    id: fc.string(),
    kind: fc.constant('text' as const),
    sender: fc.record({ id: fc.string(), username: fc.string(), displayName: fc.string() }),
    text: fc.string({ unit: 'binary' }),
    at: fc.string(),
    rev: fc.nat(),
    clientId: fc.string(),
    mentions: fc.array(fc.string()),
  },
  { requiredKeys: ['room', 'seq', 'id', 'kind', 'sender', 'text', 'at', 'rev'] },
) as fc.Arbitrary<Message>;

describe('the frame of a message', () => {
  it('is what any frame of these fields is', () => {
    fc.assert(
      fc.property(messages, (message) => {
        expect(encodeMessageFrame(message)).to.equal(encodeFrame({ type: 'message', ...message }));
      }),
    );
  });

  it('holds the message as text', () => {
    fc.assert(
      fc.property(messages, (message) => {
        expect(messageInFrame(encodeMessageFrame(message))).to.equal(JSON.stringify(message));
      }),
    );
  });
});

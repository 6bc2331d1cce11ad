import { expect } from 'chai';
import fc from 'fast-check';
import { checkFrame, ProtocolViolation, readFrame } from '../../../gateway/frames.ts';
import { ParleyError } from '../../../shared/node/errors.ts';
import { idOf } from '../../support/gateway-harness.ts';

const room = idOf('1');
const good: readonly Record<string, unknown>[] = [
  { type: 'hello', token: 't', rooms: { [room]: 3 } },
  { type: 'auth', token: 't' },
  { type: 'send', clientId: 'c', room, text: 'x', replyTo: 1, thread: 1, after: 0 },
  { type: 'read', room, seq: 3 },
  { type: 'got', rooms: { [room]: 3 } },
  { type: 'typing', room },
  { type: 'watch', users: [idOf('a')] },
  { type: 'away', away: true },
  { type: 'ping' },
];

describe('gateway frames', () => {
  for (const frame of good) {
    it(`accepts a good ${String(frame['type'])} and no field beside its own`, () => {
      expect(checkFrame(readFrame(JSON.stringify(frame)))).to.deep.equal(frame);
      expect(() => checkFrame({ ...frame, type: String(frame['type']), extra: 1 })).to.throw(ParleyError);
    });

    it(`answers any mutation of ${String(frame['type'])} by the frame, \`invalid\` or a violation`, () => {
      const mutated = fc.tuple(
        fc.constantFrom(...Object.keys(frame)),
        fc.oneof(fc.anything(), fc.constant({ $ne: null }), fc.constant('\ud800'), fc.constant('\0')),
      );
      fc.assert(
        fc.property(mutated, ([field, value]) => {
          const text = JSON.stringify({ ...frame, [field]: value }, (_, v: unknown) =>
            typeof v === 'bigint' ? String(v) : v,
          );
          try {
            checkFrame(readFrame(text));
          } catch (error) {
            const isExpected = error instanceof ProtocolViolation || error instanceof ParleyError;
            expect(isExpected, String(error)).to.equal(true);
          }
        }),
        { numRuns: 300 },
      );
    });
  }

  it('refuses more than 1,000 rooms, names that are no ids, negative and fractional numbers', () => {
    const rooms = Object.fromEntries(
      Array.from({ length: 1_001 }, (_, i) => [i.toString(16).padStart(24, '0'), 1]),
    );
    for (const bad of [rooms, { __proto__x: 1 }, { [room]: -1 }, { [room]: 1.5 }, { [room]: '1' }, []]) {
      expect(() => checkFrame({ type: 'hello', token: 't', rooms: bad })).to.throw(ParleyError);
    }
  });
});

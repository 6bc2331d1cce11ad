import { expect } from 'chai';
import fc from 'fast-check';
import { SubscriberStream } from '../../../shared/node/subscriber-stream.ts';

const blob = (text: string): string => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const message = (channel: string, text: string, type = '>'): string =>
  `${type}3\r\n$7\r\nmessage\r\n${blob(channel)}${blob(text)}`;

/** What else Redis says to a subscriber, and more. */
const OTHERS = [
  `>3\r\n${blob('subscribe')}${blob('room')}:1\r\n`,
  `>3\r\n${blob('unsubscribe')}$-1\r\n:0\r\n`,
  `*2\r\n${blob('pong')}${blob('')}`,
  '+PONG\r\n',
  '-ERR no\r\n',
  ':42\r\n',
  '_\r\n',
  '$-1\r\n',
  '*-1\r\n',
  '*0\r\n',
  `%1\r\n${blob('server')}*2\r\n${blob('redis')}#t\r\n`,
];

type Part = { readonly bytes: string; readonly said: readonly string[] };

/** All that comes out, in order: messages, and runs of what is passed on. */
function read(text: Buffer, cuts: readonly number[]): string[] {
  const said: string[] = [];
  const stream = new SubscriberStream(
    (channel, body) => said.push(`${channel}=${body.toString()}`),
    (bytes) => said.push(bytes.toString()),
  );
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)), text.length].toSorted((a, b) => a - b);
  // Each chunk has memory of its own, as when it is read from a socket.
  for (let i = 1; i < places.length; i++) stream.push(Buffer.from(text.subarray(places[i - 1], places[i])));
  return said;
}

describe('what a subscriber reads', () => {
  const told = fc
    .tuple(
      fc.string({ unit: 'grapheme-ascii', minLength: 1 }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('>', '*'),
    )
    .map(([channel, text, type]): Part => ({
      bytes: message(channel, text, type),
      said: [`${channel}=${text}`],
    }));
  const other = fc.constantFrom(...OTHERS).map((bytes): Part => ({ bytes, said: [bytes] }));

  it('is the same in whatever pieces it comes: messages, and the rest value by value', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(told, other)), fc.array(fc.nat(5_000)), (parts, cuts) => {
        const text = Buffer.from(parts.map(({ bytes }) => bytes).join(''));
        expect(read(text, cuts)).to.deep.equal(parts.flatMap(({ said }) => said));
      }),
    );
  });

  it('goes on as it is after something that is no value', () => {
    const text = Buffer.from(`${message('a', 'b')}?what\r\n${message('a', 'c')}`);
    expect(read(text, [])).to.deep.equal(['a=b', `?what\r\n${message('a', 'c')}`]);
  });

  it('ends nowhere wrong, whatever bytes come', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.array(fc.nat(200)), (bytes, cuts) => {
        // Below 128, so that they are the same as text.
        const text = Buffer.from(bytes.map((byte) => byte & 127));
        expect(text.toString().startsWith(read(text, cuts).join(''))).to.equal(true);
      }),
    );
  });
});

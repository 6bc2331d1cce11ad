import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { deserialize, serialize, type Document } from 'bson';
import { expect } from 'chai';
import fc from 'fast-check';
import { validate } from '../../local/documentdb/wire/bsonScan.ts';
import { Framing } from '../../local/documentdb/wire/framing.ts';
import { parseMessage, ProtocolError } from '../../local/documentdb/wire/message.ts';
import { GIVEN_URL, useStore } from './store.ts';

const section = (kind: number, bytes: Uint8Array) => Buffer.concat([Buffer.from([kind]), bytes]);

function message(opcode: number, payload: Buffer, id = 1): Buffer {
  const header = Buffer.alloc(16);
  header.writeInt32LE(16 + payload.length, 0);
  header.writeInt32LE(id, 4);
  header.writeInt32LE(opcode, 12);
  return Buffer.concat([header, payload]);
}

function msg(command: Document, flags = 0, extra: Buffer = Buffer.alloc(0)): Buffer {
  const bits = Buffer.alloc(4);
  bits.writeUInt32LE(flags, 0);
  return message(2013, Buffer.concat([bits, section(0, serialize(command)), extra]));
}

async function open(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** Sends bytes and gives the document of the next whole answer. */
async function ask(socket: Socket, bytes: Buffer): Promise<Document> {
  const framing = new Framing();
  socket.write(bytes);
  for (;;) {
    const [chunk] = (await once(socket, 'data')) as [Buffer];
    const [reply] = framing.push(chunk);
    if (reply) return deserialize(reply.subarray(reply.readInt32LE(12) === 1 ? 36 : 21));
  }
}

describe('the wire protocol', () => {
  const store = useStore();
  before(function () {
    if (GIVEN_URL) this.skip();
  });

  it('answers the old handshake and the new one', async () => {
    const socket = await open(store.url);
    const query = Buffer.concat([
      Buffer.alloc(4),
      Buffer.from('admin.$cmd\0'),
      Buffer.alloc(8),
      serialize({ isMaster: 1 }),
    ]);
    expect(await ask(socket, message(2004, query))).to.include({ ismaster: true, helloOk: true, ok: 1 });
    expect(await ask(socket, msg({ hello: 1, $db: 'admin' }))).to.include({
      isWritablePrimary: true,
      maxWireVersion: 21,
    });
    socket.destroy();
  });

  it('takes documents beside the body, a checksum, and requests in small pieces', async () => {
    const socket = await open(store.url);
    const documents = Buffer.concat([Buffer.from('documents\0'), serialize({ a: 1 }), serialize({ a: 2 })]);
    const length = Buffer.alloc(4);
    length.writeInt32LE(documents.length + 4);
    const checksum = Buffer.alloc(4);
    const extra = Buffer.concat([section(1, Buffer.concat([length, documents])), checksum]);
    const bytes = msg({ insert: 'wire', $db: store.db.name }, 1, extra);
    for (const byte of bytes.subarray(0, 40)) socket.write(Buffer.from([byte]));
    expect(await ask(socket, bytes.subarray(40))).to.include({ n: 2, ok: 1 });
    socket.destroy();
  });

  it('refuses a transaction with code 20', async () => {
    const socket = await open(store.url);
    const command = {
      insert: 'wire',
      documents: [{}],
      txnNumber: 1,
      startTransaction: true,
      $db: store.db.name,
    };
    expect(await ask(socket, msg(command))).to.include({ ok: 0, code: 20, codeName: 'IllegalOperation' });
    socket.destroy();
  });

  it('closes a connection that sends garbage, and only that one', async () => {
    const good = await open(store.url);
    const broken = msg({ ping: 1, $db: 'admin' });
    broken.writeInt32LE(broken.readInt32LE(21) + 9, 20);
    const oversized = Buffer.alloc(16);
    oversized.writeInt32LE(48_000_001, 0);
    const garbage = [
      Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'),
      Buffer.alloc(64),
      Buffer.alloc(64, 0xff),
      oversized,
      message(2012, Buffer.alloc(30)),
      msg({ ping: 1 }, 4),
      broken,
      message(2013, Buffer.concat([Buffer.alloc(4), section(7, serialize({ ping: 1 }))])),
    ];
    for (const bytes of garbage) {
      const socket = await open(store.url);
      const closed = once(socket, 'close');
      socket.on('error', () => undefined).resume();
      socket.write(bytes);
      await closed;
      expect(await ask(good, msg({ ping: 1, $db: 'admin' }))).to.deep.equal({ ok: 1 });
    }
    good.destroy();
  });
}).timeout(20_000);

describe('parsing', () => {
  it('of any bytes gives a message or a protocol error, nothing else', () => {
    const base = msg({ insert: 'c', documents: [{ a: 'x', b: [1, { c: new Date() }] }], $db: 'd' });
    const mutation = fc.array(fc.tuple(fc.nat(base.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(mutation, (changes) => {
        const bytes = Buffer.from(base);
        for (const [at, value] of changes) bytes[at] = value;
        try {
          parseMessage(bytes);
        } catch (error) {
          expect(error).to.be.instanceOf(ProtocolError);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds well-formed what the driver writes', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.string().filter((key) => !key.includes('\0')),
          fc.jsonValue(),
        ),
        (document) => {
          validate(Buffer.from(serialize(document)));
        },
      ),
    );
  });

  it('gives the same messages however the stream is cut', () => {
    const messages = [msg({ ping: 1 }), msg({ find: 'x'.repeat(100) }), msg({ ping: 2 })];
    const stream = Buffer.concat(messages);
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length)), (cuts) => {
        const framing = new Framing();
        const edges = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
        const found = edges
          .slice(1)
          .flatMap((edge, index) => framing.push(stream.subarray(edges[index], edge)));
        expect(found.map((bytes) => bytes.toString('hex'))).to.deep.equal(
          messages.map((bytes) => bytes.toString('hex')),
        );
      }),
    );
  });
});

import { section } from '../check.ts';
import { SUBPROTOCOL } from '../client/socket.ts';
import { expectEqual, expectThat } from '../expect.ts';

/** The upgrade itself. */
export const connection = section('the-connection', (check) => {
  check('the socket speaks the subprotocol parley.v1', async (t) => {
    const socket = await t.open().opened();
    expectEqual(socket.ws.protocol, SUBPROTOCOL, 'the subprotocol');
  });

  check('of several subprotocols offered parley.v1 is chosen', async (t) => {
    const socket = await t.open({ protocols: ['chat.v9', SUBPROTOCOL] }).opened();
    expectEqual(socket.ws.protocol, SUBPROTOCOL, 'the subprotocol');
  });

  check('an upgrade that offers other subprotocols only is answered with 400', async (t) => {
    expectEqual(await t.open({ protocols: ['chat.v9'] }).answered, 400, 'the answer to be HTTP');
  });

  check('a client that offers no subprotocol may connect', async (t) => {
    const socket = await t.open({ protocols: [] }).opened();
    socket.send({ type: 'hello', token: t.ann.token });
    await socket.next('ready');
  });

  check('an upgrade with the Origin of another site is answered with 403', async (t) => {
    const headers = { origin: 'https://elsewhere.example' };
    expectEqual(await t.open({ headers }).answered, 403, 'the answer to be HTTP');
  });

  check('an upgrade with the Origin "null" is answered with 403', async (t) => {
    expectEqual(await t.open({ headers: { origin: 'null' } }).answered, 403, 'the answer to be HTTP');
  });

  check(
    'a socket that says no hello within 5 s is closed with 4002, after a bye',
    async (t) => {
      const socket = await t.open().opened();
      const began = performance.now();
      const { code } = await socket.closed(10_000);
      expectEqual(code, 4002, 'the close code');
      expectThat(performance.now() - began > 4_000, 'the close not before 4 s', performance.now() - began);
      expectThat(socket.all('bye').length === 1, 'one bye before the close', socket.received);
    },
    { seconds: 6 },
  );
});

/** What breaks the protocol itself. */
export const violations = section('client--gateway', (check) => {
  check('a frame before hello closes with 4400', async (t) => {
    const socket = await t.open().opened();
    socket.send({ type: 'ping' });
    expectEqual((await socket.closed()).code, 4400, 'the close code');
  });

  check('a second hello closes with 4400', async (t) => {
    const { socket } = await t.connect(t.ann);
    socket.send({ type: 'hello', token: t.ann.token });
    expectEqual((await socket.closed()).code, 4400, 'the close code');
  });

  const malformed: Readonly<Record<string, string>> = {
    'text that is no JSON': '{"type":"ping"',
    'an empty text': '',
    'a JSON array': '[{"type":"ping"}]',
    'a JSON string': '"ping"',
    'JSON null': 'null',
    'an object without a type': '{"room":"x"}',
    'a type that is no string': '{"type":1}',
    'an unknown type': '{"type":"shout"}',
    'a type of the other direction': '{"type":"ack"}',
  };
  for (const [what, text] of Object.entries(malformed)) {
    check(`${what} closes with 4400`, async (t) => {
      const { socket } = await t.connect(t.ann);
      socket.sendText(text);
      expectEqual((await socket.closed()).code, 4400, 'the close code');
    });
  }

  check('a binary frame closes with 4400', async (t) => {
    const { socket } = await t.connect(t.ann);
    socket.ws.send(Buffer.from('{"type":"ping"}'));
    expectEqual((await socket.closed()).code, 4400, 'the close code');
  });

  check('a frame of 64 KiB is taken', async (t) => {
    const { socket } = await t.connect(t.ann);
    socket.sendText('{"type":"ping"}'.padEnd(64 * 1024, ' '));
    await socket.next('pong');
  });

  check('a frame of more than 64 KiB closes with 1009', async (t) => {
    const { socket } = await t.connect(t.ann);
    socket.sendText('{"type":"ping"}'.padEnd(64 * 1024 + 1, ' '));
    expectEqual((await socket.closed()).code, 1009, 'the close code');
  });
});

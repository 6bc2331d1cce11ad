import type { Socket } from 'node:net';
import { Framing } from './framing.ts';
import { encodeReply, parseMessage, type Request } from './message.ts';

/** Gives the reply document's bytes; rejects when the connection must end without one. */
export type Handler = (request: Request) => Promise<Buffer>;

/**
 * Answers a connection's requests one after another, reading on only when the one before is answered. Resolves when
 * it has closed; garbage, a lost store or a broken socket close this one only.
 */
export async function serve(socket: Socket, handle: Handler): Promise<void> {
  const framing = new Framing();
  socket.setNoDelay(true);
  try {
    for await (const chunk of socket) {
      for (const message of framing.push(chunk as Buffer)) {
        const request = parseMessage(message);
        const reply = await handle(request);
        if (!request.silent && !socket.write(encodeReply(request, reply))) await drained(socket);
      }
    }
  } catch {
    // Whatever it was, the peer learns it by the end of the connection, as it would from a server that died.
  } finally {
    socket.destroy();
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.on('drain', done).on('close', done);
    if (socket.destroyed) done();
  });
}

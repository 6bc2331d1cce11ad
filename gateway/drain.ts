import { setTimeout as sleep } from 'node:timers/promises';
import { CloseCode } from '../shared/wire/protocol.ts';
import type { SocketServer } from './server.ts';
import type { Session } from './session.ts';

const SLICES_PER_SECOND = 4;
/** ms for the sends of one slice to be answered; what is not, its sender repeats elsewhere with the same clientId. */
const ANSWER_TIME = 1_500;
/** ms for the closing handshakes. */
const CLOSE_TIME = 4_000;

/**
 * Empties a gateway: new sockets are refused, sends under way are answered, then all sockets close with 1012 in slices
 * over `seconds`, each told to come back at a time of its own, so that the other gateways are not stormed.
 */
export async function drain(server: SocketServer, seconds: number): Promise<void> {
  server.refuse();
  const deadline = performance.now() + seconds * 1_000;
  const slices = Math.max(1, Math.round(seconds * SLICES_PER_SECOND));
  const size = Math.ceil(server.sessions.size / slices);
  while (server.sessions.size > 0) {
    const open = [...server.sessions].filter((session) => !session.isClosed);
    const slice = performance.now() < deadline ? open.slice(0, size) : open;
    if (slice.length === 0) break;
    await answered(slice);
    for (const session of slice) {
      session.close(CloseCode.draining, 'draining', Math.floor(Math.random() * 1_000));
    }
    if (open.length > slice.length) await sleep((seconds * 1_000) / slices);
  }
  await gone(server);
}

/** Waits until no send of these sockets is unanswered, but not for ever. */
async function answered(sessions: readonly Session[]): Promise<void> {
  for (let waited = 0; waited < ANSWER_TIME; waited += 20) {
    if (sessions.every((session) => session.unanswered === 0)) return;
    await sleep(20);
  }
}

/** Waits for the closing handshakes; sessions cut those that do not come. */
async function gone(server: SocketServer): Promise<void> {
  for (let waited = 0; waited < CLOSE_TIME && server.sessions.size > 0; waited += 20) await sleep(20);
}

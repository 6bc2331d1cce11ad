import { setTimeout as sleep } from 'node:timers/promises';
import { CloseCode } from '../shared/wire/protocol.ts';
import type { SocketServer } from './server.ts';
import type { Session } from './session.ts';

const SLICES_PER_SECOND = 4;
/** ms for a socket's sends to be answered; then it hears an error for each, and repeats it elsewhere with the same clientId. */
const ANSWER_TIME = 3_000;
/** ms for the closing handshakes. */
const CLOSE_TIME = 4_000;
/** ms before which a client that was closed does not come back; spread up to here. */
const RETURN_SPREAD = 1_000;
const POLL = 10;

/**
 * Empties a gateway: new sockets are refused, then all sockets leave in slices over `seconds`: each has its sends
 * answered, then closes with 1012, told to come back at a time of its own, so that the other gateways are not stormed.
 * Ends at the latest ANSWER_TIME + CLOSE_TIME after that.
 */
export async function drain(server: SocketServer, seconds: number): Promise<void> {
  server.refuse();
  const waiting = [...server.sessions];
  const slices = Math.max(1, Math.round(seconds * SLICES_PER_SECOND));
  const size = Math.ceil(waiting.length / slices);
  const leaving: Promise<void>[] = [];
  while (waiting.length > 0) {
    leaving.push(...waiting.splice(0, size).map(leave));
    if (waiting.length > 0) await sleep((seconds * 1_000) / slices);
  }
  await Promise.all(leaving);
  await gone(server);
}

/** Closes a socket as soon as what it sent so far is answered. */
async function leave(session: Session): Promise<void> {
  session.refuseSends();
  for (let waited = 0; session.unanswered > 0 && waited < ANSWER_TIME; waited += POLL) await sleep(POLL);
  session.close(CloseCode.draining, 'draining', Math.floor(Math.random() * RETURN_SPREAD));
}

/** Waits for the closing handshakes; sessions cut those that do not come. */
async function gone(server: SocketServer): Promise<void> {
  for (let waited = 0; waited < CLOSE_TIME && server.sessions.size > 0; waited += POLL) await sleep(POLL);
}

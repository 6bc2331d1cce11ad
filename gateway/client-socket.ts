import { WebSocket } from 'ws';
import type { Session } from './session.ts';

/** Who is told that a socket failed or is gone. */
export interface SocketOwner {
  onFailed(error: Error): void;
  /** `network`: where it came from. */
  onClosed(session: Session, network: string): void;
}

interface Binding {
  readonly session: Session;
  readonly owner: SocketOwner;
  readonly network: string;
}

/** A WebSocket and its session. The listeners are the same functions for all sockets: closures of their own would be most of what we add to each. */
export class ClientSocket extends WebSocket {
  binding: Binding | undefined;

  /** From here on what comes goes to the session; once. */
  bind(session: Session, owner: SocketOwner, network: string): void {
    this.binding = { session, owner, network };
    this.on('message', onMessage);
    this.on('pong', onPong);
    this.on('error', onError);
    this.on('close', onClose);
  }
}

function onMessage(this: WebSocket, data: unknown, isBinary: boolean): void {
  const session = sessionOf(this);
  if (isBinary) session?.onBinary();
  else if (data instanceof Buffer) session?.onText(data.toString('utf8'));
}

function onPong(this: WebSocket): void {
  sessionOf(this)?.onPong();
}

function onError(this: WebSocket, error: Error): void {
  bindingOf(this)?.owner.onFailed(error);
}

function onClose(this: WebSocket): void {
  const binding = bindingOf(this);
  binding?.owner.onClosed(binding.session, binding.network);
}

const bindingOf = (ws: WebSocket): Binding | undefined =>
  ws instanceof ClientSocket ? ws.binding : undefined;
const sessionOf = (ws: WebSocket): Session | undefined => bindingOf(ws)?.session;

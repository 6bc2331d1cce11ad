import { fetch as undiciFetch, type Dispatcher } from 'undici';
import { WebSocket } from 'ws';
import type { ClientOptions, Socket } from '../../shared/sdk/index.ts';
import { describeFrame } from './frames.ts';
import type { History } from './history.ts';

export interface TapOptions {
  readonly name: string;
  readonly history: History;
  readonly user: string;
  readonly ca: string;
  readonly dispatcher: Dispatcher;
  /** For a run that must fail: the log is never to be had, so that no client can repair. */
  readonly refusesLog: boolean;
}

/**
 * The network as one device sees it. What the server answers is recorded here, beneath the engine, so that the judge
 * need not believe the engine; and it can be cut.
 */
export class Tap {
  readonly #options: TapOptions;
  readonly #sockets = new Set<WebSocket>();
  #isCut = false;

  constructor(options: TapOptions) {
    this.#options = options;
  }

  readonly connect = (url: string, protocol: string): Socket => {
    if (this.#isCut) throw new Error('cut off');
    const ws = new WebSocket(url, protocol, { ca: this.#options.ca });
    this.#sockets.add(ws);
    ws.on('error', () => undefined); // a close follows
    ws.on('close', () => this.#sockets.delete(ws));
    ws.on('message', (data: Buffer) => this.#hear(String(data)));
    return ws as unknown as Socket;
  };

  readonly fetch: NonNullable<ClientOptions['fetch']> = async (input, init) => {
    if (this.#isCut) throw new TypeError('cut off');
    const method = init?.method ?? 'GET';
    const [, room, part] = /\/rooms\/([^/]+)\/(messages|log)$/.exec(new URL(String(input)).pathname) ?? [];
    if (part === 'log' && this.#options.refusesLog) return unavailable();
    const askedAt = this.#options.history.now;
    const request = { ...init, dispatcher: this.#options.dispatcher } as Parameters<typeof undiciFetch>[1];
    const response = await undiciFetch(input as string, request);
    const text = await response.text();
    if (room !== undefined && response.ok) {
      if (method === 'POST') this.#acked(room, String(init?.body), text);
      else
        this.#options.history.heard(
          this.#options.user,
          this.#options.name,
          `${method} ${part}`,
          room,
          askedAt,
        );
    }
    const body = response.status === 204 ? null : text;
    return new Response(body, { status: response.status, headers: [...response.headers] });
  };

  /** Breaks all sockets without a goodbye; nothing gets through until `mend`. */
  cut(): void {
    this.#isCut = true;
    for (const ws of this.#sockets) ws.terminate();
  }

  mend(): void {
    this.#isCut = false;
  }

  #hear(text: string): void {
    const { history, user, name } = this.#options;
    if (text.startsWith('{"type":"ack"')) {
      const { room, clientId, seq } = JSON.parse(text) as { room: string; clientId: string; seq: number };
      history.acked({ room, sender: user, clientId, seq });
      return;
    }
    history.frame(user, name, describeFrame(text));
  }

  #acked(room: string, request: string, answer: string): void {
    const { clientId } = JSON.parse(request) as { clientId: string };
    const { seq } = JSON.parse(answer) as { seq: number };
    this.#options.history.acked({ room, sender: this.#options.user, clientId, seq });
  }
}

const unavailable = (): Response =>
  Response.json({ status: 503, code: 'unavailable', title: 'Not today' }, { status: 503 });

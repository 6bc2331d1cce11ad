import { fetch as undiciFetch, type Dispatcher } from 'undici';
import { WebSocket } from 'ws';
import type { ClientOptions, Socket } from '../../shared/sdk/index.ts';
import type { History } from './history.ts';

export interface TapOptions {
  readonly history: History;
  readonly user: string;
  readonly ca: string;
  readonly dispatcher: Dispatcher;
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
    const request = { ...init, dispatcher: this.#options.dispatcher } as Parameters<typeof undiciFetch>[1];
    const response = await undiciFetch(input as string, request);
    const text = await response.text();
    const sent = /\/rooms\/([^/]+)\/messages$/.exec(new URL(String(input)).pathname);
    if (init?.method === 'POST' && sent?.[1] !== undefined)
      this.#answered(sent[1], String(init.body), response.status, text);
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
    if (text.startsWith('{"type":"ack"')) {
      const { room, clientId, seq } = JSON.parse(text) as { room: string; clientId: string; seq: number };
      this.#options.history.add({ type: 'ack', room, sender: this.#options.user, clientId, seq });
    }
  }

  #answered(room: string, request: string, status: number, text: string): void {
    if (status !== 200 && status !== 201) return;
    const { clientId } = JSON.parse(request) as { clientId: string };
    const { seq } = JSON.parse(text) as { seq: number };
    this.#options.history.add({ type: 'ack', room, sender: this.#options.user, clientId, seq });
  }
}

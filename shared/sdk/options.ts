/** What the engine is made with: the parts that differ between a browser, Node and a test. */
import type { Parting } from './parting.ts';
import type { RoomCache } from './room-cache.ts';
import type { Tabs } from './tabs.ts';
import type { Timing } from './timing.ts';
import type { SendBytes } from './upload.ts';

/** Where the engine keeps what must survive: memory (default), a file in Node, localStorage/IndexedDB in the browser. */
export interface Storage {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
}

/** The part of a WebSocket the engine uses: the browser's and ws's both fit. */
export interface Socket {
  send(data: string): void;
  close(code?: number, reason?: string): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
  onclose: ((event: { readonly code: number; readonly reason: string }) => void) | null;
  onerror: ((event: never) => void) | null;
}

export interface ClientOptions {
  /** e.g. https://localhost:8443; REST under /api/v1, the socket at /ws. */
  readonly origin: string;
  /** Browser: the refresh token is an HttpOnly cookie. Elsewhere it is kept in `storage`. */
  readonly cookies?: boolean;
  readonly storage?: Storage;
  readonly fetch?: typeof globalThis.fetch;
  readonly connect?: (url: string, protocol: string) => Socket;
  /** How bytes go up; XMLHttpRequest in a browser, for its progress. */
  readonly sendBytes?: SendBytes;
  /** For tests: jitter's source. */
  readonly random?: () => number;
  /** For tests: waits in ms that differ from the usual ones. */
  readonly timing?: Partial<Timing>;
  /** How tabs that share `storage` agree; Web Locks with `cookies`, else this process counts as the only one. */
  readonly tabs?: Tabs;
  /** Where what was last seen is kept, to be shown before and without the server; by default it is not. */
  readonly cache?: RoomCache | undefined;
  /** Where a page that goes leaves what it could not store any more, told by `rest(true)`; by default nowhere. */
  readonly parting?: Parting;
  /** Hears of every failure the engine gets over by itself; nothing by default. */
  readonly warn?: (message: string, error: unknown) => void;
}

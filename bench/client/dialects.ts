/** How each system is entered over a WebSocket, and which of its frames are messages. */

export interface Dialect {
  readonly path: string;
  readonly protocols: readonly string[];
  /** What the client says first; undefined where the server speaks first. */
  greeting(token: string, rooms: readonly string[]): string | undefined;
  /** What the client answers to a frame that is no message; undefined: nothing. */
  answer(text: string, token: string): string | undefined;
  isReady(text: string): boolean;
  /** Judged by a byte or two, not parsed: there are hundreds of thousands a second. */
  isMessage(bytes: Buffer, start: number): boolean;
}

const M = 'm'.charCodeAt(0);
const FOUR = '4'.charCodeAt(0);
const TWO = '2'.charCodeAt(0);
/** Where the type's first letter stands in `{"type":"message"…`. */
const TYPE = '{"type":"'.length;
/** Where the event's first letter stands in `42["message"…`. */
const EVENT = '42["'.length;

const parley: Dialect = {
  path: '/ws',
  protocols: ['parley.v1'],
  greeting: (token) => JSON.stringify({ type: 'hello', token }),
  answer: () => undefined,
  isReady: (text) => text.startsWith('{"type":"ready"'),
  isMessage: (bytes, start) => bytes[start + TYPE] === M,
};

/** Engine.IO 4 below Socket.IO 5: `0` open, `2` ping, `40` connect, `42` event. */
const socketIo: Dialect = {
  path: '/socket.io/?EIO=4&transport=websocket',
  protocols: [],
  greeting: () => undefined,
  answer: (text, token) => {
    if (text.startsWith('0')) return `40${JSON.stringify({ token })}`;
    return text === '2' ? '3' : undefined;
  },
  isReady: (text) => text.startsWith('42["ready"'),
  isMessage: (bytes, start) =>
    bytes[start] === FOUR && bytes[start + 1] === TWO && bytes[start + EVENT] === M,
};

const bareWs: Dialect = {
  ...parley,
  path: '/',
  protocols: [],
  greeting: (_token, rooms) => JSON.stringify({ rooms }),
};

export const DIALECTS = { parley, 'socket-io': socketIo, 'bare-ws': bareWs } as const;
export type DialectName = keyof typeof DIALECTS;

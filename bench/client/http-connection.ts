import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
/** Where the status stands in `HTTP/1.1 201 …`. */
const STATUS = 9;

/**
 * One kept-alive HTTP/1.1 connection, one request at a time: the request's bytes are given whole, of the answer only the
 * status and the length are read. So little work that the server, not the caller, is measured.
 */
export class HttpConnection {
  readonly #socket: Socket;
  #pending: { resolve: (status: number) => void; reject: (error: Error) => void } | undefined;
  #held: Buffer | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    const fail = (error: Error): void => {
      this.#pending?.reject(error);
      this.#pending = undefined;
    };
    socket.on('error', fail);
    socket.on('close', () => fail(new Error('the server closed the connection')));
  }

  static async open(port: number, buffer: Buffer): Promise<HttpConnection> {
    return await new Promise((resolve, reject) => {
      const callback = (length: number, bytes: Uint8Array): boolean => {
        connection.receive(bytes as Buffer, length);
        return true;
      };
      const socket = connect({ host: '127.0.0.1', port, noDelay: true, onread: { buffer, callback } });
      const connection = new HttpConnection(socket);
      socket.once('connect', () => resolve(connection));
      socket.once('error', reject);
    });
  }

  /** Resolves with the status once the answer is whole. */
  async request(bytes: string): Promise<number> {
    return await new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#socket.write(bytes);
    });
  }

  close(): void {
    this.#socket.destroy();
  }

  receive(chunk: Buffer, length: number): void {
    const bytes =
      this.#held === undefined
        ? chunk.subarray(0, length)
        : Buffer.concat([this.#held, chunk.subarray(0, length)]);
    const status = wholeAnswer(bytes);
    // The chunk is only lent.
    this.#held = status === undefined ? Buffer.from(bytes) : undefined;
    if (status === undefined) return;
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.resolve(status);
  }
}

/** The status of an answer that is there from head to the last byte of its body; undefined while it is not. */
export function wholeAnswer(bytes: Buffer): number | undefined {
  const end = bytes.indexOf(HEAD_END);
  if (end === -1) return undefined;
  const [, length = '0'] = /\r\ncontent-length: *(\d+)/i.exec(bytes.toString('latin1', 0, end)) ?? [];
  if (bytes.length < end + HEAD_END.length + Number(length)) return undefined;
  return Number(bytes.toString('latin1', STATUS, STATUS + 3));
}

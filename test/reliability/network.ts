import { createSecureContext, TLSSocket, type ConnectionOptions } from 'node:tls';
import { WebSocket, type ClientOptions } from 'ws';
import { Turnstile } from '../../shared/node/turnstile.ts';
import { SOCKET_PATH, SUBPROTOCOL } from '../../shared/wire/protocol.ts';
import type { LogPage } from '../../shared/wire/rest.ts';
import { call, type Place } from '../support/person.ts';

/** ms from opening a socket until the upgrade is answered. */
const HANDSHAKE = 10_000;
const READ_TIMEOUT = 10_000;
/** Log reads of all readers together that are under way at once. */
const READS_AT_ONCE = 32;
/**
 * Sockets that are being opened at once. In life each belongs to a machine of its own; here one process does all their
 * handshakes, and with thousands at once each would take longer than its patience.
 */
const OPENINGS_AT_ONCE = 200;

/**
 * What all sockets of a run share: the certificates, and a TLS session, which a browser also resumes. Thousands of
 * readers in one process would otherwise spend its time on handshakes.
 */
export class Network {
  readonly #place: Place;
  readonly #secureContext: ReturnType<typeof createSecureContext>;
  readonly #reading = new Turnstile(READS_AT_ONCE);
  readonly #opening = new Turnstile(OPENINGS_AT_ONCE);
  #session: Buffer | undefined;
  #reads = 0;

  constructor(place: Place) {
    this.#place = place;
    this.#secureContext = createSecureContext({ ca: place.ca });
  }

  /** Log reads so far: what the gateways left to the readers. */
  get reads(): number {
    return this.#reads;
  }

  /** A socket that opens, once it is its turn; `settled` is to be called when it is ready, or closed. */
  async open(): Promise<{ readonly socket: WebSocket; readonly settled: () => void }> {
    const settled = await this.#opening.enter();
    return { socket: this.#connect(), settled };
  }

  /** One answer of the log, undefined where there is none. */
  async log(token: string, room: string, after: number): Promise<LogPage | undefined> {
    const done = await this.#reading.enter();
    this.#reads += 1;
    try {
      const path = `/rooms/${room}/log?after=${after}`;
      const raw = { signal: AbortSignal.timeout(READ_TIMEOUT) };
      const { status, body } = await call<LogPage>(this.#place, 'GET', path, { token, raw });
      return status === 200 ? body : undefined;
    } catch {
      return undefined; // asked again
    } finally {
      done();
    }
  }

  #connect(): WebSocket {
    // ws hands whatever else it is given to tls.connect.
    const options: ClientOptions & ConnectionOptions = {
      handshakeTimeout: HANDSHAKE,
      perMessageDeflate: false,
      secureContext: this.#secureContext,
      ...(this.#session === undefined ? {} : { session: this.#session }),
    };
    const url = `${this.#place.origin.replace(/^http/, 'ws')}${SOCKET_PATH}`;
    const socket = new WebSocket(url, SUBPROTOCOL, options);
    if (this.#session === undefined)
      // By now the server has sent its ticket.
      socket.once('upgrade', ({ socket: stream }) => {
        if (stream instanceof TLSSocket) this.#session = stream.getSession();
      });
    return socket;
  }
}

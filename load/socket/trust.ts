import type { Socket } from 'node:net';
import { type ConnectionOptions, createSecureContext, type SecureContext, TLSSocket } from 'node:tls';

export interface TrustOptions {
  /** PEM of the authority that signed the server's certificate; the system's own where none is given. */
  readonly ca?: string | undefined;
  /** False takes any certificate. */
  readonly rejectUnauthorized?: boolean | undefined;
  /** Whether sockets resume the session of one before, as a browser that comes back does (yes). */
  readonly resume?: boolean | undefined;
}

/** What all TLS sockets to one server share: the certificates, read once, and the last session's ticket. */
export class Trust {
  readonly #context: SecureContext;
  readonly #rejectUnauthorized: boolean;
  readonly #resumes: boolean;
  #session: Buffer | undefined;

  constructor({ ca, rejectUnauthorized = true, resume = true }: TrustOptions = {}) {
    this.#context = createSecureContext(ca === undefined ? {} : { ca });
    this.#rejectUnauthorized = rejectUnauthorized;
    this.#resumes = resume;
  }

  /** For `tls.connect`. */
  options(): ConnectionOptions {
    return {
      secureContext: this.#context,
      rejectUnauthorized: this.#rejectUnauthorized,
      ...(this.#session === undefined ? {} : { session: this.#session }),
    };
  }

  /** Keeps the ticket of the first socket whose upgrade is done: by then the server has sent it. */
  learn(stream: Socket): void {
    if (this.#resumes && this.#session === undefined && stream instanceof TLSSocket)
      this.#session = stream.getSession();
  }
}

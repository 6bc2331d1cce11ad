import { lookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './address.ts';

/** Nothing may be fetched there. */
export class Forbidden extends Error {
  override readonly name = 'Forbidden';
}

export type Resolve = (name: string) => Promise<readonly LookupAddress[]>;

const PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/**
 * Decides what a node may fetch for people: http and https on their own ports, from addresses of the open internet. `allowed`
 * names exceptions as `host:port`.
 */
export class Gate {
  readonly #allowed: ReadonlySet<string>;
  readonly #resolve: Resolve;

  constructor(options: { readonly allowed?: readonly string[]; readonly resolve?: Resolve } = {}) {
    this.#allowed = new Set(options.allowed);
    this.#resolve = options.resolve ?? resolveAll;
  }

  /** Throws Forbidden unless `url` may be asked for; its name is judged when it is connected to. */
  check(url: URL): void {
    const usual = PORTS[url.protocol];
    if (usual === undefined) throw new Forbidden('only the web is fetched');
    if (url.username !== '' || url.password !== '') throw new Forbidden('nothing is fetched with a password');
    const port = url.port === '' ? usual : url.port;
    if (this.#isAllowed(url.hostname, port)) return;
    if (port !== usual) throw new Forbidden('only usual ports are fetched from');
    const host = url.hostname.replace(/^\[|\]$/g, '');
    // Connections to an address ask for no name.
    if (isIP(host) !== 0 && !isPublicAddress(host)) throw new Forbidden('not an address of the internet');
  }

  /**
   * The only resolver of connections for `url`: gives addresses that were checked, so that what is connected to is what was
   * judged, however often the name changes its mind. One forbidden address refuses all.
   */
  lookupFor(url: URL): LookupFunction {
    const port = url.port === '' ? (PORTS[url.protocol] ?? '') : url.port;
    const trusted = this.#isAllowed(url.hostname, port);
    return (name, options, done) => {
      this.#resolve(name).then(
        (addresses) => {
          const [first] = addresses;
          const isFine = trusted || addresses.every(({ address }) => isPublicAddress(address));
          if (first === undefined || !isFine) done(new Forbidden('not an address of the internet'), '', 4);
          else if (options.all) done(null, [...addresses]);
          else done(null, first.address, first.family);
        },
        (error: unknown) => {
          done(error instanceof Error ? error : new Error(String(error)), '', 4);
        },
      );
    };
  }

  #isAllowed(host: string, port: string): boolean {
    return this.#allowed.has(`${host}:${port}`);
  }
}

const resolveAll: Resolve = (name) =>
  new Promise((resolve, reject) => {
    lookup(name, { all: true }, (error, addresses) => {
      if (error === null) resolve(addresses);
      else reject(error);
    });
  });

import { renderTemplate } from './template.ts';

/** An NGINX's configuration, as the template needs it. */
export interface NginxSettings {
  /** Folder for its pid and temporary files. */
  readonly run: string;
  /** The account of its workers, when the master runs as root. */
  readonly user?: string | undefined;
  readonly accessLog: string;
  readonly errorLog: string;
  readonly mimeTypes: string;
  readonly workers: number | 'auto';
  readonly connections: number;
  readonly files: number;
  readonly certificate: string;
  readonly key: string;
  /** Addresses to listen on, such as "127.0.0.1:8443". */
  readonly https: readonly string[];
  readonly http: readonly string[];
  /** The port people see in https://host:port. */
  readonly publicPort: number;
  /** `host:port` of each node, or a name with ` resolve` behind it together with `resolver`. */
  readonly api: readonly string[];
  readonly gateways: readonly string[];
  /** The DNS server for names with `resolve`; needs NGINX 1.27.3. */
  readonly resolver?: string | undefined;
  /** Folder of the built client. */
  readonly client: string;
  /** `host:port` of a Vite server that stands in for the built client. */
  readonly vite?: string | undefined;
  /** How long browsers shall insist on HTTPS for this host, on every port of it. */
  readonly hstsSeconds: number;
  /** NGINX's version, which decides how HTTP/2 is spelled. */
  readonly version: string;
}

/** Uploads are counted by the API; this only stops the absurd. */
const UPLOAD_LIMIT = '101m';
/** Since then `http2 on` is a directive of its own. */
const HTTP2_DIRECTIVE = [1, 25, 1] as const;

/** The text of nginx.conf for these settings; `template` is the text of nginx.conf.template. */
export function renderNginx(template: string, settings: NginxSettings): string {
  const modern = isAtLeast(settings.version, HTTP2_DIRECTIVE);
  const resolve = settings.resolver === undefined ? '' : ' resolve';
  return renderTemplate(template, {
    run: settings.run,
    user: settings.user,
    accessLog: settings.accessLog,
    errorLog: settings.errorLog,
    mimeTypes: settings.mimeTypes,
    workers: settings.workers,
    connections: settings.connections,
    files: settings.files,
    certificate: settings.certificate,
    key: settings.key,
    listen: settings.https.map((address) => `${address} ssl${modern ? '' : ' http2'}`),
    http2: modern,
    httpListen: settings.http,
    publicPort: settings.publicPort === 443 ? '' : `:${settings.publicPort}`,
    api: settings.api.map((node) => `${node}${resolve}`),
    gateways: settings.gateways.map((node) => `${node}${resolve}`),
    resolver: settings.resolver,
    client: settings.client,
    vite: settings.vite,
    static: settings.vite === undefined,
    hstsSeconds: settings.hstsSeconds,
    uploadLimit: UPLOAD_LIMIT,
  });
}

function isAtLeast(version: string, wanted: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, number] of wanted.entries()) {
    const part = parts[index] ?? 0;
    if (part !== number) return part > number;
  }
  return true;
}

/**
 * `tsx nginx/compose.ts [PUBLIC_PORT]`: nginx.conf for the image that docker-compose.yml builds, on standard output.
 * Names of the services are looked up again every 5 s, so `--scale` needs no restart.
 */
import { readFile } from 'node:fs/promises';
import { renderNginx, type NginxSettings } from './render.ts';

/** The image's own facts: its workers run as the user `nginx`, and it may write to /tmp only. */
export const COMPOSE: NginxSettings = {
  run: '/tmp',
  accessLog: '/dev/stdout',
  errorLog: 'stderr',
  mimeTypes: '/etc/nginx/mime.types',
  workers: 'auto',
  connections: 16_384,
  files: 32_768,
  certificate: '/tls/server.crt',
  key: '/tls/server.key',
  https: ['8443'],
  http: ['8080'],
  publicPort: 8443,
  api: ['api:8081'],
  gateways: ['gateway:8083'],
  resolver: '127.0.0.11',
  client: '/usr/share/nginx/parley',
  hstsSeconds: 31_536_000,
  version: '1.30.4',
};

if (import.meta.filename === process.argv[1]) {
  const publicPort = Number(process.argv[2] ?? COMPOSE.publicPort);
  const template = await readFile(new URL('nginx.conf.template', import.meta.url), 'utf8');
  process.stdout.write(renderNginx(template, { ...COMPOSE, publicPort }));
}

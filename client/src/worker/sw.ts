/**
 * The service worker: keeps the client's own files, so that a reload works with the server down. It never touches what the
 * API answers. `__SHELL__` is filled in by the build with the names of the files; any change of them is a new version.
 */
/// <reference lib="webworker" />
import { isForShell, type Shell } from './shell.ts';

declare const __SHELL__: Shell;
declare const self: ServiceWorkerGlobalScope;

const { version, files } = __SHELL__;
const PREFIX = 'parley-shell-';
const CACHE = `${PREFIX}${version}`;
const PAGE = '/index.html';

self.addEventListener('install', (event) => {
  event.waitUntil(fill());
});

self.addEventListener('activate', (event) => {
  event.waitUntil(takeOver());
});

// The page asks for it when its reader does: nothing is exchanged under an open page.
self.addEventListener('message', (event) => {
  if (event.data === 'take-over') void self.skipWaiting();
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (isForShell(request.mode, url.pathname)) event.respondWith(held(PAGE, request));
  else if (files.includes(url.pathname)) event.respondWith(held(url.pathname, request));
});

async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  // What is named by its content may come from the browser's own cache; the rest must be as the server has it now.
  await cache.addAll(
    files.map((file) => new Request(file, { cache: file.startsWith('/assets/') ? 'default' : 'no-cache' })),
  );
}

async function takeOver(): Promise<void> {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function held(file: string, request: Request): Promise<Response> {
  const cache = await caches.open(CACHE);
  return (await cache.match(file)) ?? (await fetch(request));
}

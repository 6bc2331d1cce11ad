import type { Page } from 'playwright-core';
import type { TestCluster } from '../support/cluster.ts';

/** Waits until the client's files are kept for a reload without a server. */
export const isKept = (page: Page): Promise<unknown> =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });

/** Waits until a message with this text is in the cache. */
export async function holds(page: Page, text: string): Promise<void> {
  for (;;) {
    // The stores come by name: the logs first.
    const [, logs] = JSON.parse(await contents(page, 'parley-cache')) as unknown[];
    if (JSON.stringify(logs ?? []).includes(text)) return;
    await page.waitForTimeout(50);
  }
}

/** Waits until a kept thread has this text, or none has. */
export async function threadsHold(page: Page, text: string, isHeld = true): Promise<void> {
  for (;;) {
    // Of four stores by name: the last.
    const threads = (JSON.parse(await contents(page, 'parley-cache')) as unknown[])[4];
    if (JSON.stringify(threads ?? []).includes(text) === isHeld) return;
    await page.waitForTimeout(50);
  }
}

/** All that IndexedDB (or one database of it) and localStorage hold, as text. */
export const contents = (page: Page, only?: string): Promise<string> =>
  page.evaluate(async (wanted) => {
    const found: unknown[] = [{ ...localStorage }];
    const names = (await indexedDB.databases()).flatMap(({ name }) => name ?? []);
    for (const name of names.filter((known) => wanted === undefined || known === wanted)) {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => resolve(opening.result);
      });
      for (const store of database.objectStoreNames)
        found.push(
          await new Promise((resolve) => {
            const reading = database.transaction(store).objectStore(store).getAll();
            reading.onsuccess = () => resolve(reading.result);
          }),
        );
      database.close();
    }
    return JSON.stringify(found);
  }, only);

/** How many rooms' messages are in the cache. */
export async function roomsKept(page: Page): Promise<number> {
  const [, logs] = JSON.parse(await contents(page, 'parley-cache')) as unknown[];
  return Array.isArray(logs) ? logs.length : 0;
}

/**
 * Once a page says so in `localStorage['test.held']`, its questions are never answered, not even by a refusal, and no wait of it
 * of 100 ms or more ever ends: what it shows then, it shows without either. `shownAt` is when the first message stood there
 * (ms since the page began). For `addInitScript`.
 */
export const HELD = `
  const held = () => localStorage.getItem('test.held') !== null;
  const [fetch, Socket, wait] = [globalThis.fetch, globalThis.WebSocket, globalThis.setTimeout];
  globalThis.fetch = (...args) => (held() ? new Promise(() => {}) : fetch(...args));
  globalThis.WebSocket = function (...args) {
    return held() ? { send() {}, close() {} } : new Socket(...args);
  };
  globalThis.setTimeout = (work, ms, ...args) => (held() && ms >= 100 ? 0 : wait(work, ms, ...args));
  const look = () => {
    if (document.querySelector('[data-testid=messages] article') === null) requestAnimationFrame(look);
    else requestAnimationFrame(() => (globalThis.shownAt = Math.round(performance.now())));
  };
  look();
`;

/** Lets the page's network hold from now on, also over reloads; or ends that with the next reload. */
export const hold = (page: Page, on = true): Promise<unknown> =>
  page.evaluate((held) => {
    if (held) localStorage.setItem('test.held', '');
    else localStorage.removeItem('test.held');
  }, on);

/** Runs `during` with NGINX, the API nodes and the gateways all stopped. */
export async function withoutServers({ cluster }: TestCluster, during: () => Promise<void>): Promise<void> {
  const names = ['nginx', 'gateway-1', 'gateway-2', 'api-1', 'api-2'];
  const processes = names.map((name) => cluster.process(name));
  await Promise.all(processes.map((process) => process.stop()));
  try {
    await during();
  } finally {
    await Promise.all(processes.map((process) => process.start()));
  }
}

import type { Browser, Page } from 'playwright-core';
import { median } from '../measure/stats.ts';
import { firstSeen, openEyes, until } from './eye.ts';
import { openContext, signIn, type Scene } from './scene.ts';

export interface LoadingFigures extends Readonly<Record<string, number>> {
  /** Bytes over the wire: the client's own files, and with the API's answers. */
  readonly signInBytes: number;
  readonly signInMs: number;
  readonly conversationBytes: number;
  readonly conversationAllBytes: number;
  readonly coldMs: number;
  readonly warmMs: number;
}
interface Bytes {
  readonly files: number;
  readonly all: number;
}

const VISITS = 5;
const PREPARED = `(async () => {
  await navigator.serviceWorker.ready;
  const names = await caches.keys();
  const kept = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).length));
  return kept.some((count) => count > 0);
})()`;

/** First visits with nothing kept, and later ones with a service worker and a cache. */
export async function measureLoading(browser: Browser, scene: Scene): Promise<LoadingFigures> {
  const first = await firstVisits(browser, scene);
  const context = await openContext(browser, scene, 'allow');
  const page = await context.newPage();
  await openEyes(page);
  await page.goto('/');
  await signIn(page, scene);
  await page.goto(`/r/${scene.small[0]?.id ?? ''}`);
  await firstSeen(page, 'conversation');
  await until(page, PREPARED);
  const warm: number[] = [];
  for (let n = 0; n < VISITS; n += 1) {
    await page.reload();
    warm.push(await firstSeen(page, 'conversation'));
  }
  await context.close();
  return { ...first, warmMs: median(warm) };
}

async function firstVisits(browser: Browser, scene: Scene) {
  const context = await openContext(browser, scene, 'block');
  const page = await context.newPage();
  await openEyes(page);
  const signInBytes = await transferred(page, async () => {
    await page.goto('/');
    await firstSeen(page, 'sign-in');
  });
  const signInMs = await firstSeen(page, 'sign-in');
  await signIn(page, scene);
  await forgetAll(page);
  const bytes = await transferred(page, async () => {
    await page.goto(`/r/${scene.small[0]?.id ?? ''}`);
    await firstSeen(page, 'conversation');
  });
  const coldMs = await firstSeen(page, 'conversation');
  await context.close();
  return {
    ...{ signInMs, coldMs, signInBytes: signInBytes.files },
    ...{ conversationBytes: bytes.files, conversationAllBytes: bytes.all },
  };
}

/** Leaves the session alone: the browser's cache and what was kept of the rooms go. */
async function forgetAll(page: Page): Promise<void> {
  await page.evaluate(`new Promise((resolve, reject) => {
    const deleting = indexedDB.deleteDatabase('parley-cache');
    deleting.onsuccess = resolve;
    deleting.onerror = reject;
  })`);
  await page.goto('about:blank');
  const session = await page.context().newCDPSession(page);
  await session.send('Network.clearBrowserCache');
  await session.detach();
}

/** What comes over the wire, as long as it is on its way: compressed, with headers. */
async function transferred(page: Page, visit: () => Promise<unknown>): Promise<Bytes> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const apart = new Set<string>();
  let [files, api] = [0, 0];
  session.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (new URL(request.url).pathname.startsWith('/api/')) apart.add(requestId);
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (apart.has(requestId)) api += encodedDataLength;
    else files += encodedDataLength;
  });
  await visit();
  await page.waitForLoadState('networkidle');
  await session.detach();
  return { files, all: files + api };
}

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
  /** Of files that were asked for only when one could read and write. */
  readonly idleBytes: number;
  readonly coldMs: number;
  readonly warmMs: number;
}
type Screen = 'sign-in' | 'conversation';
interface Bytes {
  readonly files: number;
  readonly all: number;
  readonly later: number;
}
interface Transfer {
  readonly isFile: boolean;
  /** ms since the epoch. */
  readonly begun: number;
  bytes: number;
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
  const signInBytes = await transferred(page, 'sign-in', '/');
  const signInMs = await firstSeen(page, 'sign-in');
  await signIn(page, scene);
  await forgetAll(page);
  const bytes = await transferred(page, 'conversation', `/r/${scene.small[0]?.id ?? ''}`);
  const coldMs = await firstSeen(page, 'conversation');
  await context.close();
  return {
    ...{ signInMs, coldMs, signInBytes: signInBytes.files },
    ...{ conversationBytes: bytes.files, conversationAllBytes: bytes.all, idleBytes: bytes.later },
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

/**
 * What comes over the wire, compressed, with headers: all that was asked for before the screen stood there, however late it
 * comes, and apart from it what was asked for behind that.
 */
async function transferred(page: Page, screen: Screen, path: string): Promise<Bytes> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const transfers = new Map<string, Transfer>();
  session.on('Network.requestWillBeSent', ({ requestId, request, wallTime }) => {
    const isFile = !new URL(request.url).pathname.startsWith('/api/');
    transfers.set(requestId, { isFile, begun: wallTime * 1_000, bytes: 0 });
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const transfer = transfers.get(requestId);
    if (transfer !== undefined) transfer.bytes = encodedDataLength;
  });
  await page.goto(path);
  const seen = await firstSeen(page, screen);
  await page.waitForLoadState('networkidle');
  await session.detach();
  const moment = (await page.evaluate<number>('performance.timeOrigin')) + seen;
  const sum = (test: (transfer: Transfer) => boolean): number =>
    [...transfers.values()].filter(test).reduce((total, { bytes }) => total + bytes, 0);
  return {
    files: sum(({ isFile, begun }) => isFile && begun <= moment),
    all: sum(({ begun }) => begun <= moment),
    later: sum(({ isFile, begun }) => isFile && begun > moment),
  };
}

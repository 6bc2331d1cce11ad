import type { Browser } from 'playwright-core';
import { median } from '../measure/stats.ts';
import { firstSeen, openEyes, seenWhen } from './eye.ts';
import { openContext, signIn, type Scene } from './scene.ts';
import { readAhead } from './using.ts';

export interface OfflineFigures extends Readonly<Record<string, number>> {
  readonly offlineMs: number;
}

const VISITS = 5;
const DRAFT = 'half a thought';
const QUEUED = 'in the storm';

/** A reload with every server stopped, until all that was kept stands there. `stop` ends the servers. */
export async function measureOffline(
  browser: Browser,
  scene: Scene,
  stop: () => Promise<void>,
): Promise<OfflineFigures> {
  const context = await openContext(browser, scene, 'allow');
  const page = await context.newPage();
  await openEyes(page);
  await page.goto('/');
  await signIn(page, scene);
  await page.goto(`/r/${scene.small[0]?.id ?? ''}`);
  await firstSeen(page, 'conversation');
  await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
  await readAhead(page, scene.small.length + 1);
  await stop();
  const composer = page.getByRole('textbox', { name: /^Message / });
  await composer.fill(QUEUED);
  await composer.press('Enter');
  await page.getByRole('article').filter({ hasText: QUEUED }).waitFor();
  await composer.fill(DRAFT);
  const all = [
    `document.querySelectorAll('a[href^="/r/"]').length >= 10`,
    `eye.list()?.querySelectorAll('article').length > 5`,
    `eye.list().textContent.includes('${QUEUED}')`,
    `document.querySelector('textarea')?.value === '${DRAFT}'`,
  ].join(' && ');
  const times: number[] = [];
  for (let n = 0; n < VISITS; n += 1) {
    await page.reload();
    times.push(await seenWhen(page, 'all', all));
  }
  await context.close();
  return { offlineMs: median(times) };
}

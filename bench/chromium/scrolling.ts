import type { Browser } from 'playwright-core';
import { firstSeen, openEyes } from './eye.ts';
import { openContext, signIn, type Scene } from './scene.ts';

export interface ScrollFigures extends Readonly<Record<string, number>> {
  readonly scrolled: number;
  readonly frames: number;
  /** Over 50 ms. */
  readonly longFrames: number;
  readonly longestFrame: number;
  readonly rows: number;
}

/** px a frame: 1,000 px is more than a screen of 900 px sixty times a second. */
const UP = 1_000;
const DOWN = 400;
const SECONDS_DOWN = 15;

/** Up through everything as it is loaded, to the first message; then down again, with all of it there. */
const SCROLL = `(async () => {
  const list = eye.list();
  const found = { scrolled: 0, frames: 0, longFrames: 0, longestFrame: 0, rows: 0 };
  const frame = () => new Promise(requestAnimationFrame);
  let last = await frame();
  const step = async (px) => {
    list.dispatchEvent(new WheelEvent('wheel', { deltaY: px }));
    list.scrollTop += px;
    const now = await frame();
    found.frames += 1;
    if (now - last > 50) found.longFrames += 1;
    found.longestFrame = Math.max(found.longestFrame, now - last);
    found.rows = Math.max(found.rows, list.querySelectorAll('article').length);
    last = now;
  };
  const isFirst = () => list.scrollTop === 0 && list.querySelector('[data-seq="1"], [data-seq="2"]') !== null;
  const giveUp = performance.now() + 60000;
  while (!isFirst() && performance.now() < giveUp) await step(-${UP});
  found.scrolled = list.scrollHeight;
  const end = performance.now() + ${SECONDS_DOWN * 1_000};
  while (performance.now() < end) await step(${DOWN});
  return { ...found, reached: isFirst() || found.scrolled };
})()`;

export async function measureScrolling(browser: Browser, scene: Scene): Promise<ScrollFigures> {
  const context = await openContext(browser, scene, 'block');
  const page = await context.newPage();
  await openEyes(page);
  await page.goto('/');
  await signIn(page, scene);
  await page.goto(`/r/${scene.long.id}`);
  await firstSeen(page, 'conversation');
  const figures = await page.evaluate<ScrollFigures>(SCROLL);
  await context.close();
  return figures;
}

import type { Browser, Page } from 'playwright-core';
import { percentile } from '../measure/stats.ts';
import { firstSeen, openEyes, seenWhen, until } from './eye.ts';
import { openContext, signIn, type Room, type Scene } from './scene.ts';

export interface UsingFigures extends Readonly<Record<string, number>> {
  readonly switchP50: number;
  readonly switchP95: number;
  readonly arrivals: number;
  readonly keyP50: number;
  readonly keyP95: number;
  readonly keyMax: number;
}

const RATE = 100;
const KEYS = 200;
const SWITCHES = 60;

const sorted = (values: readonly number[]): readonly number[] => values.toSorted((a, b) => a - b);

/** Switching between rooms that are kept, and typing while others write. */
export async function measureUsing(browser: Browser, scene: Scene): Promise<UsingFigures> {
  const context = await openContext(browser, scene, 'allow');
  const page = await context.newPage();
  await openEyes(page);
  await page.goto('/');
  await signIn(page, scene);
  await page.goto(`/r/${scene.small[0]?.id ?? ''}`);
  await firstSeen(page, 'conversation');
  await readAhead(page, scene.small.length + 1);
  const rooms = [scene.long, ...scene.small.slice(0, 19)];
  const times: number[] = [];
  // Once around first: code is compiled when it first runs.
  for (let n = 0; n < rooms.length + SWITCHES; n += 1) {
    const took = await switchTo(page, rooms[n % rooms.length] ?? scene.long);
    if (n >= rooms.length) times.push(took);
  }
  await switchTo(page, scene.long);
  const typed = await typing(page, scene);
  await context.close();
  const at = (values: readonly number[], share: number): number => percentile(sorted(values), share);
  return {
    ...{ switchP50: at(times, 0.5), switchP95: at(times, 0.95), arrivals: typed.arrivals },
    ...{ keyP50: at(typed.delays, 0.5), keyP95: at(typed.delays, 0.95), keyMax: at(typed.delays, 1) },
  };
}

/** Waits until the newest messages of that many rooms are kept in the browser. */
export async function readAhead(page: Page, rooms: number): Promise<void> {
  await until(
    page,
    `new Promise((resolve, reject) => {
      const opening = indexedDB.open('parley-cache');
      opening.onerror = reject;
      opening.onsuccess = () => {
        const counting = opening.result.transaction('logs').objectStore('logs').count();
        counting.onsuccess = () => {
          opening.result.close();
          resolve(counting.result >= ${rooms});
        };
      };
    })`,
  );
}

/** ms from the click on a room in the list to the painting in which its messages stand. */
async function switchTo(page: Page, { id }: Room): Promise<number> {
  return page.evaluate(`(async () => {
    const before = eye.list();
    const link = document.querySelector('a[href="/r/${id}"]');
    const start = performance.now();
    link.click();
    return (await eye.until('switch', () => eye.list() !== before && eye.message() !== null)) - start;
  })()`);
}

/** From each key to the painting behind it, while others write into the open room. */
async function typing(
  page: Page,
  { writer, long }: Scene,
): Promise<{ readonly delays: readonly number[]; readonly arrivals: number }> {
  await page.getByRole('textbox', { name: /^Message / }).click();
  await page.evaluate(`(() => {
    eye.delays = [];
    addEventListener('keydown', async ({ timeStamp }) => eye.delays.push((await eye.painted()) - timeStamp));
  })()`);
  const stop = flood(RATE, (n) => writer.say(long.id, `Live ${n}`));
  const begin = performance.now();
  for (let n = 0; n < KEYS; n += 1) {
    await page.keyboard.press(n % 6 === 5 ? 'Space' : 'KeyA');
    await page.waitForTimeout(50);
  }
  const seconds = (performance.now() - begin) / 1_000;
  const sent = await stop();
  await seenWhen(page, 'the last', `eye.list().textContent.includes('Live ${sent}')`);
  return { delays: await page.evaluate('eye.delays'), arrivals: sent / seconds };
}

/** Calls `act` so many times a second; the stop waits for what is under way and gives how many there were. */
function flood(rate: number, act: (n: number) => Promise<void>): () => Promise<number> {
  const begin = performance.now();
  const under = new Set<Promise<void>>();
  const errors: unknown[] = [];
  let count = 0;
  const timer = setInterval(() => {
    while (count < ((performance.now() - begin) * rate) / 1_000) {
      count += 1;
      const acting = act(count).catch((error: unknown) => void errors.push(error));
      under.add(acting);
      void acting.finally(() => under.delete(acting));
    }
  }, 5);
  return async () => {
    clearInterval(timer);
    await Promise.all(under);
    if (errors.length > 0) throw errors[0];
    return count;
  };
}

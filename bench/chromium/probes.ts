import type { Page } from 'playwright-core';
import { percentile } from '../measure/stats.ts';
import type { Scene } from './scene.ts';

/** ms, of many samples. */
export interface Spread {
  readonly p50: number;
  readonly p99: number;
}

const spreadOf = (samples: readonly number[]): Spread => {
  const sorted = samples.toSorted((a, b) => a - b);
  return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
};

/** Notes in the page when the first message is drawn and the composer can be typed into. */
export async function noteArrival(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const look = (): void => {
      const list = document.querySelector('[data-testid=messages]:not(.invisible)');
      if (
        list?.querySelector('article') !== null &&
        list !== null &&
        document.querySelector('textarea') !== null
      )
        Object.assign(globalThis, { arrived: performance.now() });
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}

/** ms from the beginning of the navigation until one can read and write. */
export async function arrival(page: Page): Promise<number> {
  await page.waitForFunction(() => 'arrived' in globalThis);
  return page.evaluate(() => (globalThis as unknown as { arrived: number }).arrived);
}

/** Bytes that come over the wire for the client itself (its API's answers apart) until the page is still. */
export async function transfer(page: Page, visit: () => Promise<unknown>): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  const apart = new Set<string>();
  let bytes = 0;
  session.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (new URL(request.url).pathname.startsWith('/api/')) apart.add(requestId);
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (!apart.has(requestId)) bytes += encodedDataLength;
  });
  await visit();
  await page.waitForLoadState('networkidle');
  await session.detach();
  return bytes;
}

/** From each key to the frame that follows it, while `rate` messages a second arrive in the open room. */
export async function inputDelay(page: Page, scene: Scene, rate: number, keys: number): Promise<Spread> {
  const room = scene.long.id;
  const errors: unknown[] = [];
  const under = new Set<Promise<void>>();
  let sent = 0;
  const timer = setInterval(() => {
    const person = scene.others[sent % scene.others.length];
    sent += 1;
    const saying = (person?.say(room, `Live ${sent}`) ?? Promise.resolve()).catch((error: unknown) => {
      errors.push(error);
    });
    under.add(saying);
    void saying.finally(() => under.delete(saying));
  }, 1_000 / rate);
  try {
    await page.getByRole('textbox', { name: /^Message / }).click();
    await page.evaluate(() => {
      const delays: number[] = [];
      Object.assign(globalThis, { delays });
      addEventListener('keydown', ({ timeStamp }) => {
        requestAnimationFrame(() => {
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => delays.push(performance.now() - timeStamp);
          port2.postMessage(undefined);
        });
      });
    });
    for (let n = 0; n < keys; n += 1) {
      await page.keyboard.press(n % 6 === 5 ? 'Space' : 'KeyA');
      await page.waitForTimeout(60);
    }
  } finally {
    clearInterval(timer);
    await Promise.all(under);
  }
  if (errors.length > 0) throw errors[0];
  return spreadOf(await page.evaluate(() => (globalThis as unknown as { delays: number[] }).delays));
}

/** From the click on a room in the list to the frame in which its newest message stands. */
export async function switching(page: Page, rooms: readonly { readonly id: string }[]): Promise<Spread> {
  const samples: number[] = [];
  for (const { id } of rooms)
    samples.push(
      await page.evaluate(async (room) => {
        const link = document.querySelector<HTMLElement>(`a[data-room="${room}"], a[href="/r/${room}"]`);
        const before = document.querySelector('[data-testid=messages]');
        const start = performance.now();
        link?.click();
        for (;;) {
          await new Promise(requestAnimationFrame);
          const list = document.querySelector('[data-testid=messages]:not(.invisible)');
          if (list !== null && list !== before && list.querySelector('article') !== null) break;
          if (performance.now() - start > 10_000) throw new Error('the room does not open');
        }
        return performance.now() - start;
      }, id),
    );
  return spreadOf(samples);
}

export interface Scrolling {
  readonly frames: number;
  readonly slow: number;
  readonly longest: number;
  readonly rows: number;
}

/** Loads the open room to its beginning, then scrolls through all of it. */
export function scrolling(page: Page, seconds: number): Promise<Scrolling> {
  return page.getByTestId('messages').evaluate(async (list, duration) => {
    const frame = (): Promise<number> => new Promise(requestAnimationFrame);
    for (let still = 0; still < 120; still += 1) {
      const before = list.scrollHeight;
      list.dispatchEvent(new WheelEvent('wheel'));
      list.scrollTop = 0;
      await frame();
      if (list.scrollHeight !== before) still = 0;
    }
    const end = performance.now() + duration * 1_000;
    const step = (list.scrollHeight - list.clientHeight) / (duration * 60);
    let [last, frames, slow, longest, rows] = [await frame(), 0, 0, 0, 0];
    while (performance.now() < end) {
      list.dispatchEvent(new WheelEvent('wheel'));
      list.scrollTop += step;
      const now = await frame();
      frames += 1;
      slow += now - last > 50 ? 1 : 0;
      longest = Math.max(longest, now - last);
      rows = Math.max(rows, list.querySelectorAll('article').length);
      last = now;
    }
    return { frames, slow, longest, rows };
  }, seconds);
}

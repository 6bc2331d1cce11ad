import type { Locator } from 'playwright-core';
import type { BrowserPerson } from '../support/browser.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** One finger on the screen, until `act` is done. */
export async function withFinger(
  { context, page }: BrowserPerson,
  act: (put: (point: Point) => Promise<void>, move: (point: Point) => Promise<void>) => Promise<void>,
): Promise<void> {
  const session = await context.newCDPSession(page);
  const send =
    (type: 'touchStart' | 'touchMove') =>
    async (point: Point): Promise<void> => {
      await session.send('Input.dispatchTouchEvent', { type, touchPoints: [point] });
    };
  await act(send('touchStart'), send('touchMove'));
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await session.detach();
}

/** A finger rests on it, beside what it holds, until what can be done with it is there; gives that. */
export async function longPress(person: BrowserPerson, row: Locator): Promise<Locator> {
  await row.scrollIntoViewIfNeeded();
  const box = await row.boundingBox();
  const point = { x: (box?.x ?? 0) + 120, y: (box?.y ?? 0) + 8 };
  const menu = person.page.getByRole('dialog');
  await withFinger(person, async (put) => {
    await put(point);
    await menu.waitFor();
  });
  return menu;
}

/** What can be done with a message by a finger: holds it, and taps `name`. */
export async function choose(person: BrowserPerson, row: Locator, name: string): Promise<void> {
  const menu = await longPress(person, row);
  await menu.getByRole('button', { name, exact: true }).tap();
}

/** A finger goes over it sideways, in steps as a screen reports them. */
export async function swipe(person: BrowserPerson, row: Locator, by: number): Promise<void> {
  const box = await row.boundingBox();
  const [x, y] = [(box?.x ?? 0) + (by > 0 ? 60 : 260), (box?.y ?? 0) + (box?.height ?? 0) / 2];
  await withFinger(person, async (put, move) => {
    await put({ x, y });
    for (let step = 1; step <= 8; step += 1) await move({ x: x + (by * step) / 8, y });
  });
}

/** A finger pushes what is under it upwards by so many px, or downwards; ends when it is off the screen again. */
export async function push(person: BrowserPerson, target: Locator, by: number): Promise<void> {
  const box = await target.boundingBox();
  const x = (box?.x ?? 0) + (box?.width ?? 0) / 2;
  const [top, bottom] = [box?.y ?? 0, Math.min((box?.y ?? 0) + (box?.height ?? 0), 844)];
  const y = by > 0 ? bottom - 40 : top + 40;
  await withFinger(person, async (put, move) => {
    await put({ x, y });
    for (let step = 1; step <= 8; step += 1) await move({ x, y: y - (by * step) / 8 });
  });
}

/** What a finger set going has come to rest: until then a tap would only stop it. */
export async function still({ page }: BrowserPerson): Promise<void> {
  const top = (): Promise<number> => page.getByTestId('messages').evaluate((list) => list.scrollTop);
  for (let [before, now, same] = [NaN, await top(), 0]; same < 5; [before, now] = [now, await top()]) {
    same = now === before ? same + 1 : 0;
    await page.evaluate('new Promise(requestAnimationFrame)');
  }
}

import { expect } from 'chai';
import type { Locator, Route } from 'playwright-core';
import type { Size } from '../support/browser.ts';
import { sayMany } from '../support/say-many.ts';
import { stage } from './stage.ts';
import { push, still } from './touch-acts.ts';

describe('messages that are slow to come, in the browser', function () {
  this.timeout(180_000);
  const on = stage();

  for (const size of ['desktop', 'phone'] satisfies Size[])
    it(`are waited for with a skeleton, and asked for again by a button where that failed (${size})`, async () => {
      const ann = await on.join('Ann', size);
      const { page } = ann;
      const press = (target: Locator): Promise<void> => (size === 'phone' ? target.tap() : target.click());
      let mode: 'hold' | 'fail' | 'pass' = 'hold';
      const held: Route[] = [];
      await page.route(/\/api\/v1\/rooms\/[^/]+\/messages(\?|$)/, async (route) => {
        if (mode === 'hold') held.push(route);
        else await (mode === 'fail' ? route.fulfill({ status: 500, body: '' }) : route.continue());
      });
      const giveUp = async (): Promise<void> => {
        await Promise.all(held.splice(0).map((route) => route.fulfill({ status: 500, body: '' })));
      };
      const room = await ann.rest.createRoom({ type: 'group', name: 'Slow', members: [] });
      const lines = Array.from({ length: 130 }, (_, i) => ({ by: ann.rest, text: `line ${String(i + 1)}.` }));
      await sayMany(on.parley, room.id, lines);
      await ann.roomLink('Slow').click();
      const waiting = page.getByRole('status').filter({ hasText: 'Loading messages' });
      const problem = page.getByText(/^Messages could not be loaded/);
      const again = page.getByRole('button', { name: 'Try again' });
      await waiting.waitFor();
      expect(await ann.violations(), 'axe').to.deep.equal([]);
      mode = 'fail';
      await giveUp();
      await problem.waitFor();
      expect(await ann.violations(), 'axe').to.deep.equal([]);

      mode = 'hold';
      await press(again);
      await waiting.waitFor();
      await problem.waitFor({ state: 'detached' });
      mode = 'pass';
      await Promise.all(held.splice(0).map((route) => route.continue()));
      await ann.sees('line 130.');
      await waiting.waitFor({ state: 'detached' });

      mode = 'fail';
      const list = page.getByTestId('messages');
      while (!(await problem.isVisible())) {
        if (size === 'phone') await push(ann, list, -500);
        else {
          await list.hover();
          await page.mouse.wheel(0, -4_000);
        }
      }
      if (size === 'phone') await still(ann);
      const height = await list.evaluate((node) => node.scrollHeight);
      const first = await page.getByRole('article').first().innerText();
      const number = /line \d+\./.exec(first)?.[0] ?? '';
      // The name above them goes with what comes.
      const words = ann.article(number).first().getByText(number);
      const top = (await words.boundingBox())!.y;
      mode = 'pass';
      await press(again);
      await problem.waitFor({ state: 'detached' });
      await page.waitForFunction(
        (before) => document.querySelector('[data-testid=messages]')!.scrollHeight > before + 300,
        height,
      );
      const now = (await words.boundingBox())!.y;
      expect(Math.abs(now - top), 'px').to.be.at.most(1);
    });
});

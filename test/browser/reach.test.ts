import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import type { BrowserPerson } from '../support/browser.ts';
import { stage } from './stage.ts';
import { swipe } from './touch-acts.ts';

describe('everybody can use the client in the browser', function () {
  this.timeout(180_000);
  const on = stage();

  const shot = async ({ page }: BrowserPerson, name: string): Promise<void> => {
    const folder = process.env['PARLEY_SHOTS'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
  };
  const focused = ({ page }: BrowserPerson): Promise<string> =>
    page.evaluate(
      `(document.activeElement?.getAttribute('aria-label') || document.activeElement?.tagName || '').trim()`,
    );
  const isFocused = ({ page }: BrowserPerson, label: string): Promise<unknown> =>
    page.waitForFunction(
      (wanted) => (document.activeElement?.getAttribute('aria-label') ?? '').includes(wanted),
      label,
    );
  const replying = ({ page }: BrowserPerson): Locator => page.getByRole('group', { name: 'Replying' });

  it('with a finger: a swipe over a message replies to it, a short one and one back do not', async () => {
    const [ann, bob] = await on.pair('hello', ['phone', undefined]);
    await bob.say('Tea?');
    await ann.sees('Tea?');
    const row = ann.article('Tea?');
    await swipe(ann, row, 24);
    await swipe(ann, row, -120);
    expect(await replying(ann).count()).to.equal(0);
    await swipe(ann, row, 120);
    await replying(ann).getByText('Tea?').waitFor();
    await shot(ann, 'swiped');
    await ann.say('With milk.');
    await bob.article('With milk.').getByTestId('quote').getByText('Tea?').waitFor();
  });

  it('by ear: what comes in is said, messages are heard as one goes through them, and the field has a name', async () => {
    const [ann, bob] = await on.pair();
    await bob.say('**Tea** at five?');
    await ann.page.getByTestId('news').getByText(`${bob.fullName}: Tea at five?`).waitFor();
    await ann.page
      .getByRole('article', { name: new RegExp(`${bob.fullName}, .*: Tea at five\\?`) })
      .waitFor();
    await ann.composer().focus();
    await ann.page.keyboard.press('Shift+Tab');
    for (let i = 0; i < 12 && !(await focused(ann)).includes('Tea at five?'); i += 1)
      await ann.page.keyboard.press('Shift+Tab');
    expect(await focused(ann)).to.include('Tea at five?');
    await ann.page.keyboard.press('ArrowUp');
    expect(await focused(ann)).to.match(/^You, .*: hello/);
    await ann.page.keyboard.press('r');
    await isFocused(ann, 'Message ');
    await replying(ann).waitFor();
    await ann.page.keyboard.press('Escape');
    const log = ann.page.getByRole('log', { name: 'Messages' });
    expect(await log.getAttribute('aria-live'), 'the list itself is silent').to.equal('off');
  });

  it('by keyboard: a dialog gives the focus back to what opened it', async () => {
    const [ann] = await on.pair();
    const { page } = ann;
    const openers: readonly (readonly [name: string, dialog: string])[] = [
      ['Search in this conversation', 'Search messages'],
      ['Emoji', 'Pick an emoji'],
      ['New conversation', ''],
    ];
    for (const [name, dialog] of openers) {
      const opener = page.getByRole('button', { name, exact: true }).first();
      await opener.focus();
      await page.keyboard.press('Enter');
      const opened = page.getByRole('dialog', dialog === '' ? {} : { name: dialog });
      await opened.waitFor();
      await page.waitForFunction(
        () => document.querySelector('[role=dialog]')?.contains(document.activeElement) === true,
      );
      await page.keyboard.press('Escape');
      await opened.waitFor({ state: 'detached' });
      await isFocused(ann, name);
    }
    const row = ann.article('hello');
    await row.focus();
    await page.keyboard.press('Delete');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await isFocused(ann, 'You, ');
    // A thread gives it back as well.
    await page.keyboard.press('t');
    await isFocused(ann, 'Reply in thread');
    await page.keyboard.press('Escape');
    await isFocused(ann, 'You, ');
  });

  for (const size of ['desktop', 'phone'] as const)
    it(`from right to left: the panes are mirrored, and each text goes its own way (${size})`, async () => {
      const [ann, bob] = await on.pair('hello', [size, undefined]);
      const arabic = 'مرحبا يا صديقي، هل نلتقي غدا في الميناء؟';
      const mirror = `document.documentElement.dir = 'rtl'`;
      await ann.page.evaluate(mirror);
      await ann.composer().fill(arabic);
      const way = (target: Locator): Promise<string> =>
        target.evaluate((element) => getComputedStyle(element).direction);
      expect(await way(ann.composer())).to.equal('rtl');
      await ann.composer().press('Enter');
      await bob.sees(arabic);
      await bob.say('**Yes**, at nine.');
      await ann.sees('Yes, at nine.');
      expect(
        await way(bob.article(arabic).getByText(arabic).last()),
        'in a page from left to right',
      ).to.equal('rtl');
      expect(await way(ann.article('Yes, at nine.').locator('.nodes p'))).to.equal('ltr');
      const x = async (target: Locator): Promise<number> => (await target.boundingBox())?.x ?? NaN;
      const send = ann.page.getByRole('button', { name: 'Emoji', exact: true });
      expect(await x(send), 'the buttons stand at the left').to.be.below(await x(ann.composer()));
      if (size === 'desktop') {
        const rooms = ann.page.getByRole('link', { name: bob.fullName }).first();
        expect(await x(rooms), 'the list stands at the right').to.be.above(await x(ann.composer()));
      }
      const overflow = await ann.page.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(overflow).to.equal(0);
      expect(await ann.violations(), 'axe').to.deep.equal([]);
      await shot(ann, `rtl-${size}`);
      await shot(bob, `rtl-text-${size}`);
      if (size === 'phone') {
        await swipe(ann, ann.article('Yes, at nine.'), -120);
        await replying(ann).getByText('Yes, at nine.').waitFor();
      }
    });
});

import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import type { BrowserPerson } from '../support/browser.ts';
import { stage, type Actor } from './stage.ts';

describe('what opens over a conversation in the browser', function () {
  this.timeout(180_000);
  const on = stage();

  const pair = async (size?: 'phone'): Promise<readonly [Actor, Actor]> => {
    const [ann, bob] = await on.pair('hello', [size, undefined]);
    await bob.say('and good day');
    await ann.sees('and good day');
    return [ann, bob];
  };
  const isFocused = ({ page }: BrowserPerson, label: string): Promise<unknown> =>
    page.waitForFunction(
      (wanted) => (document.activeElement?.getAttribute('aria-label') ?? '').includes(wanted),
      label,
    );
  const dialog = ({ page }: BrowserPerson): Locator => page.getByRole('dialog');
  const gone = (person: BrowserPerson): Promise<void> => dialog(person).waitFor({ state: 'detached' });
  const path = ({ page }: BrowserPerson): string => new URL(page.url()).pathname;

  it('gives the keyboard back to the composer after the palette and the search', async () => {
    const [ann] = await pair();
    const { page } = ann;
    for (const [keys, field] of [
      ['Control+k', 'Go to'],
      ['Control+f', 'Search messages'],
    ] as const) {
      await ann.composer().focus();
      await page.keyboard.press(keys);
      await isFocused(ann, field);
      await page.keyboard.press('Escape');
      await gone(ann);
      await isFocused(ann, 'Message ');
    }
    const opener = page.getByRole('button', { name: 'Search messages', exact: true }).first();
    await opener.click();
    await isFocused(ann, 'Search messages');
    await page.keyboard.press('Escape');
    await gone(ann);
    await isFocused(ann, 'Search messages');
  });

  it('gives the keyboard back after a thread, however it was opened', async () => {
    const [ann] = await pair();
    const { page } = ann;
    const row = ann.article('and good day');
    await row.hover();
    await row.getByRole('button', { name: /thread/i }).click();
    await isFocused(ann, 'Reply in thread');
    await page.mouse.move(0, 0);
    await page.keyboard.press('Escape');
    await isFocused(ann, 'and good day');
  });

  it('goes away by the browser’s back on a phone, and leaves no place behind when it goes otherwise', async () => {
    const [ann, bob] = await pair('phone');
    const { page } = ann;
    const room = path(ann);
    const open = async (): Promise<void> => {
      await page.getByRole('button', { name: 'Search in this conversation' }).click();
      await dialog(ann).waitFor();
    };
    await open();
    await page.evaluate('history.back()');
    await gone(ann);
    expect(path(ann)).to.equal(room);
    await ann.composer().waitFor();
    const before = await page.evaluate('history.length');
    for (let i = 0; i < 3; i += 1) {
      await open();
      await page.keyboard.press('Escape');
      await gone(ann);
    }
    await page.waitForFunction('!history.state?.cover');
    expect(await page.evaluate('history.length')).to.be.at.most(Number(before) + 1);
    await page.evaluate('history.back()');
    await ann.roomLink(bob.fullName).waitFor();
    expect(path(ann)).to.equal('/');
    // From inside a sheet to a conversation: back leads to where the sheet was opened.
    await page.getByRole('button', { name: 'Go to…' }).click();
    await page.getByRole('option', { name: bob.fullName }).first().click();
    await ann.composer().waitFor();
    await gone(ann);
    expect(path(ann)).to.equal(room);
    await page.evaluate('history.back()');
    await ann.roomLink(bob.fullName).waitFor();
    expect(path(ann)).to.equal('/');
  });

  it('shows who wrote a message, by a click on the name or the picture', async () => {
    const [ann, bob] = await pair();
    const row = ann.article('and good day');
    await row.getByRole('button', { name: bob.fullName, exact: true }).click();
    await dialog(ann).getByText(`@${bob.username}`).waitFor();
    await ann.page.keyboard.press('Escape');
    await gone(ann);
    const box = await row.boundingBox();
    await ann.page.mouse.click((box?.x ?? 0) + 24, (box?.y ?? 0) + 24);
    await dialog(ann).getByText(`@${bob.username}`).waitFor();
    expect(await ann.violations(), 'axe').to.deep.equal([]);
  });
});

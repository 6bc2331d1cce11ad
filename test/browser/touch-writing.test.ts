import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import type { BrowserPerson } from '../support/browser.ts';
import { stage, type Actor } from './stage.ts';

describe('writing with a finger', function () {
  this.timeout(120_000);
  const on = stage();

  const shot = async ({ page }: BrowserPerson, name: string): Promise<void> => {
    const folder = process.env['PARLEY_SHOTS'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
  };
  const pair = async (): Promise<readonly [Actor, Actor]> => {
    const [ann, bob] = [await on.join('Ann', 'phone'), await on.join('Bob')];
    await ann.message(bob.fullName);
    await ann.say('hello');
    await bob.openRoom(ann.fullName);
    await bob.sees('hello');
    return [ann, bob];
  };
  const bar = ({ page }: BrowserPerson): Locator => page.getByRole('group', { name: 'Formatting' });
  const tap = (person: BrowserPerson, name: string): Promise<void> =>
    bar(person).getByRole('button', { name, exact: true }).tap();
  const select = (person: BrowserPerson, from: number, to: number): Promise<void> =>
    person
      .composer()
      .evaluate((area: HTMLTextAreaElement, at) => area.setSelectionRange(at[0]!, at[1]!), [from, to]);
  const hasKeyboard = (field: Locator): Promise<boolean> =>
    field.evaluate((area) => document.activeElement === area);

  it('has the width for what is written: the button for emojis stands there before and after', async () => {
    const [ann] = await pair();
    const emoji = ann.page.getByRole('button', { name: 'Emoji', exact: true });
    await ann.composer().tap();
    await emoji.waitFor();
    await ann.composer().pressSequentially('on my way');
    await emoji.waitFor({ state: 'detached' });
    expect((await ann.composer().boundingBox())?.width).to.be.above(190);
    await ann.composer().fill('');
    await emoji.waitFor();
  });

  it('has a row of buttons for what keys do elsewhere, which works on the selection and keeps the keyboard', async () => {
    const [ann, bob] = await pair();
    await ann.page.getByTestId('messages').tap();
    await bar(ann).waitFor({ state: 'detached' });
    await ann.composer().tap();
    await bar(ann).waitFor();
    await ann.composer().pressSequentially('so bold and plain');
    await select(ann, 3, 7);
    await tap(ann, 'Bold');
    expect(await hasKeyboard(ann.composer())).to.equal(true);
    await tap(ann, 'Italic');
    expect(await ann.composer().inputValue()).to.equal('so ***bold*** and plain');
    await tap(ann, 'Italic');
    await select(ann, 16, 21);
    await tap(ann, 'Code');
    expect(await ann.composer().inputValue()).to.equal('so **bold** and `plain`');
    await ann.composer().press('End');
    await tap(ann, 'New line');
    await tap(ann, 'List');
    await ann.composer().pressSequentially('bread');
    await tap(ann, 'New line');
    await ann.composer().pressSequentially('milk');
    expect(await ann.composer().inputValue()).to.equal('so **bold** and `plain`\n- bread\n- milk');
    for (const button of await bar(ann).getByRole('button').all()) {
      const { width = 0, height = 0 } = (await button.boundingBox()) ?? {};
      expect(Math.min(width, height), 'pixels').to.be.at.least(44);
    }
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await shot(ann, 'format-bar');
    await ann.page.getByRole('button', { name: 'Send', exact: true }).tap();
    const row = bob.page.getByRole('article').last();
    await row.locator('strong').getByText('bold').waitFor();
    await row.getByRole('listitem').nth(1).getByText('milk').waitFor();
  });

  it('quotes, links and strikes through, in the editor as well', async () => {
    const [ann, bob] = await pair();
    await ann.composer().fill('see the page');
    await select(ann, 4, 12);
    await tap(ann, 'Link');
    await ann.page.keyboard.insertText('https://example.org/');
    await tap(ann, 'Quote');
    expect(await ann.composer().inputValue()).to.equal('> see [the page](https://example.org/)');
    await ann.page.getByRole('button', { name: 'Send', exact: true }).tap();
    await bob.article('see the page').getByRole('link', { name: 'the page' }).waitFor();
    await ann.composer().press('ArrowUp');
    const editor = ann.page.getByRole('textbox', { name: 'Edit message' });
    await editor.fill('gone');
    await editor.press('Control+a');
    await tap(ann, 'Strike through');
    expect(await hasKeyboard(editor)).to.equal(true);
    await shot(ann, 'format-bar-editor');
    await editor.press('Enter');
    await bob.page.getByRole('article').last().locator('s').getByText('gone').waitFor();
  });

  it('has no such row where there are keys', async () => {
    const [ann, bob] = [await on.join('Ann'), await on.join('Bob')];
    await ann.message(bob.fullName);
    await ann.composer().fill('words');
    expect(await bar(ann).count()).to.equal(0);
  });
});

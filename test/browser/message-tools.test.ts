import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import type { BrowserPerson } from '../support/browser.ts';
import { act, offered, tools } from './message-acts.ts';
import { stage, type Actor } from './stage.ts';

describe('the tools of a message in the browser', function () {
  this.timeout(180_000);
  const on = stage();

  const menu = ({ page }: BrowserPerson): Locator => page.getByRole('menu', { name: 'More actions' });
  const focused = (locator: Locator): Promise<void> =>
    locator.and(locator.page().locator(':focus')).waitFor();
  const clipboard = async (person: BrowserPerson, contains: string): Promise<string> => {
    await person.page.waitForFunction(
      (text) => navigator.clipboard.readText().then((now) => now.includes(text)),
      contains,
    );
    return person.page.evaluate(() => navigator.clipboard.readText());
  };
  const mayCopy = ({ context }: Actor): Promise<void> =>
    context.grantPermissions(['clipboard-read', 'clipboard-write']);

  it('are few at hand, and the rest is in a menu that the keyboard goes through', async () => {
    const [ann] = await on.pair();
    const { keyboard } = ann.page;
    await ann.say('mine');
    const row = ann.article('mine');
    await row.getByRole('img', { name: /Sent|Delivered|Read/ }).waitFor();
    await row.hover();
    expect(await tools(row).getByRole('button').count()).to.be.at.most(7);
    await ann.page.mouse.move(0, 0);
    await ann.composer().focus();
    await keyboard.press('Shift+Tab');
    await keyboard.press('Shift+Tab');
    await focused(row);
    await keyboard.press('m');
    const item = (name: string): Locator => menu(ann).getByRole('menuitem', { name });
    await focused(item('Forward'));
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    expect(await item('Forward').locator('kbd').innerText()).to.equal('F');
    await keyboard.press('ArrowDown');
    await focused(item('Copy text'));
    await keyboard.press('Escape');
    await menu(ann).waitFor({ state: 'detached' });
    await focused(tools(row).getByRole('button', { name: 'More actions' }));
    await keyboard.press('Enter');
    await focused(item('Forward'));
    await keyboard.press('End');
    await keyboard.press('ArrowUp');
    await keyboard.press('Enter');
    await focused(ann.page.getByRole('textbox', { name: 'Edit message' }));
    await keyboard.press('Escape');
    await focused(row);
    await keyboard.press('e');
    await focused(ann.page.getByRole('textbox', { name: 'Edit message' }));
    await keyboard.press('Escape');
    await focused(row);
  });

  it('go with the pointer, but not while their menu is open; a click beside it does no more than close it', async () => {
    const [ann] = await on.pair();
    const row = ann.article('hello').first();
    await row.hover();
    await tools(row).getByRole('button', { name: 'More actions' }).click();
    await menu(ann).waitFor();
    await ann.page.mouse.move(700, 300);
    await tools(row).waitFor();
    await ann.page.mouse.click(700, 850);
    await menu(ann).waitFor({ state: 'detached' });
    await tools(row).waitFor({ state: 'detached' });
  });

  it('offer the same on a desktop and on a phone', async () => {
    const [ann, bob] = await on.pair('hello', ['phone', undefined]);
    const onDesktop = await offered(bob.article('hello').first());
    await ann.article('hello').first().dispatchEvent('pointerdown', {
      pointerType: 'touch',
      isPrimary: true,
      bubbles: true,
    });
    const sheet = ann.page.getByRole('dialog', { name: 'Message' });
    await sheet.waitFor();
    const inSheet = (await sheet.getByRole('button').allInnerTexts()).filter((text) => /^[A-Z]/u.test(text));
    // Her own, in the sheet, can be changed as well, and is never unread.
    const onBoth = onDesktop.filter((name) => name !== 'Mark unread from here');
    expect(inSheet).to.deep.equal([...onBoth, 'Edit', 'Delete']);
    expect(onDesktop).to.include.members(['Copy text', 'Copy link']);
  });

  it('copy the text, and a link that leads whoever is a member to it', async () => {
    const [ann, bob] = await on.pair('the very first');
    await mayCopy(ann);
    await act(ann.article('the very first'), 'Copy text');
    expect(await clipboard(ann, 'very')).to.equal('the very first');
    await act(ann.article('the very first'), 'Copy link');
    const link = await clipboard(ann, '/m/');
    await ann.page.getByText('Link copied').waitFor();
    for (let i = 0; i < 60; i += 1) await bob.rest.say(roomOf(ann), `line ${i}`);
    await bob.page.goto(link);
    await bob.page.locator('[aria-current=location]').getByText('the very first').waitFor();
    expect(bob.page.url(), 'the address is that of the conversation').to.equal(link.replace(/\/m\/\d+$/, ''));
    // Said in the conversation it leads there without a new tab.
    await bob.say(`see ${link}`);
    const said = ann.article('see http').getByRole('link');
    await ann.page.keyboard.press('Escape');
    await said.click();
    await ann.page.locator('[aria-current=location]').getByText('the very first').waitFor();
    expect(ann.context.pages()).to.have.lengthOf(1);
  });

  it('copy a link into a thread as well', async () => {
    const [ann, bob] = await on.pair('Shall we?');
    await mayCopy(ann);
    const room = roomOf(ann);
    const { messages } = await ann.rest.history(room);
    const reply = { clientId: 'in', text: 'In here', thread: messages[0]!.seq };
    await bob.rest.call('POST', `/rooms/${room}/messages`, reply);
    await ann.page.getByTestId('thread-line').click();
    const pane = ann.page.getByRole('region', { name: 'Thread', exact: true });
    await act(pane.getByRole('article', { name: /In here/ }), 'Copy link');
    await bob.page.goto(await clipboard(ann, '/m/'));
    await bob.page
      .getByRole('region', { name: 'Thread', exact: true })
      .locator('[aria-current=location]')
      .waitFor();
  });

  it('show all of a long message before it is deleted, also to who has keys only', async () => {
    const [ann] = await on.pair();
    const lines = Array.from({ length: 40 }, (_, i) => `Line ${String(i + 1)}`);
    await ann.composer().fill(lines.join('\n'));
    await ann.composer().press('Enter');
    await ann
      .article('Line 40')
      .getByRole('img', { name: /Sent|Delivered|Read/ })
      .waitFor();
    await act(ann.article('Line 40'), 'Delete');
    const question = ann.page.getByRole('dialog', { name: 'Delete this message?' });
    const text = question.getByLabel('The message');
    await text.waitFor();
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    for (let i = 0; i < 3 && !(await text.evaluate((node) => node === document.activeElement)); i += 1)
      await ann.page.keyboard.press('Tab');
    await ann.page.keyboard.press('End');
    await ann.page.waitForFunction(() => document.querySelector('[role=dialog] blockquote')!.scrollTop > 100);
  });
});

/** The room that is open. */
const roomOf = ({ page }: BrowserPerson): string => /\/r\/([^/]+)/u.exec(page.url())![1]!;

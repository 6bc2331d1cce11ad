import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import { TRUSTING, type BrowserPerson } from '../support/browser.ts';
import { isKept } from './offline-acts.ts';
import { stage } from './stage.ts';

describe('the palette', function () {
  this.timeout(180_000);
  const on = stage(undefined, { args: TRUSTING });

  const palette = ({ page }: BrowserPerson): Locator => page.getByRole('combobox', { name: 'Go to' });
  const ask = async (person: BrowserPerson, words: string): Promise<void> => {
    await person.page.keyboard.press('Control+k');
    await palette(person).waitFor();
    await person.page.keyboard.type(words);
  };
  const searchRow = ({ page }: BrowserPerson, words: string): Locator =>
    page.getByRole('option', { name: `Search messages for “${words}”` });

  it('offers the search for what was typed last, and selects it where nothing else is found', async () => {
    const ann = await on.join('Ann');
    await ask(ann, 'zebra crossing');
    await searchRow(ann, 'zebra crossing').and(ann.page.locator('[aria-selected=true]')).waitFor();
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await ann.page.keyboard.press('Enter');
    const field = ann.page.getByRole('dialog').getByRole('searchbox');
    await field.waitFor();
    expect(await field.inputValue()).to.equal('zebra crossing');
  });

  it('shows beside an action the keys that do the same, as the list of keys has them', async () => {
    const ann = await on.join('Ann');
    await ask(ann, 'keyboard');
    const action = ann.page.getByRole('option', { name: 'Keyboard shortcuts', exact: true });
    expect(await action.locator('kbd').allInnerTexts()).to.deep.equal(['?']);
    await palette(ann).fill('search');
    const search = ann.page.getByRole('option', { name: 'Search messages', exact: true });
    expect(await search.locator('kbd').allInnerTexts()).to.deep.equal(['Ctrl', 'F']);
    expect(await ann.violations(), 'axe').to.deep.equal([]);
  });

  /** Holds back the answers about people; gives what lets them come. */
  const hold = async ({ page }: BrowserPerson): Promise<() => void> => {
    let answer = (): void => undefined;
    const asked = new Promise<void>((resolve) => (answer = resolve));
    await page.route(/\/users\?q=/, async (route) => {
      await asked;
      await route.continue();
    });
    return answer;
  };

  it('goes to who is found after an Enter that came before the answer', async () => {
    const [ann, bob] = [await on.join('Ann'), await on.join('Bob')];
    const answer = await hold(ann);
    const request = ann.page.waitForRequest(/\/users\?q=/);
    await ask(ann, bob.fullName);
    await ann.page.keyboard.press('Enter');
    await request;
    expect(await palette(ann).isVisible(), 'nothing is picked yet').to.equal(true);
    answer();
    await ann.page.getByRole('heading', { name: bob.fullName, level: 1 }).waitFor();
    expect(await palette(ann).count()).to.equal(0);
  });

  it('forgets an early Enter when one types on, and selects who is found last', async () => {
    const [ann, bob, carl] = [await on.join('Ann'), await on.join('Bob'), await on.join('Carl')];
    const answer = await hold(ann);
    await ask(ann, bob.fullName);
    await ann.page.keyboard.press('Enter');
    await palette(ann).fill(carl.fullName);
    const answered = ann.page.waitForResponse((response) => response.url().includes('/users?q=Carl'));
    answer();
    await answered;
    await ann.page
      .getByRole('option', { name: carl.fullName })
      .and(ann.page.locator('[aria-selected=true]'))
      .waitFor();
    const options = ann.page.getByRole('option');
    expect(await options.last().textContent()).to.include('Search messages for');
    await ann.page.keyboard.press('Enter');
    await ann.page.getByRole('heading', { name: carl.fullName, level: 1 }).waitFor();
  });

  it('goes to one’s own conversation with Enter at once, whoever else the server may know', async () => {
    const [ann, bob] = [await on.join('Ann'), await on.join('Bob')];
    await ann.message(bob.fullName);
    await ann.page.goto('/');
    await ann.roomLink(bob.fullName).waitFor();
    const answer = await hold(ann);
    await ask(ann, bob.fullName);
    await ann.page.keyboard.press('Enter');
    await palette(ann).waitFor({ state: 'detached' });
    await ann.page.getByRole('heading', { name: bob.fullName, level: 1 }).waitFor();
    answer();
  });

  it('finds one’s own conversations without a connection, and says why there is no more', async () => {
    const [ann, bob] = [await on.join('Ann'), await on.join('Bob')];
    await ann.message(bob.fullName);
    await ann.page.goto('/');
    await ann.roomLink(bob.fullName).waitFor();
    await isKept(ann.page);
    await ann.context.setOffline(true);
    await ann.page.getByText(/^(You are offline|Connection lost)/).waitFor();
    await ask(ann, bob.username);
    await ann.page.getByText('The server cannot be asked now').waitFor();
    await ann.page.getByRole('option', { name: bob.fullName }).waitFor();
    await searchRow(ann, bob.username).waitFor();
    await ann.page.keyboard.press('Enter');
    await ann.page.getByRole('heading', { name: bob.fullName, level: 1 }).waitFor();
    await ann.context.setOffline(false);
  });
});

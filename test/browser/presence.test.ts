import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import type { BrowserPerson, Size } from '../support/browser.ts';
import { sideBySide } from '../support/side-by-side.ts';
import { stage, type Actor } from './stage.ts';

describe('presence and status in the browser', function () {
  this.timeout(180_000);
  const on = stage();
  const also = sideBySide(300_000, 3);

  /** Somebody new whose clock the test can move. */
  async function joinWithClock(name: string, size?: Size): Promise<Actor> {
    const person = await on.enrol(name, size);
    await person.page.clock.install();
    await person.enter();
    return person;
  }
  const header = (person: BrowserPerson, text: string | RegExp): Locator =>
    person.page.getByRole('main').locator('header').getByText(text);
  const dot = (person: BrowserPerson, of: Actor, here: string): Locator =>
    person.roomLink(of.fullName).locator(`[data-here=${here}]`);
  const touch = (target: Locator, size: Size): Promise<void> =>
    size === 'phone' ? target.tap() : target.click();
  /** As when another tab comes in front, which headless pages never notice. */
  const show = (person: BrowserPerson, state: 'hidden' | 'visible'): Promise<unknown> =>
    person.page.evaluate(
      `Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true });
       document.dispatchEvent(new Event('visibilitychange'))`,
    );
  const setStatus = async (person: BrowserPerson, emoji: string, text: string, end = ''): Promise<void> => {
    await person.page.getByRole('button', { name: 'Settings' }).click();
    await person.page.getByRole('button', { name: 'Emoji of the status: none' }).click();
    await person.pickEmoji(emoji);
    await person.page.getByRole('textbox', { name: 'Status' }).fill(text);
    if (end !== '') await person.page.getByLabel('Clear the status after').selectOption(end);
    await person.page.getByRole('button', { name: 'Save profile' }).click();
    await person.page.getByText('Profile saved').first().waitFor();
    await person.page.getByRole('button', { name: 'Close', exact: true }).click();
  };
  const details = (person: BrowserPerson): Locator => person.page.getByRole('region', { name: 'Details' });

  for (const size of ['desktop', 'phone'] as const) {
    also(
      `tells who has touched nothing for a while as away, in words and by a ring, until they are back (${size})`,
      async () => {
        const [ann, bob] = await Promise.all([joinWithClock('Ann'), on.join('Bob', size)]);
        await bob.message(ann.fullName);
        await header(bob, 'Online').waitFor();
        if (size === 'phone') await bob.page.goBack();
        await dot(bob, ann, 'online').waitFor();
        await ann.page.clock.fastForward('05:01');
        await dot(bob, ann, 'away').waitFor({ timeout: 30_000 });
        await bob.roomLink(ann.fullName).getByText('Away').waitFor();
        expect(await bob.violations()).to.deep.equal([]);
        if (size === 'phone') await bob.openRoom(ann.fullName);
        await header(bob, 'Away').waitFor();
        await ann.page.mouse.move(200, 200);
        await header(bob, 'Online').waitFor({ timeout: 30_000 });
      },
    );
  }

  also(
    'tells who left the window behind others as away, unless they have another device at hand',
    async () => {
      const ann = await joinWithClock('Ann');
      const bob = await on.join('Bob');
      const phone = await on.device(ann, 'phone');
      await bob.message(ann.fullName);
      await header(bob, 'Online').waitFor();
      await show(ann, 'hidden');
      await ann.page.clock.fastForward('01:10');
      await bob.page.waitForTimeout(12_000);
      expect(await header(bob, 'Online').isVisible()).to.equal(true);
      await phone.close();
      await header(bob, 'Away').waitFor({ timeout: 30_000 });
      await show(ann, 'visible');
      await header(bob, 'Online').waitFor({ timeout: 30_000 });
    },
  );

  also('tells when somebody was here last, also to who comes later', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await on.meet(bob, ann);
    await header(bob, 'Online').waitFor();
    await ann.page.goto('about:blank');
    await header(bob, /^Last seen/).waitFor({ timeout: 30_000 });
    await bob.page.reload();
    await header(bob, /^Last seen/).waitFor({ timeout: 30_000 });
  });

  for (const size of ['desktop', 'phone'] as const) {
    also(`tells nobody whether somebody is here, nor when they were, who hides it (${size})`, async () => {
      const [ann, bob] = await Promise.all([on.enrol('Ann', size), on.enrol('Bob', size)]);
      await ann.rest.createRoom({ type: 'dm', user: bob.username });
      await ann.enter();
      await ann.page.goto('about:blank');
      await bob.enter();
      await bob.message(ann.fullName);
      await header(bob, /^Last seen/).waitFor({ timeout: 30_000 });
      await ann.enter();
      await header(bob, 'Online').waitFor({ timeout: 30_000 });
      const hiding = ann.page.getByRole('switch', { name: /^Hide when I am online/ });
      const settings = ann.page.getByRole('dialog', { name: 'Settings' });
      await touch(ann.page.getByRole('button', { name: 'Settings' }), size);
      await ann.page.route('**/users/me', (route) => route.abort());
      await Promise.all([ann.page.waitForEvent('requestfailed'), touch(hiding, size)]);
      await hiding.and(ann.page.locator(':not(:checked)')).waitFor();
      await ann.page.unroute('**/users/me');
      await touch(hiding, size);
      await header(bob, 'Online').waitFor({ state: 'detached', timeout: 30_000 });
      const knowsNothing = async (): Promise<void> => {
        await header(bob, `@${ann.username}`).waitFor({ timeout: 30_000 });
        expect(await header(bob, /Online|Away|Last seen/).count()).to.equal(0);
      };
      await knowsNothing();
      expect(await ann.violations()).to.deep.equal([]);
      await bob.page.reload();
      await knowsNothing();
      // Who hides does not see others either.
      await touch(settings.getByRole('button', { name: 'Close', exact: true }), size);
      await ann.openRoom(bob.fullName);
      await header(ann, `@${bob.username}`).waitFor({ timeout: 30_000 });
      await ann.page.goto('about:blank');
      await bob.page.reload();
      await knowsNothing();
    });
  }

  also('shows in the list of members who is away', async () => {
    const [ann, bob] = await Promise.all([joinWithClock('Ann'), on.join('Bob')]);
    await on.group(bob, 'Rowing', ann);
    const row = details(bob).getByRole('listitem').filter({ hasText: ann.fullName });
    await row.getByText('Online').waitFor();
    await ann.page.clock.fastForward('05:01');
    await row.getByText('Away').waitFor({ timeout: 30_000 });
  });

  also('shows a status wherever a name stands, and takes it away at its end', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), joinWithClock('Bob')]);
    await on.group(ann, 'Office', bob);
    await ann.say('I am off soon');
    await bob.openRoom('Office');
    await bob.sees('I am off soon');
    await setStatus(ann, 'palm tree', 'On holiday', '1');
    const { page } = bob;
    const line = bob.article('I am off soon').getByTitle('🌴 On holiday');
    await line.waitFor();
    const row = details(bob).getByRole('listitem').filter({ hasText: ann.fullName });
    await row.getByTitle('🌴 On holiday').waitFor();
    await bob.article('I am off soon').getByRole('button', { name: ann.fullName }).click();
    const card = page.getByRole('dialog', { name: 'Profile' });
    await card.getByText('🌴 On holiday').waitFor();
    await card.getByText(/Online/).waitFor();
    expect(await bob.violations()).to.deep.equal([]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to' }).fill(ann.fullName);
    await page.getByRole('option', { name: ann.fullName }).getByTitle('🌴 On holiday').waitFor();
    await page.keyboard.press('Escape');
    await page.clock.fastForward('01:00:30');
    await line.waitFor({ state: 'detached' });
    await row.getByTitle('🌴 On holiday').waitFor({ state: 'detached' });
  });

  also('opens who wrote a message by the keyboard, too', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await on.meet(ann, bob);
    await ann.say('who am I?');
    await bob.openRoom(ann.fullName);
    await bob.sees('who am I?');
    await bob.article('who am I?').focus();
    await bob.page.keyboard.press('p');
    await bob.page.getByRole('dialog', { name: 'Profile' }).getByText(`@${ann.username}`).waitFor();
  });
});

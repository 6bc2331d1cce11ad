import { expect } from 'chai';
import { lookAway, notifications, shown, tells } from './notifications.ts';
import { stage, type Actor } from './stage.ts';

describe('settings in the browser', function () {
  this.timeout(120_000);
  const on = stage();

  for (const size of ['desktop', 'phone'] as const)
    it(`are there on a ${size}: theme, accent and text size last over a reload`, async () => {
      const ann = await on.join('Ann', size);
      const { page } = ann;
      const look = (): Promise<object> => page.evaluate(() => ({ ...document.documentElement.dataset }));
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByRole('radio', { name: 'Dark' }).check();
      await page.getByRole('radio', { name: 'Plum' }).check();
      await page.getByRole('radio', { name: 'Large' }).check();
      expect(await look()).to.include({ theme: 'dark', accent: 'plum', text: 'large' });
      await page.reload();
      await ann.signedIn();
      expect(await look()).to.include({ theme: 'dark', accent: 'plum', text: 'large' });
    });

  it('keep every theme readable with every accent', async () => {
    const [ann] = await on.pair('Readable? https://example.org/');
    const { page } = ann;
    const check = async (): Promise<void> => {
      expect(
        await ann.violations(),
        JSON.stringify(await page.locator('html').getAttribute('data-accent')),
      ).to.deep.equal([]);
    };
    const dotOf = (accent: string): Promise<string> =>
      page
        .locator('label', { has: page.getByRole('radio', { name: accent }) })
        .locator('span')
        .evaluate((dot) => getComputedStyle(dot).backgroundColor);
    /** The accent as buttons have it. */
    const inForce = (): Promise<string> =>
      page
        .getByRole('button', { name: 'Save profile' })
        .evaluate((button) => getComputedStyle(button).backgroundColor);
    for (const theme of ['Light', 'Dark', 'High contrast'])
      for (const accent of ['Lagoon', 'Indigo', 'Plum', 'Forest', 'Ember']) {
        await page.getByRole('button', { name: 'Settings' }).click();
        await page.getByRole('radio', { name: theme }).check();
        await page.getByRole('radio', { name: accent }).check();
        expect(await dotOf(accent), `the dot of ${accent}, ${theme}`).to.equal(await inForce());
        if (accent === 'Plum') await check();
        await page.getByRole('button', { name: 'Close', exact: true }).click();
        await page.getByRole('dialog').waitFor({ state: 'detached' });
        await check();
      }
  });

  /** Ann, in a conversation with Bob, has turned notifications on. */
  async function listening(): Promise<readonly [ann: Actor, bob: Actor]> {
    const [ann, bob] = await Promise.all([on.enrol('Ann'), on.join('Bob')]);
    await ann.page.addInitScript({ content: notifications() });
    await ann.enter();
    await on.meet(ann, bob);
    await ann.page.getByRole('button', { name: 'Settings' }).click();
    await ann.page.getByRole('switch', { name: /Notifications/ }).check();
    await ann.page.getByRole('button', { name: 'Close', exact: true }).click();
    return [ann, bob];
  }

  for (const answer of ['denied', 'default'])
    it(`show notifications as off when the browser’s question is answered with ${answer}`, async () => {
      const ann = await on.enrol('Ann');
      await ann.page.addInitScript({ content: notifications(answer) });
      // It is asked, and has not been answered before.
      await ann.page.addInitScript({ content: `Notification.permission = 'default';` });
      await ann.enter();
      await ann.page.getByRole('button', { name: 'Settings' }).click();
      const choice = ann.page.getByRole('switch', { name: /Notifications/ });
      await choice.click();
      await choice.and(ann.page.locator(':not(:checked)')).waitFor();
      expect(await choice.isDisabled()).to.equal(answer === 'denied');
    });

  it('turn on notifications, which tell of messages only while nobody looks', async () => {
    const [ann, bob] = await listening();
    await on.meet(bob, ann);
    await bob.say('seen');
    await ann.sees('seen');
    await lookAway(ann);
    await bob.say('not seen');
    await tells(ann, `${bob.fullName}: not seen`);
    expect(await shown(ann)).to.deep.equal([`${bob.fullName}: not seen`]);
  });

  it('leave one in peace about what is muted for a time', async () => {
    const [ann, bob] = await listening();
    await ann.page.getByRole('button', { name: 'Mute…' }).click();
    await ann.page.getByRole('menuitem', { name: 'For 8 hours', exact: true }).click();
    const muted = ann.page.getByRole('button', { name: /^Muted until/ });
    await muted.waitFor();
    await on.meet(bob, ann);
    await lookAway(ann);
    await bob.say('in peace');
    await ann.sees('in peace');
    await muted.click();
    await muted.waitFor({ state: 'detached' });
    await bob.say('loud again');
    await tells(ann, `${bob.fullName}: loud again`);
    expect(await shown(ann)).to.deep.equal([`${bob.fullName}: loud again`]);
  });
});

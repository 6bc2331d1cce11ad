import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import type { BrowserPerson, Size } from '../support/browser.ts';
import { act } from './message-acts.ts';
import { stage } from './stage.ts';

describe('what floats over a conversation in the browser', function () {
  this.timeout(180_000);
  const on = stage();

  /** Where something stands, once it is in its place. */
  async function edges(person: BrowserPerson, what: Locator) {
    await person.settled();
    const box = (await what.boundingBox())!;
    return { ...box, bottom: box.y + box.height, end: box.x + box.width };
  }
  const bar = ({ page }: BrowserPerson): Locator => page.getByText(/^You are offline/);

  for (const size of ['desktop', 'phone'] satisfies Size[])
    it(`leaves the latest pin to be read without a connection (${size})`, async () => {
      const [ann, bob] = await on.pair('The code is 1234', [size, undefined]);
      await act(bob.article('The code is 1234'), 'Pin');
      const pins = ann.page.getByRole('group', { name: 'Pinned' });
      await pins.waitFor();
      await ann.context.setOffline(true);
      await bar(ann).waitFor();
      const below = await edges(ann, pins);
      expect((await edges(ann, bar(ann))).y).to.be.at.least(below.bottom);
      await bar(ann).click({ trial: true });
      await pins.getByRole('button').first().click({ trial: true });
    });

  it('leaves a phone’s list what one searches and filters with', async () => {
    const [ann] = await on.pair('hello', ['phone', undefined]);
    await ann.page.getByRole('button', { name: 'Back to conversations' }).click();
    await ann.context.setOffline(true);
    await bar(ann).waitFor();
    await ann.page.getByRole('button', { name: 'Go to' }).click({ trial: true });
    await ann.page.getByRole('button', { name: 'Unread', exact: true }).click();
    expect((await edges(ann, bar(ann))).y).to.be.above(700);
  });

  it('is a small button at the end of the lines when the newest is away, and wider only with news', async () => {
    const [ann, bob] = await on.pair();
    const id = /\/r\/([^/]+)/u.exec(ann.page.url())![1]!;
    for (let i = 0; i < 40; i += 1) await bob.rest.say(id, `line ${i}`);
    await ann.sees('line 39');
    await ann.page.getByTestId('messages').hover();
    await ann.page.mouse.wheel(0, -600);
    const pill = ann.page.getByRole('button', { name: 'Jump to newest' });
    await pill.waitFor();
    const list = await edges(ann, ann.page.getByTestId('messages'));
    const small = await edges(ann, pill);
    expect(small.width).to.be.at.most(44);
    expect(list.end - small.end).to.be.below(40);
    await bob.rest.say(id, 'one more');
    await ann.page.getByRole('button', { name: '1 new message' }).click();
    await ann.sees('one more');
    await ann.page.getByRole('button', { name: /Jump to newest|new message/ }).waitFor({ state: 'detached' });
  });

  for (const size of ['desktop', 'phone'] satisfies Size[])
    it(`is a profile that is closed by its button, and in which one blocks and unblocks (${size})`, async () => {
      const [ann, bob] = await on.pair('hello', [undefined, size]);
      await bob.article('hello').getByRole('button', { name: ann.fullName }).first().click();
      const profile = bob.page.getByRole('dialog', { name: 'Profile' });
      await profile.getByRole('button', { name: 'Block', exact: true }).click();
      await profile.getByText('You blocked them').waitFor();
      await bob.page.getByRole('button', { name: 'A message of somebody you blocked. Show' }).waitFor();
      expect(await bob.violations(), 'axe').to.deep.equal([]);
      await profile.getByRole('button', { name: 'Unblock' }).click();
      await bob.sees('hello');
      await profile.getByRole('button', { name: 'Close' }).click();
      await profile.waitFor({ state: 'detached' });
      // Nobody blocks themselves.
      await ann.article('hello').getByRole('button', { name: 'You' }).first().click();
      const own = ann.page.getByRole('dialog', { name: 'Profile' });
      await own.getByText(ann.fullName).waitFor();
      expect(await own.getByRole('button', { name: 'Block' }).count()).to.equal(0);
    });
});

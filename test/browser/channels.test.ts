import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import { dialog } from './phone-acts.ts';
import { stage } from './stage.ts';

describe('channels in the browser', function () {
  this.timeout(180_000);
  const on = stage();

  for (const size of ['desktop', 'phone'] as const) {
    it(`are found by strangers where they are public, and nowhere where they are not (${size})`, async () => {
      const [ann, bob] = [await on.join('Ann'), await on.join('Bob', size)];
      const { page } = bob;
      const tail = ann.username.slice(-6);
      const channel = (kind: string) =>
        ann.rest.createRoom({ type: 'channel', name: `${kind}-${tail}`, public: kind === 'open' });
      const [open, closed] = [await channel('open'), await channel('closed')];
      await ann.rest.say(open.id, 'The kettle is on.');
      const act = (target: Locator): Promise<void> => (size === 'phone' ? target.tap() : target.click());
      await act(page.getByRole('button', { name: 'New conversation' }).first());
      for (const kind of ['Person', 'Group', 'Channel', 'Browse']) {
        await act(page.getByRole('tab', { name: kind }));
        expect(await bob.violations(), kind).to.deep.equal([]);
      }
      const search = page.getByRole('searchbox', { name: 'Search channels' });
      await search.fill(`closed-${tail}`);
      await dialog(bob).getByText('No channel found').waitFor();
      await search.fill(`open-${tail}`);
      const list = dialog(bob).getByRole('list', { name: 'Channels' });
      await list.getByRole('listitem').nth(1).waitFor({ state: 'detached' });
      const join = list.getByRole('button', { name: `Join open-${tail}` });
      await join.waitFor();
      expect(await bob.violations(), 'what was found').to.deep.equal([]);
      expect(await list.getByRole('listitem').allInnerTexts()).to.have.length(1);
      await act(join);
      await bob.sees('The kettle is on.');
      await page.goto(`/r/${closed.id}`);
      await page.getByText('This conversation is not here').waitFor();
      expect(await bob.violations(), 'axe').to.deep.equal([]);
      expect(await page.getByText(closed.name ?? '').count()).to.equal(0);
    });
  }
});

import { expect } from 'chai';
import sharp from 'sharp';
import { stage } from './stage.ts';

describe('what is looked for leads to where it stands', function () {
  this.timeout(240_000);
  const on = stage();

  for (const size of ['desktop', 'phone'] as const)
    it(`a mention in a thread leads to that reply in its thread (${size})`, async () => {
      const [ann, bob] = await Promise.all([on.join('Ann', size), on.enrol('Bob')]);
      const members = [ann.username];
      const room = await bob.rest.createRoom({ type: 'group', name: 'Finders', members });
      const root = await bob.rest.say(room.id, 'A long thread begins');
      const reply = (i: number, text: string): Promise<unknown> =>
        bob.rest.call('POST', `/rooms/${room.id}/messages`, {
          clientId: `reply-${String(i)}`,
          text,
          thread: root.seq,
        });
      await reply(0, `Only you can tell, @${ann.username}`);
      for (let i = 1; i <= 60; i += 1) await reply(i, `and more of it, ${String(i)}`);
      await ann.page.getByRole('button', { name: 'Mentions' }).click();
      const dialog = ann.page.getByRole('dialog', { name: 'Mentions' });
      await dialog.getByRole('button', { name: 'Only you can tell' }).click();
      await dialog.waitFor({ state: 'detached' });
      const pane = ann.page.getByRole('region', { name: 'Thread', exact: true });
      const row = pane.getByRole('article').filter({ hasText: 'Only you can tell' });
      await pane.locator('article[aria-current=location]').waitFor();
      expect(await row.getAttribute('aria-current')).to.equal('location');
      const [inner, outer] = await Promise.all([row.boundingBox(), pane.boundingBox()]);
      expect(inner!.y).to.be.within(outer!.y, outer!.y + outer!.height);
    });

  it('pictures and files are seen among what was found', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.enrol('Bob')]);
    await bob.rest.createRoom({ type: 'group', name: 'Keepers', members: [ann.username] });
    await bob.enter();
    await bob.openRoom('Keepers');
    const chooser = bob.page.waitForEvent('filechooser');
    await bob.page.getByRole('button', { name: /^Attach/ }).click();
    const picture = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#0b6570' } })
      .png()
      .toBuffer();
    await (
      await chooser
    ).setFiles([
      { name: 'lagoon.png', mimeType: 'image/png', buffer: picture },
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('words') },
    ]);
    await bob.composer().fill(`@${ann.username} see`);
    const send = bob.page.getByRole('button', { name: 'Send', exact: true });
    await bob.page.locator('button[aria-label="Send"]:not([disabled])').waitFor();
    await send.click();
    await bob.sees('notes.txt');
    await ann.roomLink('Keepers').getByText('1 mentions').waitFor();
    await ann.page.getByRole('button', { name: 'Mentions' }).click();
    const found = ann.page.getByRole('dialog', { name: 'Mentions' }).getByRole('listitem');
    await found.getByRole('img', { name: 'lagoon.png' }).waitFor();
    await found.getByText('notes.txt').waitFor();
  });

  it('Enter takes the emoji that was searched for, and what is typed for the picker does nothing behind it', async () => {
    const [ann] = await on.pair('Fine?');
    const row = ann.article('Fine?').first();
    const address = ann.page.url();
    const openPicker = async (): Promise<void> => {
      await row.hover();
      await row.getByRole('button', { name: 'More reactions' }).click();
    };
    await openPicker();
    await ann.page.keyboard.press('t');
    const dialog = ann.page.getByRole('dialog', { name: 'Pick an emoji' });
    await dialog.getByRole('combobox').fill('rocket');
    await dialog.getByRole('option', { name: 'rocket' }).first().waitFor();
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await ann.page.keyboard.press('Enter');
    await row.getByRole('list', { name: 'Reactions' }).getByRole('button', { name: '🚀' }).waitFor();
    await dialog.waitFor({ state: 'detached' });
    expect(ann.page.url()).to.equal(address);
    await openPicker();
    await dialog.getByRole('combobox').fill('zzzz');
    await dialog.getByText('No emoji is called that.').waitFor();
  });

  it('what is typed before the emojis are here is searched for once they are, and Enter counts', async () => {
    const [ann] = await on.pair('Fine?');
    const row = ann.article('Fine?').first();
    const chunk = /emoji-board[^/]*\.js/;
    const openPicker = async (): Promise<void> => {
      await row.hover();
      await row.getByRole('button', { name: 'More reactions' }).click();
    };
    const dialog = ann.page.getByRole('dialog', { name: 'Pick an emoji' });
    await ann.page.route(chunk, (route) => route.abort());
    await openPicker();
    await dialog.getByText('could not be loaded').waitFor();
    await ann.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });

    await ann.page.unroute(chunk);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await ann.page.route(chunk, async (route) => {
      await held;
      await route.continue();
    });
    await openPicker();
    await dialog.getByRole('searchbox', { name: 'Search emojis' }).waitFor();
    await ann.page.keyboard.type('rocket');
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await ann.page.keyboard.press('Enter');
    release();
    await row.getByRole('list', { name: 'Reactions' }).getByRole('button', { name: '🚀' }).waitFor();
    await dialog.waitFor({ state: 'detached' });
  });
});

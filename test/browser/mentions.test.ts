import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import type { Room } from '../../shared/wire/rest.ts';
import type { BrowserPerson, Size } from '../support/browser.ts';
import { Person } from '../support/person.ts';
import { act } from './message-acts.ts';
import { stage, type Actor } from './stage.ts';

describe('mentions, pins and search in the browser', function () {
  this.timeout(180_000);
  const on = stage();

  /** A group of somebody over REST with people in browsers, who stand in their room list. */
  const group = async (name: string, ...people: readonly Actor[]): Promise<{ owner: Person; room: Room }> => {
    const owner = await Person.register(on.parley.place, 'owner');
    const members = people.map(({ username }) => username);
    const room = await owner.createRoom({ type: 'group', name, members });
    return { owner, room };
  };
  const shot = async ({ page }: BrowserPerson, name: string): Promise<void> => {
    const folder = process.env['PARLEY_SHOTS'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
  };
  const offered = ({ page }: BrowserPerson): Locator =>
    page.getByRole('listbox', { name: 'People to mention' });
  const badge = (person: BrowserPerson, room: string, text: string): Promise<void> =>
    person.roomLink(room).getByText(text).waitFor();
  const inSight = (row: Locator): Promise<boolean> =>
    row.evaluate((element) => {
      const { top, bottom } = element.getBoundingClientRect();
      return top >= 0 && bottom <= window.innerHeight;
    });

  it('a name is completed by keyboard, badged for whom it means on all devices, and a chip with a profile', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    const bob2 = await on.device(bob);
    const { owner } = await group('Harbour', ann, bob);
    await ann.openRoom('Harbour');
    await ann.composer().pressSequentially('Ask @bo');
    await offered(ann).getByRole('option', { name: bob.fullName }).waitFor();
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await shot(ann, 'complete');
    await ann.page.keyboard.press('Enter');
    expect(await ann.composer().inputValue()).to.equal(`Ask @${bob.username} `);
    await ann.page.keyboard.type('about it');
    await ann.page.keyboard.press('Enter');
    const said = `Ask @${bob.username} about it`;
    await ann.sees(said);
    for (const device of [bob, bob2]) await badge(device, 'Harbour', '@1');
    await owner.say((await owner.call<{ rooms: Room[] }>('GET', '/rooms')).rooms[0]!.id, 'and @room, too');
    for (const device of [bob, bob2]) await badge(device, 'Harbour', '@2');
    // A device that was away counts the same.
    await bob2.page.reload();
    await badge(bob2, 'Harbour', '@2');
    await bob.openRoom('Harbour');
    await bob.sees(said);
    for (const device of [bob, bob2])
      await device.roomLink('Harbour').getByText(/@\d/).waitFor({ state: 'detached' });
    const chip = bob.article(said).getByText(`@${bob.username}`);
    expect(await chip.getAttribute('class')).to.contain('mine');
    await shot(bob, 'named');
    await ann
      .article(said)
      .getByRole('button', { name: `@${bob.username}` })
      .click();
    const profile = ann.page.getByRole('dialog', { name: 'Profile' });
    await profile.getByText(bob.fullName).waitFor();
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await profile.getByRole('button', { name: 'Message' }).click();
    await ann.page.getByRole('textbox', { name: `Message ${bob.fullName}` }).waitFor();
  });

  it('Escape puts the offer away and leaves what was typed; the editor offers, too', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await group('Pier', ann, bob);
    await ann.openRoom('Pier');
    await ann.composer().pressSequentially('@');
    await offered(ann).getByRole('option', { name: 'room' }).waitFor();
    await ann.page.keyboard.press('Escape');
    await offered(ann).waitFor({ state: 'detached' });
    expect(await ann.composer().inputValue()).to.equal('@');
    await ann.say('For nobody yet');
    await ann
      .article('For nobody yet')
      .getByRole('img', { name: /Sent|Delivered|Read/ })
      .waitFor();
    await ann.composer().press('ArrowUp');
    const editor = ann.page.getByRole('textbox', { name: 'Edit message' });
    await editor.fill('For ');
    await editor.pressSequentially('@bob');
    await offered(ann).getByRole('option', { name: bob.fullName }).click();
    // While people are offered the field is a combobox; afterwards it is a textbox again.
    await offered(ann).waitFor({ state: 'detached' });
    await editor.press('Enter');
    await ann.sees(`For @${bob.username}`);
    await badge(bob, 'Pier', '@1');
  });

  for (const size of ['desktop', 'phone'] satisfies Size[])
    it(`a mention far back is found in the list of mentions and shown in its context (${size})`, async () => {
      const ann = await on.join('Ann', size);
      const { owner, room } = await group('Long', ann);
      await owner.say(room.id, `Look here, @${ann.username}, once`);
      for (let i = 0; i < 24; i += 1)
        await Promise.all(Array.from({ length: 10 }, (_, k) => owner.say(room.id, `filler ${i}-${k}`)));
      await ann.roomLink('Long').waitFor();
      const dialog = ann.page.getByRole('dialog', { name: 'Mentions' });
      const found = dialog.getByRole('button', { name: 'Look here' });
      for (;;) {
        await ann.page.getByRole('button', { name: 'Mentions', exact: true }).click();
        await dialog.waitFor();
        const hit = await found.waitFor({ timeout: 1_500 }).then(
          () => true,
          () => false,
        );
        if (hit) break;
        await ann.page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
      }
      expect(await ann.violations(), 'axe').to.deep.equal([]);
      await shot(ann, `mentions-${size}`);
      await found.click();
      const row = ann.article('Look here');
      await row.waitFor();
      await ann.page.locator('[aria-current=location]').waitFor();
      expect(await inSight(row)).to.equal(true);
      await shot(ann, `jumped-${size}`);
      // From there on to the newest.
      await ann.page.getByRole('button', { name: /Jump to newest|new message/ }).click();
      await ann.sees('filler 23-');
      await ann.say('back at the end');
      await ann.sees('back at the end');
    });

  it('a pinned message is a notice to all, stands in the details, and is unpinned there', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await group('Quay', ann, bob);
    await ann.openRoom('Quay');
    await ann.say('The code is 1234');
    await bob.openRoom('Quay');
    const row = ann.article('The code is 1234');
    await row.getByRole('img', { name: /Sent|Delivered|Read/ }).waitFor();
    await act(row, 'Pin');
    await row.getByText('Pinned').waitFor();
    await bob.article('The code is 1234').getByText('Pinned').waitFor();
    await bob.page.getByText(`${ann.fullName} pinned a message`).first().waitFor();
    const pins = bob.page.getByRole('region', { name: 'Pinned messages' });
    await pins.getByText('The code is 1234').waitFor();
    expect(await bob.violations(), 'axe').to.deep.equal([]);
    await shot(bob, 'pins');
    await pins.getByRole('button', { name: 'The code is 1234' }).click();
    await bob.page.locator('[aria-current=location]').waitFor();
    await pins.getByRole('button', { name: 'Unpin' }).click();
    await pins.waitFor({ state: 'detached' });
    await row.getByText('Pinned').waitFor({ state: 'detached' });
  });

  for (const size of ['desktop', 'phone'] satisfies Size[])
    it(`search finds by words and filters, and leads to the message (${size})`, async () => {
      const ann = await on.join('Ann', size);
      const { owner, room } = await group('Dock works', ann);
      const word = `ostrich${Date.now()}`;
      await owner.say(room.id, `The ${word} has landed`);
      for (let i = 0; i < 12; i += 1)
        await Promise.all(Array.from({ length: 10 }, (_, k) => owner.say(room.id, `filler ${i}-${k}`)));
      await owner.say(room.id, `A link for the ${word}: https://example.org/x`);
      await ann.openRoom('Dock works');
      if (size === 'desktop') await ann.page.keyboard.press('Control+f');
      else await ann.page.getByRole('button', { name: 'Search in this conversation' }).click();
      const dialog = ann.page.getByRole('dialog', { name: 'Search messages' });
      const field = dialog.getByRole('searchbox', { name: 'Search messages' });
      expect(await field.inputValue()).to.contain('in:"Dock works"');
      await field.press('End');
      await field.pressSequentially(word);
      const results = dialog.getByRole('list', { name: 'Found messages' });
      for (;;) {
        await field.press('Enter');
        const hit = await results
          .getByText('has landed')
          .waitFor({ timeout: 1_500 })
          .then(
            () => true,
            () => false,
          );
        if (hit && (await results.getByRole('listitem').count()) === 2) break;
      }
      expect(await results.locator('mark').first().textContent()).to.equal(word);
      expect(await ann.violations(), 'axe').to.deep.equal([]);
      await shot(ann, `search-${size}`);
      await dialog.getByRole('button', { name: 'has:link' }).click();
      await results.getByText('has landed').waitFor({ state: 'detached' });
      await dialog.getByRole('button', { name: 'Remove has:link' }).click();
      await results.getByRole('button', { name: 'has landed' }).click();
      await dialog.waitFor({ state: 'detached' });
      const row = ann.article('has landed');
      await row.waitFor();
      await ann.page.locator('[aria-current=location]').waitFor();
      expect(await inSight(row)).to.equal(true);
    });

  it('search finds words as they are typed, and by what messages have', async () => {
    const ann = await on.join('Ann');
    const { owner, room } = await group('Menagerie', ann);
    await owner.say(room.id, 'A wombatologist writes about wombats');
    await owner.say(room.id, 'See https://example.org/menagerie');
    await ann.openRoom('Menagerie');
    await ann.page.keyboard.press('Control+f');
    const dialog = ann.page.getByRole('dialog', { name: 'Search messages' });
    const field = dialog.getByRole('searchbox', { name: 'Search messages' });
    const results = dialog.getByRole('list', { name: 'Found messages' });
    await field.press('End');
    const hit = results.getByRole('button', { name: 'A wombatologist writes' });
    await field.pressSequentially('womb');
    // The index follows within seconds; nobody presses Enter.
    for (let isFound = false; !isFound;) {
      isFound = await hit.waitFor({ timeout: 1_500 }).then(
        () => true,
        () => false,
      );
      if (!isFound) await field.press('a').then(() => field.press('Backspace'));
    }
    expect(await results.locator('mark').allTextContents()).to.deep.equal(['wombatologist', 'wombats']);
    for (let i = 0; i < 4; i += 1) await field.press('Backspace');
    await dialog.getByRole('button', { name: 'has:link' }).click();
    await results.getByRole('button', { name: 'See https://example.org/menagerie' }).waitFor();
    expect(await results.getByRole('listitem').count()).to.equal(1);
    await dialog.getByRole('button', { name: 'Remove has:link' }).click();
    await dialog.getByRole('button', { name: 'has:voice' }).click();
    await dialog.getByText('Nothing found').waitFor();
  });

  it('search says when nothing is found, and what it does not understand', async () => {
    const ann = await on.join('Ann');
    await ann.page.getByRole('button', { name: 'Search messages' }).click();
    const dialog = ann.page.getByRole('dialog', { name: 'Search messages' });
    await dialog.getByText('Find what was said').waitFor();
    await dialog.getByRole('searchbox').fill('in:nowhere x');
    await dialog.getByText('You are in no conversation called').waitFor();
    await dialog.getByRole('searchbox').fill('nosuchwordanywhere');
    await dialog.getByText('Nothing found').waitFor();
  });

  it('search names the filters where nothing is found, and looks further without them', async () => {
    const ann = await on.join('Ann', 'phone');
    const { owner, room } = await group('Lighthouse', ann);
    const word = `lamp${Date.now()}`;
    await owner.say(room.id, `The ${word} is lit`);
    await ann.openRoom('Lighthouse');
    await ann.page.getByRole('button', { name: 'Search in this conversation' }).tap();
    const dialog = ann.page.getByRole('dialog', { name: 'Search messages' });
    const field = dialog.getByRole('searchbox', { name: 'Search messages' });
    const results = dialog.getByRole('list', { name: 'Found messages' });
    await field.press('End');
    await field.pressSequentially(`${word} has:image from:${ann.username} `);
    await dialog.getByText('Nothing found').waitFor();
    await shot(ann, 'search-nothing-phone');
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await dialog.getByRole('button', { name: 'Without has: image' }).tap();
    await dialog.getByRole('button', { name: 'Without has: image' }).waitFor({ state: 'detached' });
    await dialog.getByRole('button', { name: 'Without filters' }).tap();
    for (;;) {
      const isFound = await results
        .getByText('is lit')
        .waitFor({ timeout: 1_500 })
        .then(
          () => true,
          () => false,
        );
      if (isFound) break;
      await field.press('Enter');
    }
    expect(await field.inputValue()).to.equal(word);
    await dialog.getByRole('button', { name: 'Close' }).tap();
    await dialog.waitFor({ state: 'detached' });
  });

  it('search is taken up where it was left, and typed over', async () => {
    const ann = await on.join('Ann');
    const { owner, room } = await group('Pier', ann);
    await owner.say(room.id, 'hello');
    await ann.openRoom('Pier');
    const dialog = ann.page.getByRole('dialog', { name: 'Search messages' });
    const field = dialog.getByRole('searchbox', { name: 'Search messages' });
    await ann.page.keyboard.press('Control+f');
    await field.waitFor();
    await ann.page.keyboard.type('gulls');
    await ann.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await ann.page.keyboard.press('Control+f');
    await field.waitFor();
    expect(await field.inputValue()).to.match(/^in:Pier\S* gulls$/);
    await ann.page.keyboard.type('terns');
    expect(await field.inputValue()).to.match(/^in:Pier\S* terns$/);
    await ann.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await ann.page.getByRole('button', { name: 'Search messages' }).click();
    await field.waitFor();
    await ann.page.keyboard.type('x');
    expect(await field.inputValue()).to.equal('x');
  });

  it('search goes through what the device keeps while it is offline, and asks the server when it is not any more', async () => {
    const ann = await on.join('Ann');
    const { owner, room } = await group('Quay', ann);
    const word = `crate${Date.now()}`;
    const old = await owner.say(room.id, `An old ${word}`);
    await owner.say(room.id, `Another ${word}, https://crates.example`);
    await ann.openRoom('Quay');
    await ann.page.getByRole('button', { name: 'Search messages' }).click();
    const dialog = ann.page.getByRole('dialog', { name: 'Search messages' });
    const found = dialog.getByRole('list', { name: 'Found messages' }).getByRole('button');
    const note = dialog.getByText('Only what this device keeps was searched');
    await ann.context.setOffline(true);
    await ann.page.keyboard.type(`${word} has:link`);
    await note.waitFor();
    await found.filter({ hasText: 'Another' }).waitFor();
    expect(await found.count()).to.equal(1);
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await shot(ann, 'search-offline');
    await dialog.getByRole('searchbox').fill(word);
    await found.filter({ hasText: 'An old' }).click();
    await ann.page.locator(`article[data-seq="${old.seq}"]`).waitFor();
    await ann.page.getByRole('button', { name: 'Search messages' }).click();
    await note.waitFor();
    await ann.context.setOffline(false);
    await note.waitFor({ state: 'detached' });
    await dialog.getByText('An old').or(dialog.getByText('Nothing found')).waitFor();
  });
});

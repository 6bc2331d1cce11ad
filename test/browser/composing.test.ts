import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import type { Room } from '../../shared/wire/rest.ts';
import type { BrowserPerson, Size } from '../support/browser.ts';
import type { Person } from '../support/person.ts';
import { stage, type Actor } from './stage.ts';
import { longPress } from './touch-acts.ts';

describe('composing a message in the browser', function () {
  this.timeout(180_000);
  const on = stage();

  const shot = async ({ page }: BrowserPerson, name: string): Promise<void> => {
    const folder = process.env['PARLEY_SHOTS'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
  };
  const group = async (name: string, ...people: readonly Actor[]): Promise<{ owner: Person; room: Room }> => {
    const owner = await on.parley.register('owner');
    const members = people.map(({ username }) => username);
    return { owner, room: await owner.createRoom({ type: 'group', name, members }) };
  };
  const text = (person: BrowserPerson): Promise<string> => person.composer().inputValue();
  const offers = (person: BrowserPerson, name: string): Locator =>
    person.page.getByRole('listbox', { name, exact: true });
  const says = (person: BrowserPerson): Locator => person.page.locator('form').getByRole('alert');
  const stored = (person: BrowserPerson, words: string): Promise<void> =>
    person
      .article(words)
      .getByRole('img', { name: /Sent|Delivered|Read/ })
      .first()
      .waitFor();

  /** A command is done. */
  const emptied = (person: BrowserPerson): Promise<unknown> =>
    person.page.waitForFunction(
      () => document.querySelector<HTMLTextAreaElement>('textarea[aria-label^="Message "]')?.value === '',
    );

  it('keys format what is selected, and each of them can be undone', async () => {
    const [ann, bob] = await on.pair();
    const { keyboard } = ann.page;
    await ann.composer().pressSequentially('so bold');
    for (let i = 0; i < 4; i += 1) await keyboard.press('Shift+ArrowLeft');
    await keyboard.press('Control+b');
    expect(await text(ann)).to.equal('so **bold**');
    await keyboard.press('Control+i');
    expect(await text(ann)).to.equal('so ***bold***');
    await keyboard.press('Control+z');
    expect(await text(ann)).to.equal('so **bold**');
    await keyboard.press('Control+z');
    expect(await text(ann)).to.equal('so bold');
    await keyboard.press('Control+y');
    expect(await text(ann)).to.equal('so **bold**');
    await keyboard.press('End');
    await keyboard.type(' and ');
    await keyboard.press('Control+Shift+x');
    await keyboard.type('gone');
    await keyboard.press('Control+Shift+x');
    await keyboard.type(' or ');
    await keyboard.press('Control+e');
    await keyboard.type('code');
    await keyboard.press('Control+e');
    expect(await text(ann)).to.equal('so **bold** and ~~gone~~ or `code`');
    await keyboard.press('Enter');
    const row = bob.page.getByRole('article').last();
    await row.locator('strong').getByText('bold').waitFor();
    await row.locator('s').getByText('gone').waitFor();
    await row.locator('code').getByText('code').waitFor();
  });

  it('lists and quotes go on with a new line and end with an empty one, in the editor as well', async () => {
    const [ann, bob] = await on.pair();
    const { keyboard } = ann.page;
    await ann.composer().pressSequentially('1. bread');
    await keyboard.press('Shift+Enter');
    await keyboard.type('milk');
    await keyboard.press('Shift+Enter');
    await keyboard.press('Shift+Enter');
    await keyboard.type('> soon');
    expect(await text(ann)).to.equal('1. bread\n2. milk\n> soon');
    await keyboard.press('Shift+Enter');
    expect(await text(ann)).to.equal('1. bread\n2. milk\n> soon\n> ');
    await keyboard.press('Enter');
    await stored(ann, 'bread');
    await bob.page.getByRole('article').last().getByRole('listitem').nth(1).waitFor();
    expect(await bob.page.getByRole('article').last().getByRole('listitem').allInnerTexts()).to.deep.equal([
      'bread',
      'milk',
    ]);
    await ann.composer().press('ArrowUp');
    const editor = ann.page.getByRole('textbox', { name: 'Edit message' });
    await editor.fill('- salt');
    await editor.press('Shift+Enter');
    await keyboard.type('oil');
    await keyboard.press('Control+a');
    await keyboard.press('Control+b');
    expect(await editor.inputValue()).to.equal('- **salt**\n- **oil**');
    await editor.press('Enter');
    await bob.page.getByRole('article').last().locator('strong').getByText('oil').waitFor();
  });

  for (const size of ['desktop', 'phone'] satisfies Size[])
    it(`an emoji is found by its name, by keys or a finger, and stands where it was typed (${size})`, async () => {
      const [ann, bob] = await on.pair('hello', [size, undefined]);
      const { keyboard } = ann.page;
      await ann.composer().pressSequentially('ship :rocke');
      await offers(ann, 'Emojis')
        .getByRole('option', { name: /:rocket:/ })
        .waitFor();
      expect(await ann.violations(), 'axe').to.deep.equal([]);
      const active = await ann.page
        .getByRole('textbox', { name: /^Message / })
        .getAttribute('aria-activedescendant');
      expect(await ann.page.locator(`[id="${active ?? ''}"]`).getAttribute('aria-selected')).to.equal('true');
      await shot(ann, `emojis-${size}`);
      if (size === 'desktop') await keyboard.press('Enter');
      else
        await offers(ann, 'Emojis')
          .getByRole('option', { name: /:rocket:/ })
          .tap();
      await offers(ann, 'Emojis').waitFor({ state: 'detached' });
      expect(await text(ann)).to.equal('ship 🚀 ');
      await keyboard.type('it :tada:');
      await ann.page.waitForFunction(
        () =>
          document.querySelector<HTMLTextAreaElement>('textarea[aria-label^="Message "]')?.value ===
          'ship 🚀 it 🎉',
      );
      await keyboard.press('Control+z');
      expect(await text(ann), 'taken back to the name').to.equal('ship 🚀 it :tada:');
      await keyboard.press('End');
      await keyboard.type(' at 10:30:45 :)');
      expect(await text(ann), 'a time and a smiley stay').to.match(/ at 10:30:45 :\)$/);
      await keyboard.press('Enter');
      await bob.sees('ship 🚀 it :tada: at 10:30:45 :)');
    });

  it('commands are offered, do what they say, and an unknown one sends nothing', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await on.meet(ann, bob);
    const { page } = ann;
    const { room, owner } = await group('Orchard', ann);
    await owner.call('PATCH', `/rooms/${room.id}/members/${ann.username}`, { role: 'admin' });
    await ann.openRoom('Orchard');
    await ann.composer().pressSequentially('/');
    await offers(ann, 'Commands').getByRole('option', { name: '/topic' }).waitFor();
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await shot(ann, 'commands');
    await page.keyboard.type('to');
    await page.keyboard.press('Tab');
    expect(await text(ann)).to.equal('/topic ');
    await page.keyboard.type('Apples first');
    await page.keyboard.press('Enter');
    await page.getByText('You set the topic to “Apples first”').first().waitFor();
    await emptied(ann);

    await ann.say('/dance');
    await says(ann).getByText('There is no command /dance').waitFor();
    expect(await text(ann), 'it can be mended').to.equal('/dance');
    await shot(ann, 'unknown-command');
    await ann.say(' /dance');
    await stored(ann, '/dance');
    expect(await says(ann).count()).to.equal(0);

    await ann.say('/invite @nobody-of-this-name');
    await says(ann).getByText('Nobody is called @nobody-of-this-name.').waitFor();
    await ann.composer().fill('/invite ');
    await ann.composer().pressSequentially(`@${bob.username.slice(0, 7)}`);
    await offers(ann, 'People to mention').getByRole('option', { name: bob.fullName }).click();
    expect(await text(ann)).to.equal(`/invite @${bob.username} `);
    await ann.composer().press('Enter');
    await bob.roomLink('Orchard').waitFor();
    await emptied(ann);

    await ann.say('/shrug no idea');
    await ann.sees('no idea ¯\\_(ツ)_/¯');
    await ann.say('/me waves');
    await ann.page.getByRole('article').last().locator('em').getByText('waves').waitFor();
    await ann.say('/status 🌴 On the island');
    await page.getByText('Status set').waitFor();
    await emptied(ann);
    await ann.say('/mute 8h');
    await page.getByText('Muted for 8h').waitFor();
    await emptied(ann);
    const { rooms } = await owner.call<{ rooms: Room[] }>('GET', '/rooms');
    expect(rooms[0]?.topic).to.equal('Apples first');
    await ann.say('/leave');
    await ann.roomLink('Orchard').waitFor({ state: 'detached' });
  });

  it('a command that is refused changes nothing and says why', async () => {
    const ann = await on.join('Ann');
    const { owner, room } = await group('Walled', ann);
    await ann.openRoom('Walled');
    await ann.say('/rename Open');
    await says(ann).waitFor();
    expect(await text(ann)).to.equal('/rename Open');
    expect((await owner.call<{ rooms: Room[] }>('GET', '/rooms')).rooms[0]?.name).to.equal('Walled');
    await ann.context.setOffline(true);
    await ann.say('/mute');
    await says(ann).getByText('cannot be reached').waitFor();
    await ann.context.setOffline(false);
    expect(room.name).to.equal('Walled');
  });

  for (const size of ['desktop', 'phone'] satisfies Size[])
    it(`what one reacted with last is at hand first, also after a reload (${size})`, async () => {
      const [ann] = await on.pair('hello', [size, undefined]);
      await stored(ann, 'hello');
      const quick = async (): Promise<string | null> => {
        const row = ann.article('hello').first();
        if (size === 'desktop') await row.hover();
        else await longPress(ann, row);
        const buttons = ann.page.getByRole('button', { name: /^React with / });
        await buttons.first().waitFor();
        return buttons.first().getAttribute('aria-label');
      };
      expect(await quick()).to.equal('React with 👍');
      await ann.page.getByRole('button', { name: 'React with 😂' }).click();
      await ann
        .article('hello')
        .getByRole('list', { name: 'Reactions' })
        .getByRole('button', { name: '😂' })
        .waitFor();
      await ann.page.reload();
      await ann.sees('hello');
      await ann.page.mouse.move(0, 0);
      expect(await quick()).to.equal('React with 😂');
      await shot(ann, `quick-${size}`);
    });

  it('names are chips in texts with markup as well, one’s own apart, and none in code', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await group('Yard', ann, bob);
    await ann.openRoom('Yard');
    await ann.composer().fill(`**Ask @${bob.username}** or @${ann.username}:\n- \`@${bob.username}\``);
    await ann.page.getByRole('button', { name: 'Send', exact: true }).click();
    await bob.openRoom('Yard');
    const row = bob.page.getByRole('article').last();
    await row.locator('strong').getByText('Ask').waitFor();
    const chips = row.locator('.mention');
    await chips.first().waitFor();
    expect(await chips.allInnerTexts()).to.deep.equal([`@${bob.username}`, `@${ann.username}`]);
    expect(await chips.first().getAttribute('class')).to.contain('mine');
    expect(await chips.last().getAttribute('class')).to.not.contain('mine');
    await shot(bob, 'chips');
    await chips.last().click();
    await bob.page.getByRole('dialog', { name: 'Profile' }).getByText(ann.fullName).waitFor();
  });
});

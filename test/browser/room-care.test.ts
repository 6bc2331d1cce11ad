import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import type { BrowserPerson } from '../support/browser.ts';
import { act as actOn } from './message-acts.ts';
import { choose } from './touch-acts.ts';
import { named, stage } from './stage.ts';

describe('looking after conversations in the browser', function () {
  this.timeout(180_000);
  const on = stage();

  const details = (person: BrowserPerson): Locator => person.page.getByRole('region', { name: 'Details' });
  const invite = async (person: BrowserPerson): Promise<string> => {
    await details(person).getByRole('button', { name: 'Invite' }).click();
    await person.page.getByRole('button', { name: 'Create link' }).click();
    const link = await person.page.getByLabel('Your link.').inputValue();
    await person.page.getByRole('list', { name: 'Invite links' }).waitFor();
    return link;
  };
  const closeDialog = async (person: BrowserPerson): Promise<void> => {
    await person.page.getByRole('button', { name: 'Close', exact: true }).click();
    await person.page.getByRole('dialog').waitFor({ state: 'detached' });
  };
  const act = async (person: BrowserPerson, room: string, action: string): Promise<void> => {
    await person.roomLink(room).click({ button: 'right' });
    await person.page.getByRole('dialog').getByRole('button', { name: action, exact: true }).click();
  };

  it('lets somebody without an account come in by a link, on a phone', async () => {
    const ann = await on.join('Ann');
    await on.group(ann, 'Sailing');
    const link = await invite(ann);
    expect(await ann.violations()).to.deep.equal([]);
    await closeDialog(ann);
    const bob = await on.open('phone');
    await bob.page.goto(new URL(link).pathname);
    const { username, name } = named('Bob');
    const invited = bob.page.getByText('You were invited. Sign in or create an account to join.');
    await invited.waitFor();
    await bob.page.getByRole('link', { name: 'Create an account' }).click();
    await invited.waitFor();
    expect(await bob.violations()).to.deep.equal([]);
    await bob.page.getByRole('textbox', { name: 'Username' }).fill(username);
    await bob.page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
    await bob.page.getByRole('textbox', { name: 'Password' }).fill('correct horse battery');
    await bob.page.getByRole('button', { name: 'Create account' }).click();
    await bob.page.getByRole('heading', { name: 'Sailing' }).waitFor();
    expect(await bob.violations()).to.deep.equal([]);
    await bob.page.getByRole('button', { name: 'Join' }).click();
    await bob.composer().waitFor();
    await bob.say('ahoy');
    await ann.sees('ahoy');
    await ann.page.getByText(`${name} joined by your invite link`).first().waitFor();
  });

  it('ends a link that is revoked', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await on.group(ann, 'Chess club');
    const link = await invite(ann);
    await ann.page.getByRole('button', { name: 'Revoke' }).click();
    await ann.page.getByRole('list', { name: 'Invite links' }).waitFor({ state: 'detached' });
    await bob.page.goto(new URL(link).pathname);
    await bob.page.getByText('This invite is no longer good').waitFor();
    await bob.page.getByRole('button', { name: 'Go to your conversations' }).click();
    await bob.signedIn();
    await bob.page.goto('/invite/garbage');
    await bob.page.getByText('This invite is no longer good').waitFor();
  });

  it('archives, mutes and marks unread from the list, on all devices, and what comes takes it out again', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await on.meet(bob, ann);
    await bob.say('first');
    await ann.openRoom(bob.fullName);
    await ann.sees('first');
    const other = await on.device(ann);
    await ann.page.goto('/');
    await ann.signedIn();
    await on.group(ann, 'Elsewhere');
    await act(ann, bob.fullName, 'Mark unread');
    for (const device of [ann, other]) await device.roomLink(bob.fullName).getByText('1 unread').waitFor();
    await act(ann, bob.fullName, 'Mark read');
    await other.roomLink(bob.fullName).getByText('1 unread').waitFor({ state: 'detached' });
    await act(ann, bob.fullName, 'Archive');
    for (const device of [ann, other]) {
      await device.page.getByText('Archived (1)').waitFor();
      expect(await device.roomLink(bob.fullName).isVisible()).to.equal(false);
    }
    await bob.say('second');
    for (const device of [ann, other]) await device.roomLink(bob.fullName).getByText('second').waitFor();
    expect(await ann.page.getByText('Archived (1)').count()).to.equal(0);
    await act(ann, bob.fullName, 'Mute…');
    await ann.page.getByRole('dialog').getByRole('button', { name: 'For 8 hours', exact: true }).click();
    for (const device of [ann, other]) await device.roomLink(bob.fullName).getByLabel('muted').waitFor();
    await act(ann, bob.fullName, 'Add to favourites');
    await other.page
      .getByRole('list', { name: 'Favourites' })
      .getByRole('link', { name: bob.fullName })
      .waitFor();
  });

  it('keeps a conversation open in which there is nothing to mark unread, and says so', async () => {
    const ann = await on.join('Ann');
    await on.group(ann, 'Diary');
    await ann.say('dear diary');
    await ann.sees('dear diary');
    await act(ann, 'Diary', 'Mark unread');
    const sheet = ann.page.getByRole('dialog');
    await sheet.getByRole('alert').getByText('there is nothing to mark').waitFor();
    await ann.page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    await ann.page.getByRole('heading', { name: 'Diary', level: 1 }).waitFor();
  });

  it('marks the open conversation unread, and leaves it for that', async () => {
    const [ann, bob] = [await on.join('Ann'), await on.join('Bob')];
    await bob.message(ann.fullName);
    await bob.say('look at it later');
    await ann.openRoom(bob.fullName);
    await ann.sees('look at it later');
    await ann.say('mine stands behind it');
    await act(ann, bob.fullName, 'Mark unread');
    await ann.roomLink(bob.fullName).getByText('1 unread').waitFor();
    expect(await ann.composer().count()).to.equal(0);
  });

  for (const size of ['desktop', 'phone'] as const)
    it(`marks a conversation unread from a message on, on all devices, and comes back to a line above it (${size})`, async () => {
      const ann = await on.join('Ann', size);
      const owner = await on.parley.register('owner');
      const room = await owner.createRoom({ type: 'group', name: 'Reading club', members: [ann.username] });
      for (const words of ['one', 'two', 'three', 'four']) await owner.say(room.id, `chapter ${words}`);
      await ann.openRoom('Reading club');
      await ann.sees('chapter four');
      const other = await on.device(ann);
      const badge = (person: BrowserPerson): Locator =>
        person.roomLink('Reading club').getByText('3 unread', { exact: true });
      const two = ann.article('chapter two');
      if (size === 'phone') await choose(ann, two, 'Mark unread from here');
      else {
        await two.focus();
        await ann.page.keyboard.press('u');
      }
      for (const device of [ann, other]) await badge(device).waitFor();
      expect(await ann.composer().count(), 'it is left').to.equal(0);
      await ann.openRoom('Reading club');
      const line = ann.page.getByRole('separator', { name: 'New messages' });
      await line.waitFor();
      const below = await line.evaluate((node) => node.closest('[data-row]')?.textContent);
      expect(below).to.include('chapter two');
      for (const device of [ann, other]) await badge(device).waitFor({ state: 'detached' });
    });

  for (const size of ['desktop', 'phone'] as const)
    it(`lists what waits to be sent, at its place and with its sign, until it is sent (${size})`, async () => {
      const ann = await on.join('Ann', size);
      const owner = await on.parley.register('owner');
      for (const name of ['Written in', 'Newer']) {
        const room = await owner.createRoom({ type: 'group', name, members: [ann.username] });
        await owner.say(room.id, `words in ${name}`);
      }
      const first = (): Promise<string | null> =>
        ann.page.getByRole('list', { name: 'Recent' }).getByRole('link').first().textContent();
      const list = async (): Promise<void> => {
        if (size === 'phone') await ann.page.getByRole('button', { name: 'Back to conversations' }).tap();
      };
      await ann.openRoom('Written in');
      await ann.sees('words in Written in');
      await list();
      expect(await first()).to.include('Newer');
      await ann.openRoom('Written in');
      await ann.context.setOffline(true);
      await ann.page.getByText('You are offline').waitFor();
      await ann.say('said in the woods');
      await list();
      const line = ann.roomLink('Written in');
      await line.getByText('You: said in the woods').waitFor();
      const sign = line.getByRole('img', { name: /^(?:Sending|Waiting to be sent)$/u });
      await sign.waitFor();
      expect(await first()).to.include('said in the woods');
      expect(await ann.violations(), 'axe').to.deep.equal([]);
      await ann.context.setOffline(false);
      await sign.waitFor({ state: 'detached' });
      await line.getByText('You: said in the woods').waitFor();
      expect(await first()).to.include('said in the woods');
    });

  it('keeps an invite over a reload of the form that asks who one is', async () => {
    const [ann, bob] = [await on.join('Ann'), await on.open()];
    await on.group(ann, 'Rowing');
    const link = await invite(ann);
    await bob.page.goto(new URL(link).pathname);
    await bob.page.getByText('You were invited').waitFor();
    await bob.page.reload();
    await bob.page.getByText('You were invited').waitFor();
    const { username, name } = named('Bob');
    await bob.page.getByRole('link', { name: 'Create an account' }).click();
    await bob.page.reload();
    await bob.page.getByRole('textbox', { name: 'Username' }).fill(username);
    await bob.page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
    await bob.page.getByRole('textbox', { name: 'Password' }).fill('correct horse battery');
    await bob.page.getByRole('button', { name: 'Create account' }).click();
    await bob.page.getByRole('button', { name: 'Join' }).click();
    await bob.page.getByRole('heading', { name: 'Rowing', level: 1 }).waitFor();
    expect(await bob.page.evaluate(`sessionStorage.getItem('parley.wanted')`)).to.equal(null);
  });

  it('opens the menu of a conversation by a button, with the mouse and with the keyboard', async () => {
    const ann = await on.join('Ann');
    await on.group(ann, 'Buttons');
    const button = ann.page.getByRole('button', { name: 'Menu of Buttons' });
    await ann.roomLink('Buttons').hover();
    await button.click();
    await ann.page.getByRole('dialog').getByRole('button', { name: 'Archive', exact: true }).waitFor();
    await ann.page.keyboard.press('Escape');
    await ann.page.getByRole('dialog').waitFor({ state: 'detached' });
    await button.focus();
    await ann.page.keyboard.press('Enter');
    await ann.page.getByRole('dialog').getByRole('button', { name: 'Mark unread' }).waitFor();
  });

  it('keeps the actions of a message inside a narrow window', async () => {
    const ann = await on.join('Ann');
    await on.group(ann, 'Narrow');
    await ann.say('mine');
    await ann.page.setViewportSize({ width: 390, height: 800 });
    await ann.article('mine').hover();
    const box = await ann.page.getByRole('group', { name: 'Message actions' }).boundingBox();
    expect(box?.x).to.be.at.least(0);
    expect((box?.x ?? 0) + (box?.width ?? 999)).to.be.at.most(390);
  });

  it('learns what another device did while it was away', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await on.meet(bob, ann);
    await bob.say('hello');
    await ann.roomLink(bob.fullName).waitFor();
    const other = await on.device(ann);
    await other.roomLink(bob.fullName).waitFor();
    await other.context.setOffline(true);
    await other.page.getByText('You are offline').waitFor();
    await act(ann, bob.fullName, 'Add to favourites');
    await ann.page.getByRole('list', { name: 'Favourites' }).waitFor();
    await other.context.setOffline(false);
    await other.page
      .getByRole('list', { name: 'Favourites' })
      .getByRole('link', { name: bob.fullName })
      .waitFor();
  });

  it('shows by whom a message in a group was seen', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await on.group(ann, 'Readers', bob);
    await bob.openRoom('Readers');
    await ann.say('who reads this?');
    await bob.sees('who reads this?');
    await ann.article('who reads this?').getByRole('img', { name: 'Read' }).waitFor();
    await actOn(ann.article('who reads this?'), 'Seen by');
    await ann.page.getByRole('list', { name: 'Read' }).getByText(bob.fullName).waitFor();
  });

  it('keeps the messages of a blocked person away, and folds them in groups', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await on.group(ann, 'Mixed', bob);
    await bob.openRoom('Mixed');
    await bob.say('loud words');
    await ann.sees('loud words');
    await ann.message(bob.fullName);
    await ann.say('hi');
    await details(ann).getByRole('button', { name: 'Block', exact: true }).click();
    await details(ann).getByText('You blocked them').waitFor();
    await bob.openRoom(ann.fullName);
    await bob.say('let me in');
    await bob.article('let me in').getByText('Not sent:').waitFor();
    await ann.openRoom('Mixed');
    await ann.page.getByRole('button', { name: 'A message of somebody you blocked. Show' }).waitFor();
    await ann.roomLink('Mixed').getByText('A message of somebody you blocked').waitFor();
    expect(await ann.page.getByText('loud words').count()).to.equal(0);
    await ann.page.getByRole('button', { name: 'A message of somebody you blocked. Show' }).click();
    await ann.sees('loud words');
  });

  it('shows a status beside the name, and hides presence from others', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await on.meet(bob, ann);
    await bob.page.getByText('Online', { exact: false }).first().waitFor();
    await ann.page.getByRole('button', { name: 'Settings' }).click();
    await ann.page.getByRole('button', { name: 'Emoji of the status: none' }).click();
    await ann.pickEmoji('palm tree');
    await ann.page.getByRole('button', { name: 'Emoji of the status: 🌴' }).waitFor();
    await ann.page.getByRole('textbox', { name: 'Status' }).fill('On holiday');
    await ann.page.getByRole('button', { name: 'Save profile' }).click();
    await bob.page.getByText('🌴 On holiday', { exact: false }).first().waitFor();
    await ann.page.getByRole('switch', { name: /^Hide when I am online/ }).check();
    await bob.page.getByText('Online', { exact: false }).first().waitFor({ state: 'detached' });
  });
});

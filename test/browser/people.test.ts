import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import type { BrowserPerson } from '../support/browser.ts';
import { named, stage } from './stage.ts';

const SIZES = ['desktop', 'phone'] as const;
const FOLDED = 'A message of somebody you blocked. Show';

describe('people, rooms and accounts in the browser', function () {
  this.timeout(180_000);
  const on = stage();

  const details = (person: BrowserPerson): Locator => person.page.getByRole('region', { name: 'Details' });
  const openDetails = async (person: BrowserPerson): Promise<void> => {
    if (!(await details(person).isVisible()))
      await person.page.getByRole('button', { name: 'Details', exact: true }).click();
    await details(person).waitFor();
  };
  const openSettings = async (person: BrowserPerson): Promise<Locator> => {
    await person.page.getByRole('button', { name: 'Settings' }).click();
    const dialog = person.page.getByRole('dialog');
    await dialog.getByRole('heading', { name: 'Delete account' }).waitFor();
    return dialog;
  };
  const close = async (person: BrowserPerson): Promise<void> => {
    await person.page.getByRole('button', { name: 'Close', exact: true }).click();
    await person.page.getByRole('dialog').waitFor({ state: 'detached' });
  };
  const create = async (person: BrowserPerson, kind: 'group' | 'channel', name: string): Promise<void> => {
    const { page } = person;
    const label = kind === 'group' ? 'Group' : 'Channel';
    await page.getByRole('button', { name: 'New conversation' }).first().click();
    await page.getByRole('tab', { name: label }).click();
    await page.getByRole('textbox', { name: `${label} name` }).fill(name);
  };
  const home = async (person: BrowserPerson): Promise<void> => {
    await person.page.goto('/');
    await person.signedIn();
  };

  it('takes no name and no text that nobody can see, and writes names as they look', async () => {
    const ann = await on.open();
    const { page } = ann;
    const { username, name } = named('Ann');
    await page.getByRole('link', { name: 'Create an account' }).click();
    await page.getByRole('textbox', { name: 'Username' }).fill(username);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill('\u200b\u3164');
    await page.getByRole('textbox', { name: 'Password' }).fill('correct horse battery');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText('Write something that can be seen.').waitFor();
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill(`\u202e${name}\u200b`);
    await page.getByRole('button', { name: 'Create account' }).click();
    await ann.signedIn();

    const settings = await openSettings(ann);
    const shown = settings.getByRole('textbox', { name: 'Display name' });
    expect(await shown.inputValue()).to.equal(name);
    await shown.fill('\u2060');
    expect(await settings.getByRole('button', { name: 'Save profile' }).isDisabled()).to.equal(true);
    await close(ann);

    await create(ann, 'group', '\u200e\u00ad');
    expect(await page.getByRole('button', { name: 'Create group' }).isDisabled()).to.equal(true);
    await page.getByRole('textbox', { name: 'Group name' }).fill('gen\u200beral \u202enimda 👩‍💻');
    await page.getByRole('button', { name: 'Create group' }).click();
    await page.getByRole('heading', { name: 'general nimda 👩‍💻', level: 1, exact: true }).waitFor();

    await ann.say('\u200b\u202e \u3164');
    await ann.say('می‌خواهم 👩‍💻');
    await ann.sees('می‌خواهم 👩‍💻');
    expect(await page.getByRole('article').count()).to.equal(1);
  });

  for (const size of SIZES) {
    it(`shows a conversation to the other side with its first message (${size})`, async () => {
      const [ann, bob] = [await on.join('Ann'), await on.join('Bob', size)];
      await ann.message(bob.fullName);
      await ann.roomLink(bob.fullName).waitFor();
      // What comes later is there: so would be what came before.
      const cleo = await on.join('Cleo');
      await cleo.message(bob.fullName);
      await cleo.say('first');
      await bob.roomLink(cleo.fullName).waitFor();
      expect(await bob.roomLink(ann.fullName).count()).to.equal(0);
      await home(bob);
      await bob.roomLink(cleo.fullName).waitFor();
      expect(await bob.roomLink(ann.fullName).count()).to.equal(0);
      await ann.say('hello there');
      await bob.roomLink(ann.fullName).getByText('1 unread').waitFor();
      await bob.openRoom(ann.fullName);
      await bob.sees('hello there');
    });
  }

  it('shows an empty conversation to whoever opens it, on all of their devices', async () => {
    const [ann, bob] = [await on.join('Ann'), await on.join('Bob')];
    const other = await on.open();
    await other.signIn(bob.username);
    await ann.message(bob.fullName);
    await bob.message(ann.fullName);
    for (const device of [bob, other]) await device.roomLink(ann.fullName).waitFor();
    await home(bob);
    await bob.roomLink(ann.fullName).waitFor();
  });

  it('leads members by a link that is used up, and nobody else', async () => {
    const [ann, bob, eve] = [await on.join('Ann'), await on.join('Bob'), await on.join('Eve', 'phone')];
    await create(ann, 'group', 'Full house');
    await ann.page.getByRole('button', { name: 'Create group' }).click();
    await ann.composer().waitFor();
    await details(ann).getByRole('button', { name: 'Invite' }).click();
    await ann.page.getByLabel('Good for').selectOption('1');
    await ann.page.getByRole('button', { name: 'Create link' }).click();
    const { pathname } = new URL(await ann.page.getByLabel('Your link.').inputValue());
    await bob.page.goto(pathname);
    await bob.page.getByRole('button', { name: 'Join' }).click();
    await bob.composer().waitFor();
    for (const member of [ann, bob]) {
      await member.page.goto(pathname);
      await member.page.getByRole('heading', { name: 'Full house', level: 1 }).waitFor();
      await member.composer().waitFor();
    }
    await eve.page.goto(pathname);
    await eve.page.getByText('This invite is no longer good').waitFor();
  });

  for (const size of SIZES) {
    it(`lists whom one blocked, hides their words everywhere, and lets them in again (${size})`, async () => {
      const [ann, bob] = [await on.join('Ann', size), await on.join('Bob')];
      const { page } = ann;
      const empty = (await openSettings(ann)).getByText('You have blocked nobody.');
      await empty.waitFor();
      await close(ann);
      await bob.message(ann.fullName);
      await bob.say('loud words');
      await ann.openRoom(bob.fullName);
      await ann.sees('loud words');
      await openDetails(ann);
      await details(ann).getByRole('button', { name: 'Block', exact: true }).click();
      await details(ann).getByText('You blocked them').waitFor();
      await home(ann);
      await ann.openRoom(bob.fullName);
      await page.getByRole('button', { name: FOLDED }).waitFor();
      expect(await page.getByText('loud words').count()).to.equal(0);
      await page.getByRole('button', { name: FOLDED }).click();
      await ann.sees('loud words');
      await home(ann);
      const list = (await openSettings(ann)).getByRole('list', { name: 'Blocked people' });
      await list.getByText(bob.fullName).waitFor();
      expect(await ann.violations()).to.deep.equal([]);
      await list.getByRole('button', { name: `Unblock ${bob.fullName}` }).click();
      await empty.waitFor();
      await close(ann);
      await bob.say('may I?');
      await ann.openRoom(bob.fullName);
      for (const text of ['loud words', 'may I?']) await ann.sees(text);
    });
  }

  it('makes a channel private and, once it is sure, public again', async () => {
    const [ann, bob] = [await on.join('Ann'), await on.join('Bob', 'phone')];
    const { name } = named('harbour');
    const heading = { name: `#${name}`, level: 1 };
    await create(ann, 'channel', name);
    await ann.page.getByRole('button', { name: 'Create channel' }).click();
    await ann.page.getByRole('heading', heading).first().waitFor();
    const edit = async (access: 'Public' | 'Private'): Promise<void> => {
      await details(ann).getByRole('button', { name: 'Edit channel' }).click();
      await details(ann).getByRole('radio', { name: access }).check();
    };
    await edit('Private');
    await details(ann).getByText('Who is a member stays one.').waitFor();
    await details(ann).getByRole('button', { name: 'Save' }).click();
    await ann.page.getByText('You made the channel private').first().waitFor();
    await ann.say('among us');
    await ann.sees('among us');

    await edit('Public');
    await details(ann).getByRole('button', { name: 'Save' }).click();
    const question = details(ann).getByRole('group', { name: 'Make this channel public?' });
    await question.getByText('read everything that was ever written here').waitFor();
    expect(await ann.violations()).to.deep.equal([]);
    await question.getByRole('button', { name: 'Back' }).click();
    await details(ann).getByRole('button', { name: 'Save' }).click();
    await question.getByRole('button', { name: 'Make public' }).click();
    await ann.page.getByText('You made the channel public').first().waitFor();

    await bob.page.getByRole('button', { name: 'New conversation' }).first().click();
    await bob.page.getByRole('tab', { name: 'Browse' }).click();
    await bob.page.getByRole('searchbox').fill(name);
    await bob.page.getByRole('button', { name: `Join ${name}` }).click();
    await bob.sees('among us');
    await openDetails(bob);
    expect(await details(bob).getByRole('button', { name: 'Edit channel' }).count()).to.equal(0);
  });

  for (const size of SIZES) {
    it(`deletes an account by its password, on all devices at once, and leaves what was said (${size})`, async () => {
      const [ann, bob] = [await on.join('Ann', size), await on.join('Bob')];
      const { page } = ann;
      await ann.message(bob.fullName);
      await ann.say('remember me');
      await bob.openRoom(ann.fullName);
      await bob.sees('remember me');
      const other = await on.open();
      await other.signIn(ann.username);
      if (size === 'phone') await home(ann);
      const settings = await openSettings(ann);
      await settings.getByRole('button', { name: 'Delete account…' }).click();
      await settings.getByText('Your messages stay, shown as written by “Deleted user”.').waitFor();
      expect(await ann.violations()).to.deep.equal([]);
      const password = settings.getByRole('textbox', { name: 'Your password' });
      await password.fill('wrong horse');
      await settings.getByRole('button', { name: 'Delete my account' }).click();
      await settings.getByText('This is not your password.').waitFor();
      await settings.getByRole('button', { name: 'Keep it' }).click();
      await settings.getByRole('button', { name: 'Delete account…' }).click();
      await password.fill('correct horse battery');
      await settings.getByRole('button', { name: 'Delete my account' }).click();
      await page.getByText('Your account is deleted.').waitFor();
      for (const device of [ann, other]) await device.page.getByRole('button', { name: 'Sign in' }).waitFor();
      await bob.page.getByRole('heading', { name: 'Deleted user', level: 1 }).first().waitFor();
      await bob.sees('remember me');
      await page.getByRole('textbox', { name: 'Username' }).fill(ann.username);
      await page.getByRole('textbox', { name: 'Password' }).fill('correct horse battery');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('This username and password do not match.').waitFor();
    });
  }
});

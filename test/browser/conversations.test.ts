import { expect } from 'chai';
import type { BrowserPerson } from '../support/browser.ts';
import { act, details, member } from './members-acts.ts';
import { act as actOn } from './message-acts.ts';
import { dialog } from './phone-acts.ts';
import { stage, type Actor } from './stage.ts';
import { longPress } from './touch-acts.ts';

describe('conversations in the browser', function () {
  this.timeout(180_000);
  const on = stage();

  const notice = (person: BrowserPerson, text: string): Promise<void> =>
    person.page.getByRole('main').getByText(text).first().waitFor();
  const pick = async (person: BrowserPerson, name: string): Promise<void> => {
    await person.page.getByRole('searchbox', { name: 'Search people' }).fill(name);
    await person.page
      .getByRole('list', { name: 'People', exact: true })
      .getByRole('button', { name })
      .click();
  };
  const create = async (
    person: BrowserPerson,
    kind: 'Group' | 'Channel',
    name: string,
    ...people: readonly Actor[]
  ): Promise<void> => {
    const { page } = person;
    await page.getByRole('button', { name: 'New conversation' }).first().click();
    await page.getByRole('tab', { name: kind }).click();
    await page.getByRole('textbox', { name: `${kind} name` }).fill(name);
    for (const { fullName } of people) await pick(person, fullName);
    await page.getByRole('button', { name: `Create ${kind.toLowerCase()}` }).click();
    await page.getByRole('heading', { name, level: 1 }).waitFor();
    await person.composer().waitFor();
  };
  const press = (person: BrowserPerson, name: string): Promise<void> =>
    dialog(person).getByRole('button', { name, exact: true }).click();

  it('tell everybody in words what happened to them', async () => {
    const [ann, bob, cleo] = await Promise.all([on.join('Ann'), on.join('Bob'), on.join('Cleo')]);
    await create(ann, 'Group', 'Choir', bob);
    await bob.openRoom('Choir');
    await details(ann).getByRole('button', { name: 'Add people' }).click();
    await pick(ann, cleo.fullName);
    await ann.page.getByRole('button', { name: 'Add', exact: true }).click();
    await notice(ann, `You added ${cleo.fullName}`);
    await notice(bob, `${ann.fullName} added ${cleo.fullName}`);
    await act(ann, bob.fullName, 'Make admin');
    await notice(ann, `You made ${bob.fullName} an admin`);
    await notice(bob, `${ann.fullName} made you an admin`);
    expect(await menuOf(bob, cleo.fullName), 'an admin changes no roles').to.not.include('Make admin');
    await act(ann, bob.fullName, 'Make member');
    await notice(bob, `${ann.fullName} made you a member`);
    await act(ann, cleo.fullName, 'Remove');
    await notice(bob, `${ann.fullName} removed ${cleo.fullName}`);
    await details(ann).getByRole('button', { name: 'Edit group' }).click();
    await details(ann).getByRole('textbox', { name: 'Name' }).fill('Chamber choir');
    await details(ann).getByRole('textbox', { name: 'Topic' }).fill('Bach on Tuesdays');
    await details(ann).getByRole('button', { name: 'Save' }).click();
    await notice(bob, `${ann.fullName} renamed the room to “Chamber choir”`);
    await notice(bob, `${ann.fullName} set the topic to “Bach on Tuesdays”`);
    await ann.say('programme');
    await actOn(ann.article('programme'), 'Pin');
    await notice(bob, `${ann.fullName} pinned a message`);
    await act(ann, bob.fullName, 'Make owner');
    await press(ann, 'Hand over');
    await notice(bob, `${ann.fullName} made you the owner`);
    await notice(ann, `You made ${bob.fullName} the owner`);
    await details(ann).getByRole('button', { name: 'Leave group' }).click();
    await details(ann).getByRole('button', { name: 'Leave', exact: true }).click();
    await notice(bob, `${ann.fullName} left`);
  });

  async function menuOf(person: BrowserPerson, name: string): Promise<string[]> {
    await member(person, name)
      .getByRole('button', { name: `Actions for ${name}` })
      .click();
    const items = await person.page.getByRole('menuitem').allInnerTexts();
    await person.page.keyboard.press('Escape');
    return items;
  }

  it('are muted for a while, archived and made favourites in their details, the same on the phone', async () => {
    const ann = await on.join('Ann');
    await on.group(ann, 'Noise');
    const phone = await on.device(ann, 'phone');
    for (const choice of ['For 1 hour', 'For 8 hours', 'Until tomorrow', 'Until I unmute it']) {
      await details(ann).getByRole('button', { name: 'Mute…' }).click();
      await ann.page.getByRole('menuitem', { name: choice, exact: true }).click();
      const wanted = choice === 'Until I unmute it' ? /^Muted\s*Unmute$/ : /^Muted until .*Unmute$/;
      await details(ann).getByRole('button', { name: wanted }).waitFor();
      await phone.roomLink('Noise').getByLabel('muted').waitFor();
      await details(ann).getByRole('button', { name: wanted }).click();
      await phone.roomLink('Noise').getByLabel('muted').waitFor({ state: 'detached' });
    }
    await details(ann).getByLabel('Notifications').selectOption('mentions');
    await details(ann).getByRole('button', { name: 'Favourite' }).click();
    await phone.page.getByRole('list', { name: 'Favourites' }).getByRole('link', { name: 'Noise' }).waitFor();
    expect(await ann.violations()).to.deep.equal([]);
    await details(ann).getByRole('button', { name: 'Archive' }).click();
    await phone.page.getByText('Archived (1)').waitFor();
    await phone.page.getByText('Archived (1)').tap();
    await phone.openRoom('Noise');
    await phone.page.getByRole('button', { name: 'Details', exact: true }).tap();
    await details(phone).getByRole('button', { name: 'Archived' }).waitFor();
    expect(await details(phone).getByLabel('Notifications').inputValue()).to.equal('mentions');
    await details(phone).getByRole('button', { name: 'Archived' }).tap();
    await ann.page.getByText('Archived (1)').waitFor({ state: 'detached' });
  });

  it('open their menu under a resting finger, where leaving is asked first', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann', 'phone'), on.join('Bob')]);
    await on.group(bob, 'Rowing', ann);
    const row = ann.roomLink('Rowing');
    await row.waitFor();
    await longPress(ann, row);
    expect(await ann.violations()).to.deep.equal([]);
    expect(await ann.composer().isVisible(), 'the lifted finger opens nothing').to.equal(false);
    await press(ann, 'Mute…');
    await press(ann, 'For 8 hours');
    await row.getByLabel('muted').waitFor();
    await longPress(ann, row);
    await press(ann, 'Leave group…');
    await dialog(ann).getByText('You lose its messages').waitFor();
    await press(ann, 'Stay');
    await dialog(ann).waitFor({ state: 'detached' });
    await row.waitFor();
    await longPress(ann, row);
    await press(ann, 'Leave group…');
    await press(ann, 'Leave');
    await row.waitFor({ state: 'detached' });
    await notice(bob, `${ann.fullName} left`);
  });

  it('are handed over by an owner who would leave, from the menu', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await on.group(ann, 'Chess', bob);
    await ann.roomLink('Chess').click({ button: 'right' });
    await press(ann, 'Leave group…');
    await dialog(ann).getByText('Make someone else its owner first').waitFor();
    expect(await dialog(ann).getByRole('button', { name: 'Leave', exact: true }).count()).to.equal(0);
    await press(ann, 'Show members');
    await act(ann, bob.fullName, 'Make owner');
    await dialog(ann).getByText('You stay as an admin').waitFor();
    await press(ann, 'Hand over');
    await member(ann, bob.fullName).getByText('Owner', { exact: true }).waitFor();
    await ann.roomLink('Chess').click({ button: 'right' });
    await press(ann, 'Leave group…');
    await press(ann, 'Leave');
    await ann.roomLink('Chess').waitFor({ state: 'detached' });
    await member(bob, ann.fullName).waitFor({ state: 'detached' });
  });

  it('are deleted only once their name was typed', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await on.group(ann, 'Old plans', bob);
    await bob.roomLink('Old plans').waitFor();
    await details(ann).getByRole('button', { name: 'Delete group' }).click();
    const sure = details(ann).getByRole('button', { name: 'Delete for everyone' });
    expect(await sure.isDisabled()).to.equal(true);
    await details(ann).getByRole('button', { name: 'Keep' }).click();
    await ann.page.waitForFunction(() => document.activeElement?.textContent?.trim() === 'Delete group');
    await ann.page.keyboard.press('Enter');
    await ann.page.waitForFunction(() => document.activeElement?.matches('form[aria-label] input'));
    const field = details(ann).getByRole('textbox', { name: 'Type “Old plans” to confirm' });
    await field.fill('old');
    expect(await sure.isDisabled()).to.equal(true);
    await field.fill('Old plans');
    await field.press('Enter');
    for (const person of [ann, bob]) await person.roomLink('Old plans').waitFor({ state: 'detached' });
  });

  it('open by themselves for the other side of a direct one, also on a phone that was away', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    const phone = await on.device(bob, 'phone');
    await phone.context.setOffline(true);
    await phone.page.getByText('You are offline').waitFor();
    await ann.message(bob.fullName);
    await ann.say('are you there?');
    await bob.roomLink(ann.fullName).getByText('1 unread').waitFor();
    await phone.context.setOffline(false);
    await phone.roomLink(ann.fullName).getByText('1 unread').waitFor();
    await phone.openRoom(ann.fullName);
    await phone.sees('are you there?');
    await bob.roomLink(ann.fullName).getByText('1 unread').waitFor({ state: 'detached' });
    await ann.article('are you there?').getByRole('img', { name: 'Read' }).waitFor();
  });

  it('that are public are browsed and joined on a phone', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob', 'phone')]);
    const name = `garden-${ann.username.slice(-6)}`;
    await create(ann, 'Channel', name);
    await ann.say('The roses are out.');
    await bob.page.getByRole('button', { name: 'New conversation' }).first().tap();
    await bob.page.getByRole('tab', { name: 'Browse' }).tap();
    await bob.page.getByRole('searchbox', { name: 'Search channels' }).fill(name);
    await bob.page.getByRole('button', { name: `Join ${name}` }).tap();
    await bob.sees('The roses are out.');
    await notice(ann, `${bob.fullName} joined`);
    await bob.say('So are the bees.');
    await ann.sees('So are the bees.');
  });

  it('show by whom a message was seen while its sender was away', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await on.group(ann, 'Sailing', bob);
    await ann.say('who reads this meanwhile?');
    const row = ann.article('who reads this meanwhile?');
    await bob.roomLink('Sailing').getByText('1 unread').waitFor();
    await row.getByRole('img', { name: 'Delivered' }).waitFor();
    await ann.context.setOffline(true);
    await ann.page.getByText('You are offline').waitFor();
    await bob.openRoom('Sailing');
    await bob.sees('who reads this meanwhile?');
    await bob.roomLink('Sailing').getByText('1 unread').waitFor({ state: 'detached' });
    await ann.context.setOffline(false);
    await row.getByRole('img', { name: 'Read' }).waitFor();
  });

  it('show on a phone, too, by whom a message was received and seen', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann', 'phone'), on.join('Bob')]);
    await on.group(bob, 'Readers', ann);
    await ann.openRoom('Readers');
    await on.group(bob, 'Elsewhere');
    await ann.say('who reads this?');
    const row = ann.article('who reads this?');
    await row.getByRole('img', { name: 'Delivered' }).waitFor();
    await longPress(ann, row);
    await press(ann, 'Seen by');
    await dialog(ann).getByRole('list', { name: 'Delivered' }).getByText(bob.fullName).waitFor();
    await bob.openRoom('Readers');
    await dialog(ann).getByRole('list', { name: 'Read' }).getByText(bob.fullName).waitFor();
    await ann.page.getByRole('button', { name: 'Close', exact: true }).tap();
    await row.getByRole('img', { name: 'Read' }).waitFor();
  });

  it('count alike on two devices after one was away while the other read', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    const phone = await on.device(ann, 'phone');
    await on.group(bob, 'Rowing', ann);
    await bob.say('one');
    await bob.say(`two, @${ann.username}, please`);
    for (const device of [ann, phone]) await device.roomLink('Rowing').getByText('@1 mentions').waitFor();
    await phone.context.setOffline(true);
    await phone.page.getByText('You are offline').waitFor();
    await ann.openRoom('Rowing');
    await ann.sees('two');
    await ann.roomLink('Rowing').getByText('mentions').waitFor({ state: 'detached' });
    await ann.page.getByRole('link', { name: 'Parley, home' }).click();
    await bob.say('three');
    await ann.roomLink('Rowing').getByText('1 unread').waitFor();
    await phone.context.setOffline(false);
    await phone.roomLink('Rowing').getByText('1 unread').waitFor();
    expect(await phone.roomLink('Rowing').getByText('mentions').count()).to.equal(0);
  });
});

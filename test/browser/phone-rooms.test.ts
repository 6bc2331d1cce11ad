import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import type { BrowserPerson } from '../support/browser.ts';
import { details, member } from './members-acts.ts';
import { dialog, home, openDetails, pick, send, tap, tapMember } from './phone-acts.ts';
import { named, stage } from './stage.ts';
import { longPress } from './touch-acts.ts';

describe('conversations under a finger', function () {
  this.timeout(180_000);
  const on = stage();

  const passesAxe = async (person: BrowserPerson, what: string): Promise<void> => {
    expect(await person.violations(), what).to.deep.equal([]);
  };
  const begin = async (person: BrowserPerson, kind: string): Promise<Locator> => {
    await person.page.getByRole('button', { name: 'New conversation' }).first().tap();
    await person.page.getByRole('tab', { name: kind }).tap();
    await passesAxe(person, kind);
    return dialog(person);
  };
  const notice = (person: BrowserPerson, text: string): Promise<void> =>
    person.page.getByRole('main').getByText(text).first().waitFor();

  it('are begun with a person, as a group and as a channel', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann', 'phone'), on.join('Bob')]);
    const { page } = ann;
    await begin(ann, 'Person');
    await pick(ann, bob.fullName);
    await send(ann, 'hello by phone');
    await bob.roomLink(ann.fullName).getByText('1 unread').waitFor();
    await home(ann);

    const group = await begin(ann, 'Group');
    await group.getByRole('textbox', { name: 'Group name' }).fill('Climbing');
    await pick(ann, bob.fullName);
    await tap(group, 'Create group');
    await page.getByRole('heading', { name: 'Climbing', level: 1 }).waitFor();
    await bob.roomLink('Climbing').waitFor();
    await home(ann);

    const { name } = named('cliffs');
    const channel = await begin(ann, 'Channel');
    await channel.getByRole('textbox', { name: 'Channel name' }).fill(name);
    await channel.getByRole('textbox', { name: 'Topic' }).fill('Where the rock is dry');
    await channel.getByRole('radio', { name: 'Private' }).tap();
    await tap(channel, 'Create channel');
    await page.getByRole('heading', { name: `#${name}`, level: 1 }).waitFor();
    await page.getByRole('main').getByText('Where the rock is dry').first().waitFor();
    await home(ann);
    await ann.roomLink(name).getByLabel('private').waitFor();
  });

  it('have their people looked after by their owner, until somebody else is', async () => {
    const [ann, bob, cleo] = [await on.join('Ann', 'phone'), await on.join('Bob'), await on.join('Cleo')];
    const { page } = ann;
    await on.group(ann, 'Choir', bob);
    await bob.openRoom('Choir');
    await openDetails(ann);
    await tap(details(ann), 'Add people');
    await dialog(ann).getByRole('searchbox', { name: 'Search people' }).waitFor();
    await passesAxe(ann, 'Add people');
    await pick(ann, cleo.fullName);
    await passesAxe(ann, 'somebody picked');
    await tap(dialog(ann), 'Add');
    await member(ann, cleo.fullName).waitFor();
    await notice(bob, `${ann.fullName} added ${cleo.fullName}`);

    await tap(member(ann, bob.fullName), `Actions for ${bob.fullName}`);
    await page.getByRole('menuitem', { name: 'Make admin' }).waitFor();
    await passesAxe(ann, 'menu of a member');
    await page.getByRole('menuitem', { name: 'Make admin' }).tap();
    await member(ann, bob.fullName).getByText('Admin', { exact: true }).waitFor();
    await notice(bob, `${ann.fullName} made you an admin`);

    await tapMember(ann, cleo.fullName, 'Remove');
    const question = member(ann, cleo.fullName).getByRole('group', { name: `Remove ${cleo.fullName}?` });
    await question.waitFor();
    await passesAxe(ann, 'removal');
    await tap(question, 'Remove');
    await member(ann, cleo.fullName).waitFor({ state: 'detached' });
    await cleo.roomLink('Choir').waitFor({ state: 'detached' });

    await tap(details(ann), 'Edit group');
    await details(ann).getByRole('textbox', { name: 'Name' }).fill('Chamber choir');
    await details(ann).getByRole('textbox', { name: 'Topic' }).fill('Bach on Tuesdays');
    await passesAxe(ann, 'form');
    await tap(details(ann), 'Save');
    await details(ann).getByText('Bach on Tuesdays').waitFor();
    await notice(bob, `${ann.fullName} renamed the room to “Chamber choir”`);

    await tap(details(ann), 'Leave group');
    await details(ann).getByText('Make someone else its owner first').waitFor();
    await passesAxe(ann, 'an owner who would leave');
    await tap(details(ann), 'Stay');
    await tapMember(ann, bob.fullName, 'Make owner');
    await dialog(ann).getByText('You stay as an admin').waitFor();
    await passesAxe(ann, 'Hand over');
    await tap(dialog(ann), 'Hand over');
    await member(ann, bob.fullName).getByText('Owner', { exact: true }).waitFor();
    await notice(bob, `${ann.fullName} made you the owner`);
    await tap(details(ann), 'Leave group');
    await passesAxe(ann, 'Leave');
    await tap(details(ann), 'Leave');
    await ann.signedIn();
    expect(await ann.roomLink('Chamber choir').count()).to.equal(0);
    await notice(bob, `${ann.fullName} left`);
  });

  it('are made quiet, dear, put away and deleted', async () => {
    const ann = await on.join('Ann', 'phone');
    const [desk, bob] = [await on.device(ann), await on.join('Bob')];
    const { page } = ann;
    await on.group(ann, 'Noise', bob);
    await desk.roomLink('Noise').waitFor();
    await openDetails(ann);
    await tap(details(ann), 'Favourite');
    await desk.page.getByRole('list', { name: 'Favourites' }).getByRole('link', { name: 'Noise' }).waitFor();
    await details(ann).getByLabel('Notifications').selectOption('mentions');
    await tap(details(ann), 'Mute…');
    await page.getByRole('menuitem', { name: 'For 8 hours' }).waitFor();
    await passesAxe(ann, 'Mute');
    await page.getByRole('menuitem', { name: 'For 8 hours' }).tap();
    await details(ann)
      .getByRole('button', { name: /^Muted until .*Unmute$/ })
      .waitFor();
    await desk.roomLink('Noise').getByLabel('muted').waitFor();
    await details(ann)
      .getByRole('button', { name: /^Muted until .*Unmute$/ })
      .tap();
    await desk.roomLink('Noise').getByLabel('muted').waitFor({ state: 'detached' });
    await desk.openRoom('Noise');
    expect(await details(desk).getByLabel('Notifications').inputValue()).to.equal('mentions');

    await tap(details(ann), 'Close details');
    await home(ann);
    await longPress(ann, ann.roomLink('Noise'));
    await tap(dialog(ann), 'Remove from favourites');
    await desk.page.getByRole('list', { name: 'Favourites' }).waitFor({ state: 'detached' });
    await longPress(ann, ann.roomLink('Noise'));
    await tap(dialog(ann), 'Archive');
    await page.getByText('Archived (1)').tap();
    await desk.page.getByText('Archived (1)').waitFor();
    await longPress(ann, ann.roomLink('Noise'));
    await tap(dialog(ann), 'Take out of the archive');
    await page.getByText('Archived (1)').waitFor({ state: 'detached' });

    await ann.roomLink('Noise').tap();
    await ann.composer().waitFor();
    await openDetails(ann);
    await tap(details(ann), 'Delete group');
    await details(ann).getByText('Nobody can bring them back').waitFor();
    await passesAxe(ann, 'Delete');
    expect(await details(ann).getByRole('button', { name: 'Delete for everyone' }).isDisabled()).to.equal(
      true,
    );
    await details(ann).getByRole('textbox', { name: 'Type “Noise” to confirm' }).fill('Noise');
    await tap(details(ann), 'Delete for everyone');
    await ann.signedIn();
    for (const person of [ann, desk, bob]) await person.roomLink('Noise').waitFor({ state: 'detached' });
  });
});

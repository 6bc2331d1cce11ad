import { expect } from 'chai';
import type { BrowserPerson } from '../support/browser.ts';
import { act, details, member } from './members-acts.ts';
import { stage } from './stage.ts';

describe('rooms in the browser', function () {
  this.timeout(180_000);
  const on = stage();

  const add = async (person: BrowserPerson, name: string): Promise<void> => {
    await details(person).getByRole('button', { name: 'Add people' }).click();
    await person.page.getByRole('searchbox', { name: 'Search people' }).fill(name);
    await person.page
      .getByRole('list', { name: 'People', exact: true })
      .getByRole('button', { name })
      .click();
    await person.page.getByRole('button', { name: 'Add', exact: true }).click();
    await member(person, name).waitFor();
  };

  it('go anywhere from the palette by keyboard alone', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await on.group(ann, 'Allotment');
    await on.group(ann, 'Bakery');
    const { page } = ann;
    const palette = page.getByRole('combobox', { name: 'Go to' });
    await page.keyboard.press('Control+k');
    await palette.waitFor();
    await page.keyboard.type('allot');
    await page.getByRole('option', { name: 'Allotment' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Allotment', level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    await palette.waitFor();
    await page.keyboard.type(bob.fullName);
    // The search for what was typed is offered at once, and has the name in it.
    await page.getByRole('option', { name: bob.fullName, selected: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: bob.fullName, level: 1 }).waitFor();
    await page.keyboard.press('Control+k');
    await palette.waitFor();
    await page.keyboard.press('Escape');
    await palette.waitFor({ state: 'detached' });
    await ann.say('straight into the composer');
    await ann.sees('straight into the composer');
  });

  it('gain people, change their roles, and lose them again', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await on.group(ann, 'Choir');
    await add(ann, bob.fullName);
    await bob.openRoom('Choir');
    expect(await details(bob).getByRole('button', { name: 'Add people' }).count()).to.equal(0);
    await act(ann, bob.fullName, 'Make admin');
    await member(ann, bob.fullName).getByText('Admin', { exact: true }).waitFor();
    await details(bob).getByRole('button', { name: 'Add people' }).waitFor();
    await act(ann, bob.fullName, 'Remove');
    await member(ann, bob.fullName).waitFor({ state: 'detached' });
    await bob.page.getByText('This conversation is not here').waitFor();
    expect(await bob.roomLink('Choir').count()).to.equal(0);
  });

  it('are left by a member; an owner hands over first, or deletes', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await on.group(ann, 'Rowing', bob);
    await details(ann).getByRole('button', { name: 'Leave group' }).click();
    await details(ann).getByText('Make someone else its owner first').waitFor();
    await act(ann, bob.fullName, 'Make owner');
    await ann.page.getByRole('button', { name: 'Hand over' }).click();
    await member(ann, bob.fullName).getByText('Owner', { exact: true }).waitFor();
    await details(ann).getByRole('button', { name: 'Leave', exact: true }).click();
    await ann.roomLink('Rowing').waitFor({ state: 'detached' });
    await bob.openRoom('Rowing');
    await details(bob).getByRole('button', { name: 'Delete group' }).click();
    await details(bob).getByRole('textbox', { name: 'Type “Rowing” to confirm' }).fill('Rowing');
    await details(bob).getByRole('button', { name: 'Delete for everyone' }).click();
    await bob.roomLink('Rowing').waitFor({ state: 'detached' });
  });

  it('take no more of a person who was removed while a message of theirs waited', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await on.group(ann, 'Chess');
    await add(ann, bob.fullName);
    await bob.openRoom('Chess');
    await bob.context.setOffline(true);
    await bob.page.getByText('You are offline').waitFor();
    await bob.say('one more thing');
    await bob
      .article('one more thing')
      .getByRole('img', { name: /Waiting to be sent|Sending/ })
      .waitFor();
    await act(ann, bob.fullName, 'Remove');
    await member(ann, bob.fullName).waitFor({ state: 'detached' });
    await bob.context.setOffline(false);
    await bob.page.getByText('This conversation is not here').waitFor();
    expect(await ann.article('one more thing').count()).to.equal(0);
  });

  it('show a message that was refused, try it again, and drop it when asked', async () => {
    const ann = await on.join('Ann');
    await on.group(ann, 'Refusals');
    // Half of a surrogate pair: no keyboard makes it, but a broken paste can.
    await ann.composer().evaluate((area: HTMLTextAreaElement) => {
      area.value = 'broken \ud83d paste';
      area.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await ann.composer().press('Enter');
    const row = ann.article('broken');
    await row.getByText('Not sent:').waitFor();
    await row.getByRole('button', { name: 'Retry' }).click();
    await row.getByText('Not sent:').waitFor();
    expect(await ann.violations()).to.deep.equal([]);
    await ann.say('whole again');
    await ann
      .article('whole again')
      .getByRole('img', { name: /Sent|Delivered/ })
      .waitFor();
    await row.getByRole('button', { name: 'Delete' }).click();
    await row.waitFor({ state: 'detached' });
  });

  it('open over the list on a phone, and the back button returns step by step', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann', 'phone'), on.join('Bob')]);
    await on.meet(bob, ann);
    await bob.say('are you on the train?');
    await ann.openRoom(bob.fullName);
    await ann.sees('are you on the train?');
    const { page } = ann;
    const home = page.getByRole('button', { name: 'New conversation' }).first();
    await page.getByRole('button', { name: 'Details', exact: true }).click();
    await details(ann).waitFor();
    await page.goBack();
    await ann.composer().waitFor();
    await ann.say('yes, slowly');
    await bob.sees('yes, slowly');
    await page.goBack();
    await home.waitFor();
    expect(await ann.composer().isVisible()).to.equal(false);
    const address = await ann.roomLink(bob.fullName).getAttribute('href');
    await page.goto(address ?? '/');
    await ann.sees('yes, slowly');
    await page.getByRole('button', { name: 'Back to conversations' }).click();
    await home.waitFor();
  });
});

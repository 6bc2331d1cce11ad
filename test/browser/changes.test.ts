import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import type { BrowserPerson } from '../support/browser.ts';
import { act, offered, tools } from './message-acts.ts';
import { stage, type Actor } from './stage.ts';
import { choose, longPress } from './touch-acts.ts';

describe('messages are changed in the browser', function () {
  this.timeout(180_000);
  const on = stage();

  const chip = (row: Locator, emoji: string): Locator =>
    row.getByRole('list', { name: 'Reactions' }).getByRole('button', { name: emoji });
  const pressed = (row: Locator, emoji: string, count: number, mine: boolean): Promise<void> =>
    chip(row, emoji)
      .and(row.locator(`[aria-pressed="${mine}"]`))
      .filter({ hasText: `${count}` })
      .waitFor();
  const editor = (person: BrowserPerson): Locator =>
    person.page.getByRole('textbox', { name: 'Edit message' });
  const focused = (locator: Locator): Promise<boolean> =>
    locator.evaluate((element) => element === document.activeElement);

  const two = (): Promise<readonly [Actor, Actor]> => on.pair('See you at nine.');

  it('by editing in place, which the other one sees at once', async () => {
    const [ann, bob] = await two();
    await act(ann.article('See you at nine.'), 'Edit');
    expect(await editor(ann).inputValue()).to.equal('See you at nine.');
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await editor(ann).fill('See you at ten.');
    await editor(ann).press('Enter');
    await editor(ann).waitFor({ state: 'detached' });
    for (const person of [ann, bob]) {
      await person.article('See you at ten.').getByText('(edited)').waitFor();
      expect(await person.article('See you at nine.').count()).to.equal(0);
      await person
        .roomLink(person === ann ? bob.fullName : ann.fullName)
        .getByText('See you at ten.')
        .waitFor();
    }
    expect(await offered(bob.article('See you at ten.'))).to.not.include('Edit');
  });

  it('by editing, and what it said before is a click away for everybody', async () => {
    const [ann, bob] = await two();
    await act(ann.article('See you at nine.'), 'Edit');
    await editor(ann).fill('See you at *eleven*.');
    await editor(ann).press('Enter');
    await bob
      .article('See you at eleven.')
      .getByRole('button', { name: /^Edited/ })
      .click();
    const dialog = bob.page.getByRole('dialog', { name: 'Earlier versions' });
    const versions = dialog.getByRole('list', { name: /^Versions/ }).getByRole('listitem');
    await versions.first().waitFor();
    const said = await versions.allInnerTexts();
    expect(said.map((text) => text.split('\n').at(-1))).to.deep.equal([
      'See you at eleven.',
      'See you at nine.',
    ]);
    expect(await bob.violations(), 'axe').to.deep.equal([]);
    await bob.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('by ↑ in an empty message; Escape leaves all as it was, and the cursor returns', async () => {
    const [ann] = await two();
    await ann.say('The last one');
    await ann
      .article('The last one')
      .getByRole('img', { name: /Sent|Delivered|Read/ })
      .waitFor();
    await ann.composer().press('ArrowUp');
    expect(await editor(ann).inputValue()).to.equal('The last one');
    await editor(ann).fill('never mind');
    await editor(ann).press('Escape');
    await editor(ann).waitFor({ state: 'detached' });
    await ann.sees('The last one');
    expect(await focused(ann.composer()), 'the composer has the cursor').to.equal(true);
  });

  it('by deleting, which asks first', async () => {
    const [ann, bob] = await two();
    const row = ann.article('See you at nine.');
    await act(row, 'Delete');
    const dialog = ann.page.getByRole('dialog', { name: 'Delete this message?' });
    await dialog.getByRole('button', { name: 'Keep' }).click();
    await dialog.waitFor({ state: 'detached' });
    await ann.sees('See you at nine.');
    await act(row, 'Delete');
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    for (const person of [ann, bob]) {
      await person.article('Message deleted').waitFor();
      expect(await person.article('See you at nine.').count()).to.equal(0);
    }
  });

  it('by reactions of both, which count, tell who, and are taken back', async () => {
    const [ann, bob] = await two();
    const text = 'See you at nine.';
    await act(bob.article(text), 'React with 👍');
    await pressed(bob.article(text), '👍', 1, true);
    await pressed(ann.article(text), '👍', 1, false);
    expect(await chip(ann.article(text), '👍').getAttribute('title')).to.equal(bob.fullName);
    await chip(ann.article(text), '👍').click();
    await pressed(ann.article(text), '👍', 2, true);
    await pressed(bob.article(text), '👍', 2, true);
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await bob.page.reload();
    await pressed(bob.article(text), '👍', 2, true);
    await chip(bob.article(text), '👍').click();
    await pressed(ann.article(text), '👍', 1, true);
    await chip(ann.article(text), '👍').click();
    for (const person of [ann, bob]) await chip(person.article(text), '👍').waitFor({ state: 'detached' });
  });

  it('by a reaction that could not be saved, which says so and is tried again', async () => {
    const [ann, bob] = await two();
    const text = 'See you at nine.';
    await bob.context.setOffline(true);
    await act(bob.article(text), 'React with 👍');
    const problem = bob.article(text).getByRole('alert');
    await problem.getByText('Your reaction 👍 was not saved').waitFor();
    await act(bob.article(text), 'React with 😂');
    await problem.getByText('Your reaction 👍 😂 was not saved').waitFor();
    expect(await bob.violations(), 'axe').to.deep.equal([]);
    await bob.context.setOffline(false);
    await problem.getByRole('button', { name: 'Try again' }).click();
    for (const emoji of ['👍', '😂']) await pressed(ann.article(text), emoji, 1, false);
    await problem.waitFor({ state: 'detached' });
  });

  it('by the keyboard alone', async () => {
    const [ann, bob] = await two();
    await bob.say('And bring the map.');
    await ann.sees('And bring the map.');
    const { keyboard } = ann.page;
    await ann.composer().focus();
    const newest = ann.article('And bring the map.');
    // Past the button for files.
    await keyboard.press('Shift+Tab');
    await keyboard.press('Shift+Tab');
    expect(await focused(newest), 'the newest message').to.equal(true);
    await keyboard.press('ArrowUp');
    const mine = ann.article('See you at nine.');
    expect(await focused(mine), 'the one before').to.equal(true);
    await keyboard.press('Tab');
    await keyboard.press('Enter');
    await pressed(bob.article('See you at nine.'), '👍', 1, false);
    await tools(mine).getByRole('button', { name: 'More actions' }).focus();
    await keyboard.press('Enter');
    await ann.page.getByRole('menuitem').first().and(ann.page.locator(':focus')).waitFor();
    await keyboard.press('End');
    await ann.page.getByRole('menuitem', { name: 'Delete' }).and(ann.page.locator(':focus')).waitFor();
    await keyboard.press('Enter');
    const dialog = ann.page.getByRole('dialog', { name: 'Delete this message?' });
    await dialog.waitFor();
    await keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await mine.and(ann.page.locator(':focus')).waitFor();
    await keyboard.press('ArrowDown');
    expect(await focused(newest), 'on to the next').to.equal(true);
    await keyboard.press('ArrowUp');
    await keyboard.press('Delete');
    await dialog
      .getByRole('button', { name: 'Delete', exact: true })
      .and(ann.page.locator(':focus'))
      .waitFor();
    await keyboard.press('Enter');
    await bob.article('Message deleted').waitFor();
  });

  it('with the newest message still in view when a reaction appears under it', async () => {
    const [ann, bob] = await two();
    for (let i = 0; i < 30; i += 1) await ann.say(`line ${i}`);
    await bob.sees('line 29');
    await act(ann.article('line 29'), 'React with 😂');
    for (const person of [ann, bob]) {
      const reaction = chip(person.article('line 29'), '😂');
      await reaction.waitFor();
      await person.page.waitForFunction(() => {
        const list = document.querySelector('[data-testid=messages]');
        return list !== null && list.scrollHeight - list.scrollTop - list.clientHeight < 2;
      });
    }
  });

  it('by whoever runs a room, when the message is another’s; a member cannot', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    const owner = await on.parley.register('owner');
    const room = await owner.createRoom({
      type: 'group',
      name: 'Market',
      members: [ann.username, bob.username],
    });
    await owner.call('PATCH', `/rooms/${room.id}/members/${ann.username}`, { role: 'admin' });
    await owner.say(room.id, 'Cheap watches!');
    for (const person of [ann, bob]) {
      await person.openRoom('Market');
      await person.sees('Cheap watches!');
    }
    expect(await offered(bob.article('Cheap watches!'))).to.not.include('Delete');
    await act(ann.article('Cheap watches!'), 'Delete');
    await ann.page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await bob.article('Message deleted').waitFor();
  });

  it('not at all while the server cannot be reached, and says so beside the message', async () => {
    const [ann, bob] = await two();
    await ann.context.setOffline(true);
    await act(ann.article('See you at nine.'), 'React with ❤️');
    const row = ann.article('See you at nine.');
    await row.getByRole('alert').waitFor();
    await chip(row, '❤️').waitFor({ state: 'detached' });
    await act(row, 'Edit');
    await editor(ann).fill('See you at ten.');
    await editor(ann).press('Enter');
    await ann.page.getByRole('article').getByRole('alert').waitFor();
    expect(await editor(ann).inputValue(), 'what was typed stays').to.equal('See you at ten.');
    await ann.context.setOffline(false);
    await editor(ann).press('Enter');
    await bob.sees('See you at ten.');
  });

  it('by a long press on a phone', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann', 'phone'), on.join('Bob')]);
    await on.meet(bob, ann);
    await bob.say('Type something.');
    await ann.openRoom(bob.fullName);
    await ann.say('thumbs are slow');
    const row = ann.article('thumbs are slow');
    await row.getByRole('img', { name: /Sent|Delivered|Read/ }).waitFor();
    await longPress(ann, row);
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await ann.page.getByRole('button', { name: 'React with ❤️' }).tap();
    await pressed(row, '❤️', 1, true);
    await choose(ann, row, 'Edit');
    await editor(ann).fill('thumbs are quick');
    await ann.page.getByRole('button', { name: 'Save' }).tap();
    await bob.sees('thumbs are quick');
    await ann.sees('thumbs are quick');
    await choose(ann, ann.article('thumbs are quick'), 'Earlier versions');
    const dialog = ann.page.getByRole('dialog', { name: 'Earlier versions' });
    await dialog.getByRole('listitem').nth(1).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).tap();
    await dialog.waitFor({ state: 'detached' });
    await pressed(bob.article('thumbs are quick'), '❤️', 1, false);
  });
});

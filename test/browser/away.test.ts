import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import type { BrowserPerson } from '../support/browser.ts';
import { cutOff, preparedToCut, putThrough } from '../support/cut-off.ts';
import { details, member } from './members-acts.ts';
import { stage, type Actor } from './stage.ts';

describe('a window that was without a connection for a while, and is not loaded again', function () {
  this.timeout(120_000);
  const on = stage();

  /** A page of theirs that can be cut off. */
  const joined = async (name: string): Promise<Actor> => {
    const person = await on.enrol(name);
    await preparedToCut(person);
    await person.enter();
    return person;
  };
  const header = (person: BrowserPerson, text: string): Locator =>
    person.page.getByRole('main').locator('header').getByText(text);

  it('has the names and statuses of now: in the list, in the conversation that is open and in those opened next', async () => {
    const [ann, bob, eve] = await Promise.all([joined('Ann'), on.enrol('Bob'), on.enrol('Eve')]);
    const boat = await on.group(ann, 'Boat', bob, eve);
    await bob.rest.say(boat.id, 'The mast is up.');
    await ann.sees('The mast is up.');
    await on.meet(ann, bob);
    await on.meet(ann, eve);
    let calls = 0;
    ann.page.on('request', (request) => {
      if (request.url().includes('/users?ids=')) calls += 1;
    });
    await cutOff(ann);
    const names = { bob: `Robert ${bob.username.slice(-6)}`, eve: `Evelyn ${eve.username.slice(-6)}` };
    await bob.rest.call('PATCH', '/users/me', { displayName: names.bob, status: 'At the harbour' });
    await eve.rest.call('PATCH', '/users/me', { displayName: names.eve, status: 'Under sail' });
    await putThrough(ann);
    for (const name of Object.values(names)) await ann.roomLink(name).waitFor();
    await header(ann, names.eve).waitFor();
    await header(ann, 'Under sail').waitFor();
    await ann.openRoom(names.bob);
    await header(ann, 'At the harbour').waitFor();
    await ann.openRoom('Boat');
    await ann.article('The mast is up.').getByText(names.bob).waitFor();
    expect(await ann.page.getByText(bob.fullName).count()).to.equal(0);
    expect(calls).to.equal(1);
  });

  it('has one’s own profile as another device left it', async () => {
    const ann = await on.join('Ann');
    const phone = await on.device(ann, 'phone');
    await preparedToCut(phone);
    await phone.enter();
    await cutOff(phone);
    const name = `Anna ${ann.username.slice(-6)}`;
    await ann.rest.call('PATCH', '/users/me', {
      displayName: name,
      status: 'On two wheels',
      hidePresence: true,
    });
    await putThrough(phone);
    for (const { page } of [phone, ann]) {
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByRole('dialog').getByText(name, { exact: true }).waitFor();
      const hidden = page.getByRole('switch', { name: /^Hide when I am online/, checked: true });
      await hidden.waitFor();
      await page.getByRole('button', { name: 'Close', exact: true }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Settings' }).click();
      expect(await page.getByLabel('Display name').inputValue()).to.equal(name);
      expect(await page.getByRole('textbox', { name: 'Status' }).inputValue()).to.equal('On two wheels');
    }
  });

  it('has an open form of one’s own profile follow another device, but for what is edited here', async () => {
    const ann = await on.join('Ann');
    const { page } = ann;
    await page.getByRole('button', { name: 'Settings' }).click();
    const name = page.getByLabel('Display name');
    const status = page.getByRole('textbox', { name: 'Status' });
    const save = page.getByRole('button', { name: 'Save profile' });
    const becomes = async (displayName: string): Promise<void> => {
      // What the dialog is headed by.
      await page.getByRole('dialog').getByText(displayName, { exact: true }).waitFor();
      expect(await name.inputValue()).to.equal(displayName);
    };
    expect(await name.inputValue()).to.equal(ann.fullName);
    const names = [`Anna ${ann.username.slice(-6)}`, `Annie ${ann.username.slice(-6)}`] as const;
    await ann.rest.call('PATCH', '/users/me', { displayName: names[0], status: 'Elsewhere' });
    await becomes(names[0]);
    expect([await status.inputValue(), await save.isDisabled()]).to.deep.equal(['Elsewhere', true]);
    await status.fill('Half a thou');
    await ann.rest.call('PATCH', '/users/me', { displayName: names[1], status: 'Far away' });
    await becomes(names[1]);
    expect([await status.inputValue(), await save.isDisabled()]).to.deep.equal(['Half a thou', false]);
  });

  it('has the members of a large room as they are now in the details that are open', async () => {
    const [ann, bob] = await Promise.all([joined('Ann'), on.enrol('Bob')]);
    // Large enough that nobody's receipts are told of.
    await ann.page.route(/\/api\/v1\/rooms(\/\w+)?$/, async (route) => {
      if (route.request().method() !== 'GET') return route.fallback();
      const response = await route.fetch();
      const text = (await response.text()).replaceAll(/"members":\d+/g, '"members":150');
      await route.fulfill({ response, body: text });
    });
    await ann.page.reload();
    await ann.signedIn();
    await on.group(ann, 'Boat', bob);
    await member(ann, bob.fullName).waitFor();
    await details(ann).getByText('150 members').waitFor();
    await cutOff(ann);
    const name = `Robert ${bob.username.slice(-6)}`;
    await bob.rest.call('PATCH', '/users/me', { displayName: name });
    await putThrough(ann);
    await member(ann, name).waitFor();
  });

  it('asks again when somebody was here last', async () => {
    const [ann, eve] = await Promise.all([joined('Ann'), on.enrol('Eve')]);
    const asked = (): Promise<unknown> =>
      ann.page.waitForResponse((response) => response.url().includes(`/presence?users=${eve.rest.id}`));
    const first = asked();
    await on.meet(ann, eve);
    await first;
    await cutOff(ann);
    const again = asked();
    await putThrough(ann);
    await again;
  });
});

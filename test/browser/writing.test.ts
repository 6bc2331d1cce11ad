import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import type { ScheduledList } from '../../shared/wire/rest.ts';
import type { BrowserPerson } from '../support/browser.ts';
import { stage } from './stage.ts';
import { choose } from './touch-acts.ts';

describe('writing that is not sent yet, in the browser', function () {
  this.timeout(120_000);
  const on = stage();
  const shot = async ({ page }: BrowserPerson, name: string): Promise<void> => {
    const folder = process.env['PARLEY_SHOTS'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
  };
  const valueIs = (person: BrowserPerson, text: string): Promise<unknown> =>
    person.page.waitForFunction(
      (wanted) =>
        document.querySelector<HTMLTextAreaElement>('textarea[aria-label^="Message "]')?.value === wanted,
      text,
    );

  it('is the same on all devices, live and after an absence, until it is sent', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await on.meet(ann, bob);
    const phone = await on.device(ann, 'phone');
    await phone.openRoom(bob.fullName);
    await ann.composer().fill('Half a thought');
    await valueIs(phone, 'Half a thought');
    await phone.context.setOffline(true);
    await ann.composer().fill('Half a thought, and the rest');
    await ann.page.waitForResponse((response) => response.url().endsWith('/draft'));
    await phone.context.setOffline(false);
    await valueIs(phone, 'Half a thought, and the rest');
    await phone.composer().press('Enter');
    await ann.sees('Half a thought, and the rest');
    await valueIs(ann, '');
  });

  it('in a thread as well, and what was sent while a device was away is not written there any more', async () => {
    const ann = await on.join('Ann');
    const bob = await on.join('Bob');
    await ann.message(bob.fullName);
    await ann.say('Where shall we eat?');
    await bob.openRoom(ann.fullName);
    await bob.sees('Where shall we eat?');
    const inThread = (person: BrowserPerson): Locator =>
      person.page.getByRole('textbox', { name: 'Reply in thread' });
    const threadValueIs = (person: BrowserPerson, text: string): Promise<unknown> =>
      person.page.waitForFunction(
        (wanted) =>
          document.querySelector<HTMLTextAreaElement>('textarea[aria-label="Reply in thread"]')?.value ===
          wanted,
        text,
      );
    await ann.composer().focus();
    await ann.article('Where shall we eat?').focus();
    await ann.page.keyboard.press('t');
    await inThread(ann).fill('At home.');
    await inThread(ann).press('Enter');
    await ann.page.getByRole('region', { name: 'Thread' }).getByText('At home.').waitFor();
    await ann.composer().fill('of the room');
    await inThread(ann).fill('Or at the');
    const phone = await on.open('phone');
    await phone.signIn(ann.username);
    await phone.page.getByRole('link', { name: 'Threads' }).click();
    await phone.page.getByText('Draft: Or at the').waitFor();
    await phone.page.getByRole('list', { name: 'Threads you follow' }).getByRole('link').click();
    await threadValueIs(phone, 'Or at the');
    await inThread(phone).fill('Or at the harbour');
    await threadValueIs(ann, 'Or at the harbour');
    await valueIs(ann, 'of the room');
    await phone.page.goto('about:blank');
    const ended = ann.page.waitForResponse((response) => response.url().endsWith('/draft'));
    await inThread(ann).press('Enter');
    await ann.page.getByRole('region', { name: 'Thread' }).getByText('Or at the harbour').waitFor();
    await ended;
    await phone.page.goBack();
    await phone.page.getByRole('article').filter({ hasText: 'Or at the harbour' }).waitFor();
    await threadValueIs(phone, '');
    await threadValueIs(ann, '');
    await valueIs(ann, 'of the room');
  });

  it('can be scheduled, seen, changed, sent at once and taken back', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await on.meet(ann, bob);
    const { page } = ann;
    const schedule = async (text: string): Promise<void> => {
      await ann.composer().fill(text);
      await page.getByRole('button', { name: 'Send later' }).click();
      await page.getByRole('button', { name: 'Tomorrow morning' }).waitFor();
      expect(await ann.violations(), 'axe').to.deep.equal([]);
      await page.getByRole('button', { name: 'Tomorrow morning' }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    };
    await schedule('Good morning');
    await valueIs(ann, '');
    await page.getByRole('button', { name: '1 message scheduled' }).click();
    const list = page.getByRole('list', { name: 'Scheduled messages' });
    expect(await ann.violations()).to.deep.equal([]);
    await list.getByRole('button', { name: 'Edit' }).click();
    await list.getByRole('textbox', { name: 'Text of the scheduled message' }).fill('Good morning, Bob');
    await list.getByRole('button', { name: 'Save' }).click();
    await list.getByText('Good morning, Bob').waitFor();
    await list.getByRole('button', { name: 'Send now' }).click();
    await bob.openRoom(ann.fullName);
    await bob.sees('Good morning, Bob');
    await page.keyboard.press('Escape');
    await schedule('Never mind');
    await page.getByRole('button', { name: '1 message scheduled' }).click();
    await list.getByRole('button', { name: 'Delete' }).click();
    await list.getByRole('button', { name: 'Delete it' }).click();
    await page.getByText('Nothing is scheduled').waitFor();
    expect(await bob.article('Never mind').count()).to.equal(0);
  });

  it('is scheduled into a thread, shown with it and sent there at once', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await on.meet(ann, bob);
    await ann.say('Where shall we eat?');
    await bob.openRoom(ann.fullName);
    await bob.sees('Where shall we eat?');
    const { page } = ann;
    await ann.article('Where shall we eat?').focus();
    await page.keyboard.press('t');
    const pane = page.getByRole('region', { name: 'Thread' });
    const composer = pane.getByRole('textbox', { name: 'Reply in thread' });
    await composer.fill('At the harbour');
    await pane.getByRole('button', { name: 'Send later' }).click();
    await page.getByText('It is sent into the thread').waitFor();
    await page.getByRole('button', { name: 'Tomorrow morning' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await composer.inputValue()).to.equal('');
    // Of the room itself nothing waits; the list of all says where it goes.
    await pane.getByRole('button', { name: '1 message scheduled' }).waitFor();
    expect(await page.getByRole('button', { name: '1 message scheduled' }).count()).to.equal(1);
    await page.getByRole('button', { name: /^Scheduled 1/ }).click();
    const list = page.getByRole('list', { name: 'Scheduled messages' });
    await list.getByText('in thread: Where shall we eat?').waitFor();
    await shot(ann, 'scheduled-thread');
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await page.keyboard.press('Escape');
    await pane.getByRole('button', { name: '1 message scheduled' }).click();
    await list.getByText('At the harbour').waitFor();
    await list.getByRole('button', { name: 'Send now' }).click();
    await page.getByText('Nothing is scheduled').waitFor();
    await page.keyboard.press('Escape');
    await pane.getByRole('article').filter({ hasText: 'At the harbour' }).waitFor();
    await bob.page.getByTestId('thread-line').click();
    await bob.page.getByRole('region', { name: 'Thread' }).getByText('At the harbour').waitFor();
  });

  it('into a thread is sent there from a phone at its time', async () => {
    const ann = await on.join('Ann', 'phone');
    const bob = await on.join('Bob');
    const { id } = await on.meet(bob, ann);
    await bob.say('Shall we meet?');
    await ann.openRoom(bob.fullName);
    await ann.sees('Shall we meet?');
    await choose(ann, ann.article('Shall we meet?'), 'Reply in thread');
    const pane = ann.page.getByRole('region', { name: 'Thread' });
    await pane.getByRole('textbox', { name: 'Reply in thread' }).fill('At nine');
    await pane.getByRole('button', { name: 'Send later' }).tap();
    await ann.page.getByRole('button', { name: 'Tomorrow morning' }).tap();
    await pane.getByRole('button', { name: '1 message scheduled' }).waitFor();
    await shot(ann, 'scheduled-thread-phone');
    const { scheduled } = await ann.rest.call<ScheduledList>('GET', '/scheduled');
    const at = new Date(Date.now() + 500).toISOString();
    expect(scheduled.map(({ room }) => room)).to.deep.equal([id]);
    await ann.rest.call('PATCH', `/scheduled/${scheduled[0]?.id ?? ''}`, { at });
    await pane.getByRole('article').filter({ hasText: 'At nine' }).waitFor();
    await pane.getByRole('button', { name: '1 message scheduled' }).waitFor({ state: 'detached' });
  });

  it('that waits is found from the list of conversations on a phone, and remembers what it replies to', async () => {
    const ann = await on.join('Ann', 'phone');
    const bob = await on.join('Bob');
    await bob.message(ann.fullName);
    await bob.say('Shall we meet?');
    await ann.openRoom(bob.fullName);
    await ann.sees('Shall we meet?');
    const { page } = ann;
    await choose(ann, ann.article('Shall we meet?'), 'Reply');
    await page.getByRole('group', { name: 'Replying' }).waitFor();
    await ann.composer().fill('At nine');
    await page.getByRole('button', { name: 'Send later' }).tap();
    await page.getByRole('button', { name: 'Tomorrow morning' }).waitFor();
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await shot(ann, 'send-later-phone');
    await page.getByRole('button', { name: 'Tomorrow morning' }).tap();
    await page.getByRole('group', { name: 'Replying' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Back to conversations' }).tap();
    await page.getByRole('button', { name: /^Scheduled 1/ }).tap();
    const list = page.getByRole('list', { name: 'Scheduled messages' });
    await list.getByText(bob.fullName).waitFor();
    await list.getByRole('button', { name: 'Edit' }).tap();
    await list.getByRole('textbox', { name: 'Text of the scheduled message' }).fill('At ten');
    await shot(ann, 'scheduled-edit-phone');
    await list.getByRole('button', { name: 'Save' }).tap();
    await list.getByRole('button', { name: 'Change time' }).tap();
    await shot(ann, 'scheduled-time-phone');
    await list.getByRole('button', { name: 'Cancel' }).tap();
    await list.getByRole('button', { name: 'Delete' }).tap();
    await shot(ann, 'scheduled-delete-phone');
    await list.getByRole('button', { name: 'Keep it' }).tap();
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await shot(ann, 'scheduled-phone');
    await list.getByRole('button', { name: 'Send now' }).tap();
    await bob.article('At ten').getByTestId('quote').getByText('Shall we meet?').waitFor();
    await page.getByText('Nothing is scheduled').waitFor();
  });

  it('is sent at its time although its writer has gone', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    const { id } = await on.meet(ann, bob);
    const at = new Date(Date.now() + 3_000).toISOString();
    const later = { clientId: randomUUID(), text: 'From yesterday', at };
    await ann.rest.call('POST', `/rooms/${id}/scheduled`, later);
    await ann.close();
    await bob.openRoom(ann.fullName);
    await bob.sees('From yesterday');
  });
});

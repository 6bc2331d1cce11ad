import { expect } from 'chai';
import type { BrowserPerson } from '../support/browser.ts';
import { named, stage } from './stage.ts';

describe('writing that is not sent yet, in the browser', function () {
  this.timeout(120_000);
  const on = stage();
  const valueIs = (person: BrowserPerson, text: string): Promise<unknown> =>
    person.page.waitForFunction(
      (wanted) =>
        document.querySelector<HTMLTextAreaElement>('textarea[aria-label^="Message "]')?.value === wanted,
      text,
    );

  it('is the same on all devices, live and after an absence, until it is sent', async () => {
    const ann = await on.join('Ann');
    const bob = await on.join('Bob');
    await ann.message(bob.fullName);
    const phone = await on.open('phone');
    await phone.signIn(ann.username);
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

  it('can be scheduled, seen, changed, sent at once and taken back', async () => {
    const ann = await on.join('Ann');
    const bob = await on.join('Bob');
    await ann.message(bob.fullName);
    const { page } = ann;
    const schedule = async (text: string): Promise<void> => {
      await ann.composer().fill(text);
      await page.getByRole('button', { name: 'Send later' }).click();
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
    await page.getByText('Nothing is scheduled').waitFor();
    expect(await bob.article('Never mind').count()).to.equal(0);
  });

  it('is sent at its time although its writer has gone', async () => {
    const ann = await on.join('Ann');
    const bob = await on.join('Bob');
    await ann.message(bob.fullName);
    const at = new Date(Date.now() + 3_000).toISOString();
    const room = /[0-9a-f]{24}/.exec(ann.page.url())?.[0] ?? '';
    const signedIn = ann.page.waitForResponse((response) => response.url().endsWith('/auth/refresh'));
    await ann.page.reload();
    const { accessToken } = (await (await signedIn).json()) as { accessToken: string };
    const answer = await ann.page.request.post(`/api/v1/rooms/${room}/scheduled`, {
      headers: { authorization: `Bearer ${accessToken}` },
      data: { clientId: named('later').username, text: 'From yesterday', at },
    });
    expect(answer.status()).to.equal(201);
    await ann.close();
    await bob.openRoom(ann.fullName);
    await bob.sees('From yesterday');
  });
});

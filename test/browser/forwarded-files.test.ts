import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import type { BrowserPerson } from '../support/browser.ts';
import { bytes, choose, picture, sendFiles } from './files-acts.ts';
import { act } from './message-acts.ts';
import { stage, type Actor } from './stage.ts';
import { longPress } from './touch-acts.ts';

describe('files are forwarded in the browser', function () {
  this.timeout(180_000);
  const on = stage();
  const shot = async ({ page }: BrowserPerson, name: string): Promise<void> => {
    const folder = process.env['PARLEY_SHOTS'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
  };
  /** Bob's group with somebody who has nothing to do with ann. */
  const withCid = async (bob: Actor): Promise<Actor> => {
    const [cid, owner] = [await on.join('Cid'), await on.parley.register('owner')];
    await owner.createRoom({ type: 'group', name: 'Plans', members: [bob.username, cid.username] });
    await cid.openRoom('Plans');
    return cid;
  };
  const dialogOf = (person: BrowserPerson): Locator =>
    person.page.getByRole('dialog', { name: 'Forward to…' });
  const forwardTo = async (person: BrowserPerson, room: string): Promise<void> => {
    const dialog = dialogOf(person);
    await dialog.getByRole('searchbox').fill(room);
    await dialog.getByRole('button', { name: room }).click();
    await dialog.getByRole('button', { name: 'Forward', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
  };
  const drawn = (person: BrowserPerson): Promise<unknown> =>
    person.page.waitForFunction(
      () => (document.querySelector<HTMLImageElement>('article img')?.naturalWidth ?? 0) > 0,
    );

  it('with their message, which others see whole, also once the original is deleted', async () => {
    const [ann, bob] = await on.pair();
    const cid = await withCid(bob);
    const report = bytes('report.bin', 40_000);
    await choose(ann.page, [await picture('map.png', 800, 500), report]);
    await ann.composer().fill('The way there');
    await sendFiles(ann.page);
    const row = bob.article('The way there');
    await row.getByRole('button', { name: 'Open map.png' }).waitFor();
    await act(row, 'Forward');
    const along = dialogOf(bob).getByRole('list', { name: 'Files that go along' });
    await along.getByRole('img', { name: 'map.png' }).waitFor();
    await along.getByText('report.bin').waitFor();
    expect(await bob.violations(), 'axe').to.deep.equal([]);
    await shot(bob, 'dialog');
    await forwardTo(bob, 'Plans');
    await bob.article('The way there').getByText(`Forwarded · ${ann.fullName}`).waitFor();
    const copy = cid.article('The way there');
    await copy.getByText(`Forwarded · ${ann.fullName}`).waitFor();
    await drawn(cid);
    await shot(cid, 'forwarded');

    const mine = ann.article('The way there');
    await act(mine, 'Delete');
    const sure = ann.page.getByRole('dialog', { name: 'Delete this message?' });
    await sure.getByRole('button', { name: 'Delete', exact: true }).click();
    await mine.waitFor({ state: 'detached' });
    await cid.page.reload();
    await copy.getByRole('button', { name: 'Open map.png' }).waitFor();
    await drawn(cid);
    const link = copy.getByRole('link', { name: /^Download report.bin/ });
    const [download] = await Promise.all([cid.page.waitForEvent('download'), link.click()]);
    expect(report.buffer.equals(await readFile(await download.path()))).to.equal(true);
    expect(await cid.violations(), 'axe').to.deep.equal([]);
  });

  it('without a word, and are listed among the files of the other conversation', async () => {
    const [ann, bob] = await on.pair();
    const cid = await withCid(bob);
    await choose(ann.page, [await picture('only.png', 300, 300)]);
    await sendFiles(ann.page);
    const open = bob.page.getByRole('button', { name: 'Open only.png' });
    await open.waitFor();
    await bob.page.getByRole('article').filter({ has: open }).focus();
    await bob.page.keyboard.press('f');
    await dialogOf(bob).getByRole('img', { name: 'only.png' }).waitFor();
    await forwardTo(bob, 'Plans');
    await cid.page.getByRole('button', { name: 'Open only.png' }).waitFor();
    await cid.roomLink('Plans').getByText('Photo').waitFor();
    const details = cid.page.getByRole('region', { name: 'Details' });
    await details.getByRole('button', { name: 'Pictures and files' }).click();
    await details.getByRole('button', { name: 'Open only.png' }).waitFor();
  });

  it('ten at once, which leave room for the conversations on a small phone', async () => {
    const [ann, bob] = await on.pair('hello', [undefined, 'phone']);
    const cid = await withCid(bob);
    await bob.page.setViewportSize({ width: 360, height: 600 });
    const pictures = await Promise.all(Array.from({ length: 7 }, (_, i) => picture(`${i}.png`, 300, 200)));
    await choose(ann.page, [...pictures, bytes('a.bin', 10), bytes('b.bin', 10), bytes('c.bin', 10)]);
    await ann.composer().fill('| What | When |\n|---|---|\n| Boat | ten |');
    await sendFiles(ann.page);
    const row = bob.page.getByRole('article').filter({ hasText: 'Boat' });
    await row.getByRole('link', { name: /^Download c.bin/ }).waitFor();
    await row.focus();
    await bob.page.keyboard.press('f');
    const along = dialogOf(bob).getByRole('list', { name: 'Files that go along' });
    await along.getByText('and 2 more pictures').waitFor();
    await dialogOf(bob).getByText('What · When; Boat · ten').waitFor();
    expect(await bob.violations(), 'axe').to.deep.equal([]);
    await shot(bob, 'phone-ten');
    await forwardTo(bob, 'Plans');
    await cid.page.getByRole('link', { name: /^Download c.bin/ }).waitFor();
    await cid.roomLink('Plans').getByText('What · When; Boat · ten').waitFor();
    expect(
      await cid.page
        .getByRole('article')
        .getByRole('button', { name: /^Open / })
        .count(),
    ).to.equal(7);
  });

  it('on a phone: a voice message, by a long press', async () => {
    const [ann, bob] = await on.pair('hello', [undefined, 'phone']);
    const cid = await withCid(bob);
    await ann.page.getByRole('button', { name: 'Record a voice message' }).click();
    await ann.page.waitForFunction(() =>
      /:0[1-9]$/.test(document.querySelector('[role=timer]')?.textContent?.trim() ?? ''),
    );
    await ann.page.getByRole('button', { name: 'Stop and listen' }).click();
    await ann.page.getByRole('button', { name: 'Send voice message' }).click();
    const voice = bob.page
      .getByRole('article')
      .filter({ has: bob.page.getByRole('group', { name: 'Voice message' }) });
    await voice.waitFor();
    await longPress(bob, voice);
    await shot(bob, 'phone-menu');
    await bob.page.getByRole('button', { name: 'Forward', exact: true }).tap();
    await dialogOf(bob)
      .getByRole('list', { name: 'Files that go along' })
      .getByText('Voice message')
      .waitFor();
    expect(await bob.violations(), 'axe').to.deep.equal([]);
    await shot(bob, 'phone-dialog');
    await forwardTo(bob, 'Plans');
    const heard = cid.page.getByRole('article').getByRole('group', { name: 'Voice message' });
    await heard.getByRole('button', { name: 'Play Voice message' }).click();
    await heard.getByRole('button', { name: 'Pause Voice message' }).waitFor();
    await bob.page.getByText(`Forwarded · ${ann.fullName}`).waitFor();
    await shot(bob, 'phone-forwarded');
  });
});

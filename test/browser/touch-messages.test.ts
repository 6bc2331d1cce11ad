import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import type { BrowserPerson } from '../support/browser.ts';
import { stage, type Actor } from './stage.ts';
import { choose, longPress } from './touch-acts.ts';

describe('what a finger does with messages', function () {
  this.timeout(180_000);
  const on = stage();

  const shot = async ({ page }: BrowserPerson, name: string): Promise<void> => {
    const folder = process.env['PARLEY_SHOTS'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
  };
  const list = ({ page }: BrowserPerson): Locator => page.getByTestId('messages');
  const pane = ({ page }: BrowserPerson): Locator =>
    page.getByRole('region', { name: 'Thread', exact: true });
  const sent = (row: Locator): Promise<void> =>
    row.getByRole('img', { name: /Sent|Delivered|Read/ }).waitFor();
  /** Of Ann with a phone and of Bob with keys, in a group that Bob has made. */
  const both = async (name: string): Promise<readonly [Actor, Actor]> => {
    const [ann, bob] = await Promise.all([on.join('Ann', 'phone'), on.join('Bob')]);
    await on.group(bob, name, ann);
    await bob.say('Who brings the boat?');
    await ann.roomLink(name).tap();
    await ann.sees('Who brings the boat?');
    return [ann, bob];
  };

  it('reacts, replies with a quote and in a thread, copies and forwards', async () => {
    const [ann, bob] = await both('Rowing');
    const { page } = ann;
    await ann.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const row = ann.article('Who brings the boat?').first();
    const menu = await longPress(ann, row);
    await ann.settled();
    await shot(ann, 'touch-menu');
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    for (const button of await menu.getByRole('button').all()) {
      const { width = 0, height = 0 } = (await button.boundingBox()) ?? {};
      expect(Math.min(width, height), 'pixels').to.be.at.least(44);
    }
    await menu.getByRole('button', { name: 'React with 👍' }).tap();
    await menu.waitFor({ state: 'detached' });
    const reaction = (person: BrowserPerson): Locator =>
      person
        .article('Who brings the boat?')
        .first()
        .getByRole('list', { name: 'Reactions' })
        .getByRole('button');
    await reaction(bob).filter({ hasText: '👍' }).waitFor();
    await reaction(ann).filter({ hasText: '👍' }).tap();
    await reaction(bob).waitFor({ state: 'detached' });

    await choose(ann, row, 'Reply');
    const quote = page.getByRole('group', { name: 'Replying' });
    await quote.getByText('Who brings the boat?').waitFor();
    expect(await ann.composer().evaluate((field) => field === document.activeElement)).to.equal(true);
    await shot(ann, 'touch-quote');
    await quote.getByRole('button').tap();
    await quote.waitFor({ state: 'detached' });
    await choose(ann, row, 'Reply');
    await page.keyboard.insertText('I do.');
    await page.getByRole('button', { name: 'Send', exact: true }).tap();
    await bob.article('I do.').getByTestId('quote').getByText('Who brings the boat?').waitFor();

    await choose(ann, row, 'Copy text');
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).to.equal('Who brings the boat?');

    await choose(ann, row, 'Reply in thread');
    const box = pane(ann).getByRole('textbox', { name: 'Reply in thread' });
    await box.tap();
    await page.keyboard.insertText('And the oars.');
    await pane(ann).getByRole('button', { name: 'Send', exact: true }).tap();
    const reply = pane(ann).getByRole('article').filter({ hasText: 'And the oars.' });
    await sent(reply);
    await choose(ann, reply, 'Reply');
    await pane(ann).getByRole('group', { name: 'Replying' }).getByText('And the oars.').waitFor();
    await shot(ann, 'touch-thread');
    await pane(ann).getByRole('button', { name: 'Back to the conversation' }).tap();
    await list(ann).getByTestId('thread-line').getByText('1 reply').waitFor();

    await on.meet(bob, ann);
    await bob.say('Here I am.');
    await choose(ann, row, 'Forward');
    const dialog = page.getByRole('dialog', { name: 'Forward to…' });
    await dialog.getByRole('button', { name: bob.fullName }).tap();
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await shot(ann, 'touch-forward');
    await dialog.getByRole('button', { name: 'Forward', exact: true }).tap();
    await dialog.waitFor({ state: 'detached' });
    await ann.composerFor(bob.fullName).waitFor();
    await bob.article('Who brings the boat?').getByText(`Forwarded · ${bob.fullName}`).waitFor();
    await shot(ann, 'touch-forwarded');
  });

  it('pins, edits, looks at what it said before and who has seen it, and deletes', async () => {
    const [ann, bob] = await both('Sailing');
    const { page } = ann;
    await ann.composer().tap();
    await page.keyboard.insertText('The boat is blue');
    await page.getByRole('button', { name: 'Send', exact: true }).tap();
    const row = ann.article('The boat is');
    await sent(row);
    await choose(ann, row, 'Pin');
    await row.getByText('Pinned').waitFor();
    await bob.article('The boat is blue').getByText('Pinned').waitFor();
    await list(ann).getByText('You pinned a message').waitFor();
    await shot(ann, 'touch-pinned');

    await choose(ann, row, 'Edit');
    const editor = page.getByRole('textbox', { name: 'Edit message' });
    await editor.fill('The boat is green');
    await shot(ann, 'touch-editing');
    await page.getByRole('button', { name: 'Cancel' }).tap();
    await ann.sees('The boat is blue');
    await choose(ann, row, 'Edit');
    await editor.fill('The boat is green');
    await page.getByRole('button', { name: 'Save' }).tap();
    await bob.article('The boat is green').getByText('(edited)').waitFor();

    await choose(ann, row, 'Earlier versions');
    const versions = page.getByRole('dialog', { name: 'Earlier versions' });
    await versions.getByText('The boat is blue').waitFor();
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await shot(ann, 'touch-versions');
    await versions.getByRole('button', { name: 'Close' }).tap();
    await versions.waitFor({ state: 'detached' });

    await choose(ann, row, 'Seen by');
    const seen = page.getByRole('dialog', { name: 'Seen by' });
    await seen.getByRole('list', { name: 'Read' }).getByText(bob.fullName).waitFor();
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await shot(ann, 'touch-seen');
    await seen.getByRole('button', { name: 'Close' }).tap();
    await seen.waitFor({ state: 'detached' });

    const menu = await longPress(ann, row);
    await menu.getByRole('button', { name: 'Unpin' }).waitFor();
    await shot(ann, 'touch-menu-own');
    await menu.getByRole('button', { name: 'Delete' }).tap();
    const question = page.getByRole('dialog', { name: 'Delete this message?' });
    await question.getByRole('button', { name: 'Keep' }).tap();
    await question.waitFor({ state: 'detached' });
    await choose(ann, row, 'Delete');
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await shot(ann, 'touch-delete');
    await question.getByRole('button', { name: 'Delete', exact: true }).tap();
    for (const person of [ann, bob]) await person.article('Message deleted').waitFor();
    expect(await row.count()).to.equal(0);
  });

  it('finds the whole menu on a phone that lies on its side', async () => {
    const [ann] = await both('Swimming');
    await ann.page.setViewportSize({ width: 667, height: 340 });
    const menu = await longPress(ann, ann.article('Who brings the boat?').first());
    await ann.settled();
    await shot(ann, 'touch-menu-low');
    await menu.getByRole('button', { name: 'Pin', exact: true }).tap();
    await ann.article('Who brings the boat?').first().getByText('Pinned').waitFor();
  });
});

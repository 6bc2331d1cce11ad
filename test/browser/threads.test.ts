import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import type { Message, Room, ThreadInfo } from '../../shared/wire/rest.ts';
import type { BrowserPerson, Size } from '../support/browser.ts';
import { act } from './message-acts.ts';
import { stage, type Actor } from './stage.ts';
import { choose } from './touch-acts.ts';

describe('talk branches in the browser', function () {
  this.timeout(240_000);
  const on = stage();

  const shot = async (person: BrowserPerson, name: string): Promise<void> => {
    const folder = process.env['PARLEY_SHOTS'];
    if (folder !== undefined) await person.page.screenshot({ path: `${folder}/${name}.png` });
  };
  const pane = (person: BrowserPerson): Locator =>
    person.page.getByRole('region', { name: 'Thread', exact: true });
  const list = (person: BrowserPerson): Locator => person.page.getByTestId('messages');
  const replyBox = (person: BrowserPerson): Locator =>
    person.page.getByRole('textbox', { name: 'Reply in thread' });
  const line = (person: BrowserPerson): Locator => list(person).getByTestId('thread-line');
  const quote = (person: BrowserPerson): Locator => list(person).getByTestId('quote');
  const sent = (person: BrowserPerson, text: string): Promise<void> =>
    person
      .article(text)
      .getByRole('img', { name: /Sent|Delivered|Read/ })
      .first()
      .waitFor();

  const two = (size?: Size): Promise<readonly [Actor, Actor]> => on.pair('Shall we meet?', [size, undefined]);

  it('by a reply that quotes, is seen by the other, and tells when the original is gone', async () => {
    const [ann, bob] = await two();
    await act(bob.article('Shall we meet?'), 'Reply');
    await bob.page.getByRole('group', { name: 'Replying' }).getByText('Shall we meet?').waitFor();
    expect(await bob.violations(), 'axe').to.deep.equal([]);
    await shot(bob, 'quote-bar');
    await bob.page.reload();
    await bob.page.getByRole('group', { name: 'Replying' }).getByText('Shall we meet?').waitFor();
    await bob.composer().press('Escape');
    await bob.page.getByRole('group', { name: 'Replying' }).waitFor({ state: 'detached' });
    await act(bob.article('Shall we meet?').first(), 'Reply');
    await bob.say('Yes, at nine.');
    for (const person of [ann, bob])
      await person.article('Yes, at nine.').getByTestId('quote').getByText('Shall we meet?').waitFor();
    await shot(ann, 'quote');
    await act(ann.article('Shall we meet?').first(), 'Delete');
    await ann.page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    for (const person of [ann, bob])
      await quote(person).getByText('The original message was deleted').waitFor();
  });

  it('by a quote of something long ago, which is shown and leads there', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    const owner = await on.parley.register('owner');
    const room = await owner.createRoom({
      type: 'group',
      name: 'Harbour',
      members: [ann.username, bob.username],
    });
    const first = await owner.say(room.id, 'The very first plan');
    for (let i = 0; i < 130; i += 1) await owner.say(room.id, `line ${i}`);
    const body = { clientId: 'q', text: 'As I said', replyTo: first.seq };
    await owner.call('POST', `/rooms/${room.id}/messages`, body);
    await ann.openRoom('Harbour');
    const newest = ann.page.getByRole('button', { name: /Jump to newest|new message/ });
    await newest.click();
    await ann.article('As I said').getByTestId('quote').getByText('The very first plan').waitFor();
    await quote(ann).click();
    await ann.page.locator(`article[data-seq="${first.seq}"]`).waitFor();
    await newest.click();
    await ann.sees('As I said');
  });

  it('in a thread beside the room, with one line below its root', async () => {
    const [ann, bob] = await two();
    await act(bob.article('Shall we meet?'), 'Reply in thread');
    await replyBox(bob).fill('At the harbour?');
    await replyBox(bob).press('Enter');
    await pane(bob).getByRole('article').filter({ hasText: 'At the harbour?' }).waitFor();
    for (const person of [ann, bob]) await line(person).getByText('1 reply').waitFor();
    expect(await list(ann).getByText('At the harbour?').count(), 'no row of its own').to.equal(0);
    await ann.page.getByRole('link', { name: /^Threads 1/ }).waitFor();
    await shot(ann, 'thread-line');
    await line(ann).click();
    await pane(ann).getByRole('article').filter({ hasText: 'At the harbour?' }).waitFor();
    await ann.page.getByRole('link', { name: 'Threads', exact: true }).waitFor();
    await replyBox(ann).fill('Fine.');
    await replyBox(ann).press('Enter');
    await pane(bob).getByRole('article').filter({ hasText: 'Fine.' }).waitFor();
    for (const person of [ann, bob]) await line(person).getByText('2 replies').waitFor();
    await act(pane(bob).getByRole('article').filter({ hasText: 'Fine.' }), 'React with 👍');
    await pane(ann).getByRole('list', { name: 'Reactions' }).getByRole('button', { name: '👍' }).waitFor();
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await shot(ann, 'thread');
    await act(pane(ann).getByRole('article').filter({ hasText: 'Fine.' }), 'Delete');
    await ann.page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    for (const person of [ann, bob]) await line(person).getByText('1 reply').waitFor();
    await ann.page.reload();
    await line(ann).getByText('1 reply').waitFor();
    await pane(ann).getByText('At the harbour?').waitFor();
    await pane(ann).getByRole('button', { name: 'Close thread' }).click();
    await pane(ann).waitFor({ state: 'detached' });
  });

  it('with what came while away in the badge and at the top of the list of threads', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    const owner = await on.parley.register('owner');
    const members = [ann.username, bob.username];
    const room: Room = await owner.createRoom({ type: 'group', name: 'Market', members });
    await ann.openRoom('Market');
    await ann.say('Apples?');
    await sent(ann, 'Apples?');
    const { messages } = await owner.history(room.id);
    const root = messages.find(({ text }) => text === 'Apples?') as Message;
    await ann.context.setOffline(true);
    const reply = (text: string): Promise<Message> =>
      owner.call<Message>('POST', `/rooms/${room.id}/messages`, { clientId: text, text, thread: root.seq });
    await reply('Red ones.');
    await reply('Or green ones.');
    await ann.context.setOffline(false);
    await ann.page.reload();
    await ann.page.getByRole('link', { name: /^Threads 1/ }).click();
    const entry = ann.page.getByRole('list', { name: 'Threads you follow' }).getByRole('link');
    await entry.getByText('2 replies').waitFor();
    await entry.getByText(/^2/).last().waitFor();
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await shot(ann, 'threads');
    await entry.click();
    await pane(ann).getByText('Or green ones.').waitFor();
    await ann.page.getByRole('link', { name: 'Threads', exact: true }).waitFor();
    await pane(ann).getByRole('button', { name: 'Stop following' }).click();
    await pane(ann).getByRole('button', { name: 'Follow this thread' }).waitFor();
    await ann.page.getByRole('link', { name: 'Threads', exact: true }).waitFor({ state: 'detached' });
  });

  it('in a thread that opens where one stopped, and is read by what has been in view', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    const room: Room = await on.group(ann, 'Pier', bob);
    const { seq: root } = await ann.rest.say(room.id, 'Who comes?');
    const reply = (text: string): Promise<Message> =>
      bob.rest.call<Message>('POST', `/rooms/${room.id}/messages`, { clientId: text, text, thread: root });
    const readSeq = async (): Promise<number> =>
      (await ann.rest.call<{ threads: ThreadInfo[] }>('GET', '/threads?following=true')).threads[0]
        ?.readSeq ?? 0;
    const early = await reply('early');
    await line(ann).click();
    await pane(ann).getByText('early', { exact: true }).waitFor();
    while ((await readSeq()) < early.seq) await ann.page.waitForTimeout(50);
    expect(await pane(ann).getByRole('separator', { name: 'New messages' }).count()).to.equal(0);
    await pane(ann).getByRole('button', { name: 'Close thread' }).click();
    for (let i = 1; i <= 70; i += 1) await reply(`more ${i}.`);
    const last = await reply('late');
    await ann.page.reload();
    await line(ann).click();
    await pane(ann).getByRole('separator', { name: 'New messages' }).waitFor();
    const first = pane(ann).getByRole('article').filter({ hasText: 'more 1.' });
    await first.waitFor();
    const [box, sheet] = [await first.boundingBox(), await pane(ann).boundingBox()];
    expect(box!.y, 'the first unread in view').to.be.within(sheet!.y, sheet!.y + sheet!.height / 2);
    await shot(ann, 'thread-line-new');
    let read = await readSeq();
    while (read === early.seq) {
      await ann.page.waitForTimeout(100);
      read = await readSeq();
    }
    expect(read).to.be.within(early.seq + 1, last.seq - 10);
    await ann.page.getByRole('link', { name: /^Threads 1/ }).waitFor();
    await pane(ann).getByRole('log').focus();
    await ann.page.keyboard.press('End');
    await ann.page.getByRole('link', { name: 'Threads', exact: true }).waitFor();
    expect(await readSeq()).to.equal(last.seq);
  });

  it('by forwarding, which names the author and not the room', async () => {
    const [ann, bob] = await two();
    const owner = await on.parley.register('owner');
    await owner.createRoom({ type: 'group', name: 'Plans', members: [ann.username, bob.username] });
    await ann.roomLink('Plans').waitFor();
    await bob.say('Bring the map.');
    await ann.sees('Bring the map.');
    await act(ann.article('Bring the map.'), 'Forward');
    const dialog = ann.page.getByRole('dialog', { name: 'Forward to…' });
    await dialog.getByRole('searchbox').fill('plan');
    await dialog.getByRole('button', { name: 'Plans' }).click();
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await shot(ann, 'forward');
    await dialog.getByRole('button', { name: 'Forward', exact: true }).click();
    await ann.article('Bring the map.').getByText(`Forwarded · ${bob.fullName}`).waitFor();
    await bob.openRoom('Plans');
    await bob.article('Bring the map.').getByText(`Forwarded · ${bob.fullName}`).waitFor();
    await shot(bob, 'forwarded');
  });

  it('on a phone: a quote above the composer, a thread on the whole screen with a way back', async () => {
    const [ann, bob] = await two('phone');
    await bob.say('When?');
    await ann.sees('When?');
    await choose(ann, ann.article('When?'), 'Reply');
    await ann.page.getByRole('group', { name: 'Replying' }).getByText('When?').waitFor();
    await shot(ann, 'phone-quote');
    await ann.say('Soon.');
    await bob.article('Soon.').getByTestId('quote').getByText('When?').waitFor();
    await act(bob.article('When?').first(), 'Reply in thread');
    await replyBox(bob).fill('Today?');
    await replyBox(bob).press('Enter');
    // A finger hovers over nothing: no tools stand in its way.
    await ann.page.mouse.move(0, 0);
    await line(ann).tap();
    await pane(ann).getByText('Today?').waitFor();
    expect(await ann.composer().isVisible(), 'the thread has the whole screen').to.equal(false);
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await shot(ann, 'phone-thread');
    await pane(ann).getByRole('button', { name: 'Back to the conversation' }).click();
    await ann.composer().waitFor();
  });
});

import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import type { Message, Room } from '../../shared/wire/rest.ts';
import { TRUSTING, type BrowserPerson } from '../support/browser.ts';
import { contents, holds, isKept, threadsHold, withoutServers } from './offline-acts.ts';
import { stage, type Actor } from './stage.ts';

describe('threads with no server', function () {
  this.timeout(180_000);
  const on = stage(undefined, { args: TRUSTING, own: true });

  const without = (during: () => Promise<void>): Promise<void> => withoutServers(on.parley, during);
  const pane = (person: BrowserPerson): Locator =>
    person.page.getByRole('region', { name: 'Thread', exact: true });
  const reply = (by: Actor, room: Room, root: number, text: string): Promise<Message> =>
    by.rest.call<Message>('POST', `/rooms/${room.id}/messages`, {
      ...{ clientId: randomUUID(), text, thread: root },
    });
  /** More than a room keeps of its messages. */
  const talkOn = async (by: Actor, room: Room): Promise<void> => {
    for (let n = 1; n <= 105; n += 1) await by.rest.say(room.id, `talk ${n}.`);
  };
  const look = async (person: Actor, room: Room, root: number, text: string): Promise<void> => {
    await person.page.goto(`/r/${room.id}/t/${root}`);
    await pane(person).getByText(text, { exact: true }).waitFor();
  };
  const shot = async (person: BrowserPerson, name: string): Promise<void> => {
    const folder = process.env['PARLEY_SHOTS'];
    if (folder !== undefined) await person.page.screenshot({ path: `${folder}/${name}.png` });
  };

  for (const size of ['desktop', 'phone'] as const)
    it(`show what was looked at and what one follows after a reload, and take what is written (${size})`, async () => {
      const [ann, bob] = await Promise.all([on.enrol('Ann', size), on.enrol('Bob')]);
      const room = await ann.rest.createRoom({ type: 'group', name: 'Pier', members: [bob.username] });
      const { seq: root } = await ann.rest.say(room.id, 'Who comes to the pier?');
      const { seq: other } = await ann.rest.say(room.id, 'Who brings tea?');
      await reply(bob, room, root, 'I do, at nine.');
      await reply(bob, room, other, 'Not me.');
      await talkOn(bob, room);
      const early = await reply(bob, room, other, 'Or perhaps I do.');
      await ann.enter();
      await look(ann, room, root, 'I do, at nine.');
      await isKept(ann.page);
      await threadsHold(ann.page, 'I do, at nine.');
      await holds(ann.page, early.text);
      await without(async () => {
        await ann.page.reload();
        await pane(ann).getByText('I do, at nine.').waitFor();
        await pane(ann).getByText('Who comes to the pier?').waitFor();
        await pane(ann).getByText('1 reply').waitFor();
        const box = pane(ann).getByRole('textbox', { name: 'Reply in thread' });
        await box.fill('Me too.');
        await box.press('Enter');
        const mine = pane(ann).getByRole('article').filter({ hasText: 'Me too.' });
        await mine.getByRole('img', { name: 'Waiting to be sent' }).waitFor();
        expect(await ann.violations(), 'axe').to.deep.equal([]);
        await shot(ann, `thread-${size}`);

        await ann.page.goto('/threads');
        const followed = ann.page.getByRole('list', { name: 'Threads you follow' }).getByRole('link');
        await followed.filter({ hasText: 'Who brings tea?' }).waitFor();
        await followed.filter({ hasText: 'Who comes to the pier?' }).click();
        await pane(ann).getByText('I do, at nine.').waitFor();
        await mine.waitFor();

        // Never looked at: what its room keeps of it, and what is not there is said.
        await ann.page.goto('/threads');
        await followed.filter({ hasText: 'Who brings tea?' }).click();
        await pane(ann).getByText('Or perhaps I do.').waitFor();
        await pane(ann).getByText('Earlier replies are not kept on this device').waitFor();
        expect(await ann.violations(), 'axe').to.deep.equal([]);
        await shot(ann, `thread-part-${size}`);
      });
      await pane(ann).getByText('Not me.').waitFor();
      const sent = async (): Promise<boolean> =>
        JSON.stringify(await bob.rest.history(room.id)).includes('Me too.');
      while (!(await sent())) await ann.page.waitForTimeout(100);
    });

  it('are found by a search, open with what is there, and say what is not', async () => {
    const [ann, bob] = await Promise.all([on.enrol('Ann'), on.enrol('Bob')]);
    const room = await bob.rest.createRoom({ type: 'group', name: 'Harbour', members: [ann.username] });
    const { seq: first } = await bob.rest.say(room.id, 'Boats');
    const { seq: second } = await bob.rest.say(room.id, 'Nets');
    const { seq: third } = await bob.rest.say(room.id, 'Sails');
    await reply(bob, room, first, 'the marmalade boat');
    await reply(bob, room, third, 'nobody looked here');
    await talkOn(bob, room);
    await reply(bob, room, second, 'the aubergine net');
    await ann.enter();
    await look(ann, room, first, 'the marmalade boat');
    await isKept(ann.page);
    await threadsHold(ann.page, 'the marmalade boat');
    await holds(ann.page, 'the aubergine net');
    const find = async (word: string, text: string): Promise<void> => {
      await ann.page.getByRole('button', { name: 'Search in this conversation' }).click();
      const dialog = ann.page.getByRole('dialog', { name: 'Search messages' });
      await dialog.getByRole('searchbox').fill(word);
      await dialog.getByRole('button', { name: text }).click();
      await pane(ann).getByRole('article').filter({ hasText: text }).waitFor();
    };
    await without(async () => {
      await ann.page.goto(`/r/${room.id}`);
      // Where one stopped reading, which may be anywhere in it.
      await ann.sees('talk ');
      await find('marmalade', 'the marmalade boat');
      await pane(ann).getByText('Boats', { exact: true }).waitFor();
      await pane(ann).getByRole('button', { name: 'Close thread' }).click();
      await find('aubergine', 'the aubergine net');
      await pane(ann).getByText('The beginning of this thread is not kept on this device').waitFor();
      await shot(ann, 'thread-no-root');
      await ann.page.goto(`/r/${room.id}/t/${third}`);
      await pane(ann).getByText('This thread is not kept on this device').waitFor();
      expect(await ann.violations(), 'axe').to.deep.equal([]);
      await shot(ann, 'thread-absent');
    });
    await pane(ann).getByText('nobody looked here').waitFor();
    await pane(ann).getByText('Sails', { exact: true }).waitFor();
  });

  it('give way to what the server says: edits, deletions, a room left, signing out', async () => {
    const [ann, bob] = await Promise.all([on.enrol('Ann'), on.enrol('Bob')]);
    const make = async (name: string): Promise<readonly [Room, number, Message, Message]> => {
      const room = await bob.rest.createRoom({ type: 'group', name, members: [ann.username] });
      const { seq: root } = await bob.rest.say(room.id, `root of ${name}`);
      const one = await reply(bob, room, root, `one of ${name}`);
      return [room, root, one, await reply(bob, room, root, `two of ${name}`)];
    };
    const [market, root, one, two] = await make('Market');
    const [mill, millRoot] = await make('Mill');
    await ann.enter();
    await look(ann, market, root, 'two of Market');
    await threadsHold(ann.page, 'two of Market');
    await look(ann, mill, millRoot, 'two of Mill');
    await threadsHold(ann.page, 'two of Mill');
    await ann.page.goto('about:blank');
    await bob.rest.call('PATCH', `/rooms/${market.id}/messages/${one.seq}`, { text: 'one, mended' });
    await bob.rest.call('DELETE', `/rooms/${market.id}/messages/${two.seq}`);
    const { id } = await ann.rest.call<{ id: string }>('GET', '/users/me');
    await bob.rest.call('DELETE', `/rooms/${mill.id}/members/${id}`);
    await ann.page.goto('/threads');
    await ann.roomLink('Market').waitFor();
    // Nobody opened it: what it says is right all the same.
    await threadsHold(ann.page, 'one, mended');
    for (const text of ['two of Market', 'two of Mill']) await threadsHold(ann.page, text, false);
    await look(ann, market, root, 'one, mended');
    expect(await pane(ann).getByText('two of Market').count()).to.equal(0);
    await ann.page.getByRole('button', { name: 'Settings' }).click();
    await ann.page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await ann.page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await contents(ann.page)).to.not.include('one, mended');
  });

  it('hide the words of whom one blocked, as everything does', async () => {
    const [ann, bob] = await Promise.all([on.enrol('Ann'), on.enrol('Bob')]);
    const room = await bob.rest.createRoom({ type: 'group', name: 'Quay', members: [ann.username] });
    const { seq: root } = await bob.rest.say(room.id, 'rude root');
    await reply(bob, room, root, 'rude reply');
    const { seq: mine } = await ann.rest.say(room.id, 'mine');
    await ann.enter();
    await look(ann, room, root, 'rude reply');
    const { id } = await bob.rest.call<{ id: string }>('GET', '/users/me');
    await ann.rest.call('PUT', `/users/me/blocks/${id}`);
    await pane(ann).getByText('rude reply').waitFor({ state: 'detached' });
    await isKept(ann.page);
    while (!/"self":\d+,"users":\["/.test(await contents(ann.page, 'parley-cache')))
      await ann.page.waitForTimeout(50);
    await without(async () => {
      await ann.page.reload();
      await ann.page.locator(`article[data-seq="${mine}"]`).waitFor();
      await pane(ann)
        .getByText(/blocked/)
        .first()
        .waitFor();
      expect(await ann.page.getByText(/^rude/).count()).to.equal(0);
    });
  });
});

import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import type { Message, Room } from '../../shared/wire/rest.ts';
import type { BrowserPerson, Size } from '../support/browser.ts';
import type { Person } from '../support/person.ts';
import { stage, type Actor } from './stage.ts';

describe('finding the way in a conversation in the browser', function () {
  this.timeout(240_000);
  const on = stage();

  const shot = async ({ page }: BrowserPerson, name: string): Promise<void> => {
    const folder = process.env['PARLEY_SHOTS'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
  };
  const group = async (
    name: string,
    lines: number,
    ...people: readonly Actor[]
  ): Promise<{ owner: Person; room: Room; said: readonly Message[] }> => {
    const owner = await on.parley.register('owner');
    const members = people.map(({ username }) => username);
    const room = await owner.createRoom({ type: 'group', name, members });
    const said: Message[] = [];
    for (let i = 0; i < lines; i += 1) said.push(await owner.say(room.id, `line ${i}`));
    return { owner, room, said };
  };
  const list = (person: BrowserPerson): Locator => person.page.getByTestId('messages');
  const row = (person: BrowserPerson, seq: number): Locator =>
    list(person).locator(`article[data-seq="${seq}"]`);
  const back = (person: BrowserPerson, name = 'Back to where you were'): Locator =>
    person.page.getByRole('button', { name });
  /** A room opens at the first that is unread; this goes on to the newest. */
  const openAtEnd = async (person: BrowserPerson, name: string, newest: string): Promise<void> => {
    await person.openRoom(name);
    for (;;) {
      await person.composer().press('Escape');
      const isThere = await person
        .article(newest)
        .first()
        .waitFor({ timeout: 1_500 })
        .then(
          () => true,
          () => false,
        );
      if (isThere) return;
    }
  };
  const top = async (target: Locator): Promise<number> => (await target.boundingBox())?.y ?? NaN;
  const scrollBy = async (person: BrowserPerson, y: number): Promise<void> => {
    await list(person).hover();
    await person.page.mouse.wheel(0, y);
  };
  /** The first message that is in sight as a whole. */
  const firstInSight = (person: BrowserPerson): Promise<number> =>
    list(person).evaluate((log) => {
      const edge = log.getBoundingClientRect().top + 60;
      const found = [...log.querySelectorAll<HTMLElement>('article[data-seq]')].find(
        (article) => article.getBoundingClientRect().top >= edge,
      );
      return Number(found?.dataset['seq']);
    });
  /** Nothing moves any more: the same place in two frames. */
  const still = async (person: BrowserPerson): Promise<void> => {
    for (let before = NaN; ;) {
      const now = await list(person).evaluate(
        (log) => new Promise<number>((resolve) => setTimeout(() => resolve(log.scrollTop), 120)),
      );
      if (now === before) return;
      before = now;
    }
  };

  for (const size of ['desktop', 'phone'] satisfies Size[])
    it(`the latest pin stands above the messages, leads to it and to all of them, and moves nothing (${size})`, async () => {
      const ann = await on.join('Ann', size);
      const { owner, room, said } = await group('Quay', 120, ann);
      for (const seq of [said[3]!.seq, said[60]!.seq])
        await owner.call('PUT', `/rooms/${room.id}/messages/${seq}/pin`);
      let answer: () => void = () => undefined;
      const asked = new Promise<void>((resolve) => (answer = resolve));
      await ann.page.route('**/pins', async (route) => {
        await asked;
        await route.continue();
      });
      await openAtEnd(ann, 'Quay', 'line 119');
      await still(ann);
      const before = await top(row(ann, said[119]!.seq));
      answer();
      const bar = ann.page.getByRole('group', { name: 'Pinned', exact: true });
      await bar.getByText('line 60').waitFor();
      await bar.getByRole('button', { name: 'All pinned messages, 2' }).waitFor();
      await still(ann);
      expect(await top(row(ann, said[119]!.seq))).to.equal(before);
      expect(await ann.violations(), 'axe').to.deep.equal([]);
      await shot(ann, `pins-bar-${size}`);
      await bar.getByRole('button', { name: 'line 60' }).click();
      await ann.page.locator(`[aria-current=location][data-seq="${said[60]!.seq}"]`).waitFor();
      await shot(ann, `pin-jump-${size}`);
      await back(ann).click();
      await back(ann).waitFor({ state: 'detached' });
      await ann.sees('line 119');
      await bar.getByRole('button', { name: /^All pinned/ }).click();
      const dialog = ann.page.getByRole('dialog', { name: 'Pinned messages' });
      await dialog.getByRole('listitem').nth(1).waitFor();
      expect(await ann.violations(), 'axe').to.deep.equal([]);
      await shot(ann, `pins-list-${size}`);
      await dialog.getByRole('button', { name: 'line 3' }).click();
      await dialog.waitFor({ state: 'detached' });
      await ann.page.locator(`[aria-current=location][data-seq="${said[3]!.seq}"]`).waitFor();
      await ann.page.getByRole('button', { name: 'Jump to newest' }).click();
      // The notice leads there as well.
      await list(ann).getByRole('button', { name: 'pinned a message' }).last().click();
      await ann.page.locator(`[aria-current=location][data-seq="${said[60]!.seq}"]`).waitFor();
      for (const seq of [said[3]!.seq, said[60]!.seq])
        await owner.call('DELETE', `/rooms/${room.id}/messages/${seq}/pin`);
      await ann.page.reload();
      await ann.composer().waitFor();
      await bar.waitFor({ state: 'detached' });
    });

  it('after a jump one comes back to the line one was reading, by button, Alt-← and Escape', async () => {
    const ann = await on.join('Ann');
    const { owner, room, said } = await group('Long', 180, ann);
    await owner.call('PUT', `/rooms/${room.id}/messages/${said[5]!.seq}/pin`);
    await openAtEnd(ann, 'Long', 'line 179');
    await scrollBy(ann, -2_400);
    await still(ann);
    const bar = ann.page.getByRole('group', { name: 'Pinned', exact: true });
    const ways: (() => Promise<void>)[] = [
      () => back(ann).click(),
      () => ann.page.keyboard.press('Alt+ArrowLeft'),
      () => ann.page.keyboard.press('Escape'),
    ];
    for (const goBack of ways) {
      await still(ann);
      const reading = await firstInSight(ann);
      const before = await top(row(ann, reading));
      await bar.getByRole('button', { name: 'line 5' }).click();
      await ann.page.locator(`[aria-current=location][data-seq="${said[5]!.seq}"]`).waitFor();
      await back(ann, 'Back to where you were').waitFor();
      await still(ann);
      await goBack();
      await back(ann).waitFor({ state: 'detached' });
      await row(ann, reading).waitFor();
      await still(ann);
      expect(Math.abs((await top(row(ann, reading))) - before)).to.be.at.most(1);
    }
    expect(ann.page.url(), 'still here').to.contain(room.id);
  });

  it('several jumps are taken back one after the other, and the newest are counted meanwhile', async () => {
    const ann = await on.join('Ann');
    const { owner, room, said } = await group('Steps', 200, ann);
    const quote = { clientId: 'q', text: 'As I said', replyTo: said[20]!.seq };
    await owner.call('POST', `/rooms/${room.id}/messages`, quote);
    await owner.call('PUT', `/rooms/${room.id}/messages/${said[100]!.seq}/pin`);
    await openAtEnd(ann, 'Steps', 'As I said');
    await ann.article('As I said').getByTestId('quote').click();
    await ann.page.locator(`[aria-current=location][data-seq="${said[20]!.seq}"]`).waitFor();
    await still(ann);
    await ann.page.getByRole('group', { name: 'Pinned', exact: true }).getByText('line 100').click();
    await ann.page.locator(`[aria-current=location][data-seq="${said[100]!.seq}"]`).waitFor();
    for (const text of ['while away', 'and again']) await owner.say(room.id, text);
    await ann.page.getByRole('button', { name: '2 new messages' }).waitFor();
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await shot(ann, 'way-back');
    await still(ann);
    await back(ann).click();
    await row(ann, said[20]!.seq).waitFor();
    await still(ann);
    await ann.page.getByRole('button', { name: '2 new messages' }).click();
    await ann.sees('and again');
    await back(ann).waitFor({ state: 'detached' });
    await ann.roomLink('Steps').getByText('2', { exact: true }).waitFor({ state: 'detached' });
  });

  it('from a message found in another conversation one comes back to one’s own', async () => {
    const ann = await on.join('Ann', 'phone');
    const { owner, room } = await group('Island', 120, ann);
    await group('Porch', 2, ann);
    await ann.openRoom('Porch');
    const word = `heron${Date.now()}`;
    await owner.say(room.id, `A ${word} was seen`);
    await ann.page.getByRole('button', { name: 'Search in this conversation' }).click();
    const dialog = ann.page.getByRole('dialog', { name: 'Search messages' });
    const field = dialog.getByRole('searchbox', { name: 'Search messages' });
    await field.fill(word);
    const found = dialog.getByRole('button', { name: 'was seen' });
    for (;;) {
      await field.press('Enter');
      const hit = await found.waitFor({ timeout: 1_500 }).then(
        () => true,
        () => false,
      );
      if (hit) break;
    }
    await found.click();
    await ann.page.locator('[aria-current=location]').waitFor();
    await still(ann);
    await scrollBy(ann, -900);
    await back(ann, 'Back to Porch').waitFor();
    await shot(ann, 'back-to-room-phone');
    await back(ann, 'Back to Porch').click();
    await ann.page.getByRole('textbox', { name: 'Message Porch' }).waitFor();
    await ann.sees('line 1');
  });

  it('what is written in a thread, and what it answers, are there after a reload; the room has its own', async () => {
    const ann = await on.join('Ann');
    const { owner, room, said } = await group('Drafts', 3, ann);
    const reply = { clientId: 'r', text: 'In here', thread: said[0]!.seq };
    await owner.call('POST', `/rooms/${room.id}/messages`, reply);
    await ann.openRoom('Drafts');
    await list(ann).getByTestId('thread-line').click();
    const pane = ann.page.getByRole('region', { name: 'Thread', exact: true });
    const box = pane.getByRole('textbox', { name: 'Reply in thread' });
    await pane.getByRole('article', { name: /In here/ }).hover();
    await pane.getByRole('button', { name: 'Reply', exact: true }).click();
    await box.fill('half a reply');
    await ann.composer().fill('half a message');
    await ann.page.reload();
    await pane.getByRole('group', { name: 'Replying' }).getByText('In here').waitFor();
    expect(await box.inputValue()).to.equal('half a reply');
    expect(await ann.composer().inputValue()).to.equal('half a message');
    await box.press('Enter');
    await pane.getByRole('article').filter({ hasText: 'half a reply' }).getByTestId('quote').waitFor();
    await list(ann).getByTestId('thread-line').getByText('2 replies').waitFor();
    expect(await list(ann).getByText('half a reply').count(), 'no row of its own in the room').to.equal(0);
    // Closing gives the keyboard back to where one was.
    await ann.page.keyboard.press('Escape');
    await pane.waitFor({ state: 'detached' });
    await ann.page.waitForFunction(() => document.activeElement !== document.body);
  });

  it('all threads with something unread are counted and listed, however many one follows', async () => {
    const ann = await on.join('Ann');
    const { owner, room, said } = await group('Many', 120, ann);
    const post = (i: number, text: string): Promise<Message> =>
      owner.call('POST', `/rooms/${room.id}/messages`, {
        clientId: `${text}${i}`,
        text: `${text} ${i} @${ann.username}`,
        thread: said[i]!.seq,
      });
    for (let i = 0; i < said.length; i += 1) await post(i, 'reply');
    await ann.page.reload();
    const entry = ann.page.getByRole('link', { name: /^Threads/ });
    await entry.getByText('99+').waitFor();
    await entry.click();
    const threads = ann.page.getByRole('list', { name: 'Threads you follow' });
    await threads.getByRole('link').first().waitFor();
    expect(await threads.getByRole('link').count(), 'not all are drawn').to.be.below(60);
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await shot(ann, 'threads-many');
    const first = threads.getByText('line 0', { exact: false });
    for (let tries = 0; tries < 30 && (await threads.getByRole('link').count()) < 120; tries += 1) {
      await threads.hover();
      await ann.page.mouse.wheel(0, 3_000);
      await ann.page.evaluate('new Promise(requestAnimationFrame)');
    }
    await first.first().waitFor();
    expect(await threads.getByRole('link').count()).to.equal(120);
  });
});

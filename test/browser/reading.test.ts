import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import type { Member, Room, Session } from '../../shared/wire/rest.ts';
import type { BrowserPerson } from '../support/browser.ts';
import { call, type Person } from '../support/person.ts';
import { ListProbe } from './list-probe.ts';
import { lookAgain, lookAway } from './notifications.ts';
import { stage, type Actor } from './stage.ts';

/** The number in the text of the last message that is seen to its end. */
const LAST_SEEN = `(() => {
  const end = probe.list().getBoundingClientRect().bottom;
  const rows = [...probe.list().querySelectorAll('article[data-seq]')];
  const last = rows.findLast((row) => row.closest('[data-row]').getBoundingClientRect().bottom <= end + 8);
  return Number(/No\\. (\\d+)/.exec(last.textContent)[1]);
})()`;

describe('reading a conversation in the browser', function () {
  this.timeout(180_000);
  const on = stage();

  const group = async (
    name: string,
    ...people: readonly Actor[]
  ): Promise<{ readonly owner: Person; readonly room: Room }> => {
    const owner = await on.parley.register('owner');
    const members = people.map(({ username }) => username);
    return { owner, room: await owner.createRoom({ type: 'group', name, members }) };
  };
  const line = ({ page }: BrowserPerson): Locator => page.getByRole('separator', { name: 'New messages' });
  /** What stands right below the unread line. */
  const belowLine = (person: BrowserPerson): Promise<string> =>
    line(person).evaluate((separator) => separator.closest('[data-row]')?.textContent ?? '');
  const badge = (person: BrowserPerson, room: string, count: number): Locator =>
    person.roomLink(room).getByText(`${count} unread`, { exact: true });
  const anyBadge = (person: BrowserPerson, room: string): Locator =>
    person.roomLink(room).getByText(/unread$/);
  /** What the server says to the person, as any client of theirs may ask. */
  const standing = async ({ username }: Actor): Promise<(room: string) => Promise<Room['me']>> => {
    const { place } = on.parley;
    const body = { username, password: 'correct horse battery' };
    const { accessToken: token } = (await call<Session>(place, 'POST', '/auth/login', { body })).body;
    return async (room) => (await call<Room>(place, 'GET', `/rooms/${room}`, { token })).body.me;
  };
  const until = async (what: string, isSo: () => Promise<boolean>): Promise<void> => {
    for (let tries = 0; !(await isSo()); tries += 1) {
      if (tries > 200) throw new Error(`never: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  it('puts the unread line above what is new at each visit', async () => {
    const ann = await on.join('Ann');
    const { owner, room } = await group('Harbour', ann);
    await group('Elsewhere', ann);
    await owner.say(room.id, 'an old one');
    await owner.say(room.id, 'another old one');
    await badge(ann, 'Harbour', 2).waitFor();
    await ann.openRoom('Harbour');
    expect(await belowLine(ann)).to.include('an old one');
    await anyBadge(ann, 'Harbour').waitFor({ state: 'detached' });
    await ann.openRoom('Elsewhere');
    await owner.say(room.id, 'the new one');
    await badge(ann, 'Harbour', 1).waitFor();
    await ann.openRoom('Harbour');
    await ann.sees('the new one');
    expect(await belowLine(ann))
      .to.include('the new one')
      .and.not.include('an old one');
  });

  for (const size of ['desktop', 'phone'] as const)
    it(`begins at the first unread message, and counts what was seen as read, for all to agree on (${size})`, async () => {
      const ann = await on.join('Ann', size);
      const { owner, room } = await group('Lighthouse', ann);
      const { seq: first } = await owner.say(room.id, 'No. 1.');
      for (let n = 2; n <= 160; n += 1) await owner.say(room.id, `No. ${n}.\n\nIn two paragraphs.`);
      const me = await standing(ann);
      const second = await on.open();
      await second.signIn(ann.username);
      const probe = await ListProbe.on(ann.page);
      await ann.openRoom('Lighthouse');
      await ann.sees('No. 1.');
      expect(await belowLine(ann)).to.include('No. 1.');
      const left = async (): Promise<number> => 160 - Number(await ann.page.evaluate(LAST_SEEN));
      await until(
        'what stands in view is read',
        async () => (await me(room.id)).readSeq === first + 159 - (await left()),
      );
      while ((await left()) > 80) await probe.wheel(300);
      await probe.still();
      const unread = await left();
      expect(unread, 'the way is not over').to.be.above(40);
      await until('the server knows', async () => (await me(room.id)).unread === unread);
      await badge(second, 'Lighthouse', unread).waitFor();
      const { members } = await owner.call<{ members: Member[] }>('GET', `/rooms/${room.id}/members`);
      const { readSeq } = await me(room.id);
      expect(members.find(({ user }) => user.username === ann.username)?.readSeq).to.equal(readSeq);
      await line(ann).waitFor({ state: 'detached' });
      while ((await probe.above()) > 0) await probe.wheel(-3_000);
      expect(await belowLine(ann), 'the line stays for this visit').to.include('No. 1.');
      if (size === 'phone') await ann.page.getByRole('button', { name: 'Back to conversations' }).click();
      await badge(ann, 'Lighthouse', unread).waitFor();
      if (size === 'phone') await ann.openRoom('Lighthouse');
      await ann.page.getByRole('button', { name: /newest|new message/ }).click();
      await ann.sees('No. 160.');
      await anyBadge(second, 'Lighthouse').waitFor({ state: 'detached' });
      expect((await me(room.id)).unread).to.equal(0);
    });

  it('reads nothing while nobody looks', async () => {
    const ann = await on.join('Ann');
    const { owner, room } = await group('Lamp', ann);
    for (let n = 1; n <= 60; n += 1) await owner.say(room.id, `No. ${n}.\n\nIn two paragraphs.`);
    const me = await standing(ann);
    await lookAway(ann);
    const probe = await ListProbe.on(ann.page);
    await ann.openRoom('Lamp');
    await ann.sees('No. 1.');
    await probe.wheel(500);
    await ann.page.waitForTimeout(2_500);
    expect(await me(room.id)).to.include({ unread: 60, readSeq: 0 });
    await lookAgain(ann);
    await until('it counts', async () => (await me(room.id)).unread < 60);
  });

  it('tells what was read also when the page goes at once, with a socket that does not get it out', async () => {
    const ann = await on.join('Ann');
    const { owner, room } = await group('Ferry', ann);
    await owner.say(room.id, 'read this');
    const me = await standing(ann);
    await badge(ann, 'Ferry', 1).waitFor();
    await ann.page.evaluate(`{
      const { send } = WebSocket.prototype;
      WebSocket.prototype.send = function (data) {
        if (!String(data).includes('"read"')) send.call(this, data);
      };
    }`);
    await ann.openRoom('Ferry');
    await anyBadge(ann, 'Ferry').waitFor({ state: 'detached' });
    await ann.page.goto('about:blank');
    await until('it is told', async () => (await me(room.id)).unread === 0);
  });

  it('never says that nothing was said to whom was let in again', async () => {
    const ann = await on.join('Ann');
    const { owner, room } = await group('Pier', ann);
    await owner.say(room.id, 'said before');
    await ann.openRoom('Pier');
    await ann.sees('said before');
    const { members } = await owner.call<{ members: Member[] }>('GET', `/rooms/${room.id}/members`);
    const me = members.find(({ user }) => user.username === ann.username)!.user.id;
    await ann.page.evaluate(`
      window.empty = 0;
      new MutationObserver(() => {
        if (document.body.textContent.includes('Nothing said yet')) window.empty += 1;
      }).observe(document.body, { childList: true, subtree: true });
    `);
    await owner.call('DELETE', `/rooms/${room.id}/members/${me}`);
    await ann.page.getByText('This conversation is not here').waitFor();
    await owner.call('POST', `/rooms/${room.id}/members`, { users: [ann.username] });
    await ann.sees('said before');
    expect(await ann.page.evaluate('window.empty')).to.equal(0);
  });
});

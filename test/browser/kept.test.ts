import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { UserSummary } from '../../shared/wire/rest.ts';
import { TRUSTING } from '../support/browser.ts';
import { HELD, hold, holds, isKept, roomsKept, withoutServers } from './offline-acts.ts';
import { stage } from './stage.ts';

/** Waits until the page's files come from the service worker. */
const isServed = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => navigator.serviceWorker.controller !== null);

describe('what a browser keeps of a visit', function () {
  this.timeout(180_000);
  const on = stage(undefined, { args: TRUSTING, own: true });

  it('gives way to what the server says: names, rooms left, people renamed', async () => {
    const ann = await on.join('Ann');
    const bob = await on.parley.register('bob');
    const make = async (name: string) => {
      const { id } = await bob.createRoom({ type: 'group', name, members: [ann.username] });
      await bob.say(id, `news of ${name}`);
      return id;
    };
    const [first, second, third] = [await make('Old name'), await make('Left soon'), await make('Gone soon')];
    await ann.openRoom('Old name');
    await ann.sees('news of Old name');
    await isKept(ann.page);
    for (const name of ['Old name', 'Left soon', 'Gone soon']) await holds(ann.page, `news of ${name}`);
    await ann.page.goto('about:blank');
    await bob.call('PATCH', `/rooms/${first}`, { name: 'New name' });
    const { id } = await bob.call<UserSummary>('GET', `/users/${ann.username}`);
    await bob.call('DELETE', `/rooms/${second}/members/${id}`);
    await bob.call('DELETE', `/rooms/${third}`);
    await bob.call('PATCH', '/users/me', { displayName: 'Robert' });
    await ann.page.goto(`/r/${first}`);
    await ann.roomLink('New name').waitFor();
    await ann.page.getByRole('heading', { name: 'New name' }).first().waitFor();
    for (const name of ['Old name', 'Left soon', 'Gone soon'])
      await ann.roomLink(name).waitFor({ state: 'detached' });
    await ann.page.getByRole('article', { name: /^Robert/ }).waitFor();
    await ann.page.goto(`/r/${second}`);
    await ann.page.getByText('This conversation is not here').waitFor();
  });

  it('is done without where the browser has no database that works', async () => {
    const broken = [
      `IDBFactory.prototype.open = () => { throw new DOMException('no', 'SecurityError'); };`,
      `IDBFactory.prototype.open = () => Object.create(IDBOpenDBRequest.prototype, { addEventListener: { value: () => {} } });`,
      `IDBDatabase.prototype.transaction = () => { throw new DOMException('no', 'InvalidStateError'); };`,
    ];
    const bob = await on.join('Bob');
    for (const script of broken) {
      const ann = await on.open();
      await ann.context.addInitScript({ content: script });
      await ann.page.goto('/');
      const username = `ann-${crypto.randomUUID().slice(0, 8)}`;
      await ann.signUp(username, `Ann ${username}`);
      await ann.message(bob.fullName);
      await ann.say(`without a database ${username}`);
      await ann
        .article(username)
        .getByRole('img', { name: /Sent|Delivered|Read/ })
        .waitFor();
      await bob.openRoom(`Ann ${username}`);
      await bob.say('it works');
      await ann.sees('it works');
      await ann.page.reload();
      await ann.sees('it works');
    }
  });

  it('says when there is a new version, and takes it when asked', async () => {
    const ann = await on.join('Ann');
    await isKept(ann.page);
    await isServed(ann.page);
    await ann.page.evaluate(`void (globalThis.before = true)`);
    // Another script for the same pages, as a new version is.
    await ann.page.evaluate(`navigator.serviceWorker.register('/sw.js?next').then(() => undefined)`);
    const notice = ann.page.getByRole('status').filter({ hasText: 'A new version is ready' });
    await notice.waitFor();
    expect(await ann.page.evaluate('before'), 'nothing is exchanged under an open page').to.equal(true);
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await notice.getByRole('button', { name: 'Reload' }).click();
    await ann.page.waitForFunction(
      () =>
        !('before' in globalThis) &&
        navigator.serviceWorker.controller?.scriptURL.endsWith('/sw.js?next') === true,
    );
    await ann.signedIn();
  });

  it('shows all rooms, the messages of the latest 50, drafts and what waits, without any server or waiting for one', async () => {
    const ann = await on.enrol('Ann');
    await ann.context.addInitScript({ content: HELD });
    await ann.enter();
    const bob = await on.parley.register('bob');
    const names = Array.from({ length: 52 }, (_, at) => `Room ${String(at + 1).padStart(2, '0')}`);
    const ids: string[] = [];
    for (const name of names) {
      const { id } = await bob.createRoom({ type: 'group', name, members: [ann.username] });
      await bob.say(id, `news of ${name}`);
      ids.push(id);
    }
    await ann.page.reload();
    await ann.roomLink('Room 52').waitFor();
    await isKept(ann.page);
    while ((await roomsKept(ann.page)) < 50) await ann.page.waitForTimeout(100);
    await ann.openRoom('Room 51');
    await ann.composer().fill('half a thought');
    await ann.openRoom('Room 50');
    await withoutServers(on.parley, async () => {
      await ann.say('in the storm');
      await ann.article('in the storm').getByRole('img', { name: 'Waiting to be sent' }).waitFor();
      await hold(ann.page);
      await ann.page.reload();
      await ann.article('in the storm').getByRole('img', { name: 'Waiting to be sent' }).waitFor();
      await ann.sees('news of Room 50');
      console.log(
        `      the first message stood there after ${await ann.page.evaluate<number>('shownAt')} ms`,
      );
      for (const name of names) expect(await ann.roomLink(name).count(), name).to.equal(1);
      await ann.openRoom('Room 51');
      expect(await ann.composer().inputValue()).to.equal('half a thought');
      for (const name of names.slice(2)) {
        await ann.openRoom(name);
        await ann.sees(`news of ${name}`);
      }
      await hold(ann.page, false);
      await ann.page.reload();
    });
    await ann.openRoom('Room 50');
    const mark = ann.article('in the storm').getByRole('img', { name: /Sent|Delivered|Read/ });
    await mark.waitFor({ timeout: 60_000 });
    expect(JSON.stringify(await bob.history(ids[49]!))).to.include('in the storm');
  });

  it('is shown at once in a conversation one goes to while the network holds, and what is written waits there', async () => {
    const ann = await on.enrol('Ann');
    await ann.context.addInitScript({ content: HELD });
    const bob = await on.parley.register('bob');
    for (const name of ['Here', 'There']) {
      const { id } = await bob.createRoom({ type: 'group', name, members: [ann.username] });
      for (let n = 1; n <= 20; n += 1) await bob.say(id, `${name} ${n}.`);
    }
    await ann.enter();
    await ann.openRoom('Here');
    await ann.sees('Here 20.');
    await isKept(ann.page);
    for (const text of ['Here 20.', 'There 20.']) await holds(ann.page, text);
    await hold(ann.page);
    await ann.openRoom('There');
    await ann.sees('There 20.');
    expect(
      await ann.page
        .getByRole('article')
        .filter({ hasText: /^.*There \d+\./ })
        .count(),
    ).to.be.above(5);
    await ann.page.reload();
    await ann.sees('There 20.');
    await ann.say('written at once');
    await ann.article('written at once').getByRole('img', { name: 'Waiting to be sent' }).waitFor();
    await ann.openRoom('Here');
    await ann.sees('Here 20.');
    await hold(ann.page, false);
    await ann.page.reload();
    await ann.openRoom('There');
    await ann
      .article('written at once')
      .getByRole('img', { name: /Sent|Delivered|Read/ })
      .waitFor();
  });

  it('is shared by two tabs, which both show it all without a server', async () => {
    const ann = await on.join('Ann');
    const bob = await on.parley.register('bob');
    const [one, two] = [
      await bob.createRoom({ type: 'group', name: 'First', members: [ann.username] }),
      await bob.createRoom({ type: 'group', name: 'Second', members: [ann.username] }),
    ];
    await ann.openRoom('First');
    const other = await ann.context.newPage();
    await other.goto(`/r/${two.id}`);
    await other.getByRole('textbox', { name: 'Message Second' }).waitFor();
    await bob.say(one.id, 'said in the first');
    await bob.say(two.id, 'said in the second');
    await ann.sees('said in the first');
    await other.getByRole('article').filter({ hasText: 'said in the second' }).waitFor();
    await isKept(ann.page);
    for (const text of ['said in the first', 'said in the second']) await holds(ann.page, text);
    await withoutServers(on.parley, async () => {
      await Promise.all([ann.page.reload(), other.reload()]);
      await ann.sees('said in the first');
      await other.getByRole('article').filter({ hasText: 'said in the second' }).waitFor();
      await ann.openRoom('Second');
      await ann.sees('said in the second');
    });
  });
});

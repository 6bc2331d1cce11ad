import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { TRUSTING } from '../support/browser.ts';
import { stage } from './stage.ts';

/** Waits until the client's files are kept for a reload without a server. */
const isKept = (page: Page): Promise<unknown> =>
  page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });

/** Waits until a message with this text is in the cache. */
async function holds(page: Page, text: string): Promise<void> {
  for (;;) {
    // The stores come by name: the logs first.
    const [, logs] = JSON.parse(await contents(page, 'parley-cache')) as unknown[];
    if (JSON.stringify(logs ?? []).includes(text)) return;
    await page.waitForTimeout(50);
  }
}

describe('a browser with no server', function () {
  this.timeout(180_000);
  const on = stage(undefined, { args: TRUSTING });

  /** Runs `during` with NGINX, the API nodes and the gateways all stopped. */
  const without = async (during: () => Promise<void>): Promise<void> => {
    const names = ['nginx', 'gateway-1', 'gateway-2', 'api-1', 'api-2'];
    const processes = names.map((name) => on.parley.cluster.process(name));
    await Promise.all(processes.map((process) => process.stop()));
    try {
      await during();
    } finally {
      await Promise.all(processes.map((process) => process.start()));
    }
  };

  for (const size of ['desktop', 'phone'] as const)
    it(`shows everything after a reload, and takes what is written (${size})`, async () => {
      const [ann, bob] = [await on.join('Ann', size), await on.join('Bob')];
      const owner = await on.parley.register('owner');
      const never = await owner.createRoom({ type: 'group', name: 'Never opened', members: [ann.username] });
      await owner.say(never.id, 'said where nobody looked');
      if (size === 'phone') await ann.page.goto('/');
      await ann.message(bob.fullName);
      await ann.say('before the storm');
      await bob.openRoom(ann.fullName);
      await bob.say('and an answer');
      await ann.sees('and an answer');
      await isKept(ann.page);
      await holds(ann.page, 'and an answer');
      await holds(ann.page, 'said where nobody looked');
      await ann.composer().fill('half a thought');
      await without(async () => {
        await ann.page.reload();
        await ann.sees('before the storm');
        await ann.sees('and an answer');
        expect(await ann.composer().inputValue()).to.equal('half a thought');
        await ann.say('in the storm');
        const waits = ann.article('in the storm').getByRole('img', { name: 'Waiting to be sent' });
        await waits.waitFor();
        await ann.page.reload();
        await waits.waitFor();
        await ann.sees('and an answer');
        expect(await ann.violations(), 'axe').to.deep.equal([]);
        if (size === 'phone') await ann.page.goto('/');
        await ann.openRoom('Never opened');
        await ann.sees('said where nobody looked');
      });
      await bob.sees('in the storm');
    });

  it('shows what was missed below a line once the server is back, edits and deletions too', async () => {
    const ann = await on.join('Ann');
    const bob = await on.parley.register('bob');
    const room = await bob.createRoom({ type: 'group', name: 'Plans', members: [ann.username] });
    const first = await bob.say(room.id, 'first of all');
    const second = await bob.say(room.id, 'second thoughts');
    await ann.openRoom('Plans');
    await ann.sees('second thoughts');
    await isKept(ann.page);
    await holds(ann.page, 'second thoughts');
    await ann.page.goto('about:blank');
    await bob.call('PATCH', `/rooms/${room.id}/messages/${first.seq}`, { text: 'first, mended' });
    await bob.call('DELETE', `/rooms/${room.id}/messages/${second.seq}`);
    for (let n = 1; n <= 40; n += 1) await bob.say(room.id, `missed ${n}.`);
    await ann.page.goto(`/r/${room.id}`);
    await ann.sees('first, mended');
    await ann.sees('missed 1.');
    await ann.page.getByRole('separator', { name: 'New messages' }).waitFor();
    expect(await ann.article('second thoughts').count()).to.equal(0);
    const line = await ann.page.getByRole('separator', { name: 'New messages' }).boundingBox();
    expect(line?.y).to.be.within(0, 900);
  });

  it('keeps nothing after signing out', async () => {
    const ann = await on.join('Ann');
    const bob = await on.parley.register('bob');
    const room = await bob.createRoom({ type: 'group', name: 'Secrets', members: [ann.username] });
    await bob.say(room.id, 'for your eyes');
    await ann.openRoom('Secrets');
    await holds(ann.page, 'for your eyes');
    await ann.page.getByRole('button', { name: 'Settings' }).click();
    await ann.page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await ann.page.getByRole('button', { name: 'Sign in' }).waitFor();
    expect(await contents(ann.page)).to.not.include('for your eyes');
  });
});

/** All that IndexedDB (or one database of it) and localStorage hold, as text. */
const contents = (page: Page, only?: string): Promise<string> =>
  page.evaluate(async (wanted) => {
    const found: unknown[] = [{ ...localStorage }];
    const names = (await indexedDB.databases()).flatMap(({ name }) => name ?? []);
    for (const name of names.filter((known) => wanted === undefined || known === wanted)) {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const opening = indexedDB.open(name);
        opening.onsuccess = () => resolve(opening.result);
      });
      for (const store of database.objectStoreNames)
        found.push(
          await new Promise((resolve) => {
            const reading = database.transaction(store).objectStore(store).getAll();
            reading.onsuccess = () => resolve(reading.result);
          }),
        );
      database.close();
    }
    return JSON.stringify(found);
  }, only);

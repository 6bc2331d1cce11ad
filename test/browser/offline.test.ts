import { expect } from 'chai';
import { TRUSTING } from '../support/browser.ts';
import { contents, holds, isKept, withoutServers } from './offline-acts.ts';
import { stage } from './stage.ts';

describe('a browser with no server', function () {
  this.timeout(180_000);
  const on = stage(undefined, { args: TRUSTING, own: true });

  const without = (during: () => Promise<void>): Promise<void> => withoutServers(on.parley, during);

  for (const size of ['desktop', 'phone'] as const)
    it(`shows everything after a reload, and takes what is written (${size})`, async () => {
      const [ann, bob] = await Promise.all([on.join('Ann', size), on.join('Bob')]);
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
        // Also where the conversation was not opened since: the list has it, before what came later.
        const listed = ann.roomLink(bob.fullName);
        await listed.getByText('in the storm').waitFor();
        await listed.getByRole('img', { name: 'Waiting to be sent' }).waitFor();
        await ann.openRoom('Never opened');
        await ann.sees('said where nobody looked');
        await ann.page.getByRole('button', { name: 'Search in this conversation' }).click();
        const dialog = ann.page.getByRole('dialog', { name: 'Search messages' });
        await dialog.getByRole('searchbox').fill('answer');
        await dialog.getByText('Only what this device keeps was searched').waitFor();
        await dialog.getByRole('button', { name: 'and an answer' }).click();
        await ann.sees('and an answer');
        await ann.page.goto('/threads');
        const words = ann.page.getByText('The threads come with the connection');
        await words.waitFor();
        await ann.page.getByText(/^(Connecting|You are offline|Connection lost)/).waitFor();
        await ann.settled();
        const [pill, text] = await Promise.all([
          ann.page
            .getByRole('status')
            .filter({ hasText: /^(Connecting|You are offline|Connection lost)/ })
            .boundingBox(),
          words.boundingBox(),
        ]);
        expect(pill?.y, 'nothing is covered').to.be.above((text?.y ?? NaN) + (text?.height ?? NaN));
        expect(await ann.violations(), 'axe').to.deep.equal([]);
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

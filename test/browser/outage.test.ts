import { expect } from 'chai';
import { stage } from './stage.ts';

describe('an outage in the browser', function () {
  this.timeout(180_000);
  const on = stage(undefined, { own: true });
  const nodes = ['gateway-1', 'gateway-2', 'api-1', 'api-2'];

  /** Runs `during` with no API node and no gateway alive; the page itself still comes from NGINX. */
  const without = async (during: () => Promise<void>): Promise<void> => {
    await Promise.all(nodes.map((name) => on.parley.cluster.process(name).stop()));
    try {
      await during();
    } finally {
      await Promise.all(nodes.map((name) => on.parley.cluster.process(name).start()));
    }
  };

  it('lets a person who reloads the page write on, and sends it when all is back', async () => {
    const [ann, bob] = await on.pair('before the storm');
    // The names of rooms are remembered a moment after they are known.
    await ann.page.waitForFunction(
      (name) => localStorage.getItem('parley.known-rooms')?.includes(name) === true,
      bob.fullName,
    );
    const isOnline = ann.roomLink(bob.fullName).locator('[data-here=online]');
    await isOnline.waitFor();
    await without(async () => {
      // Who is there is not known without a connection.
      await isOnline.waitFor({ state: 'detached' });
      expect(await ann.page.getByText('Online', { exact: true }).count()).to.equal(0);
      await ann.page.reload();
      await ann.page.getByText(/^Connecting/).waitFor();
      await ann.roomLink(bob.fullName).waitFor();
      await ann.say('in the storm');
      await ann.article('in the storm').getByRole('img', { name: 'Waiting to be sent' }).waitFor();
      expect(await ann.violations(), 'axe').to.deep.equal([]);
      await ann.page.reload();
      await ann.article('in the storm').getByRole('img', { name: 'Waiting to be sent' }).waitFor();
    });
    await bob.sees('in the storm');
    await ann.sees('before the storm');
    await ann
      .article('in the storm')
      .getByRole('img', { name: /Sent|Delivered|Read/ })
      .waitFor();
    await ann.page.getByText(/^Connecting/).waitFor({ state: 'detached' });
    for (const person of [ann, bob]) expect(await person.article('in the storm').count()).to.equal(1);
  });

  it('keeps a message that is written while the gateways are away, shows its state, and sends it once they are back', async () => {
    const [ann, bob] = await on.pair();
    await ann.context.setOffline(true);
    await ann.say('written offline');
    await ann.sees('written offline');
    await Promise.all([
      on.parley.cluster.kill('gateway-1', 'SIGKILL'),
      on.parley.cluster.kill('gateway-2', 'SIGKILL'),
    ]);
    await ann.context.setOffline(false);
    await on.parley.whole();
    await bob.sees('written offline');
    expect(await ann.article('written offline').count()).to.equal(1);
    expect(await bob.article('written offline').count()).to.equal(1);
  });

  it('shows someone what was not sent, because they were removed meanwhile', async () => {
    const bob = await on.join('Bob');
    const owner = await on.parley.register('owner');
    const room = await owner.createRoom({ type: 'group', name: 'Chess', members: [bob.username] });
    await bob.openRoom('Chess');
    await bob.context.setOffline(true);
    await bob.page.getByText('You are offline').waitFor();
    await bob.say('one more thing');
    await bob.sees('one more thing');
    await owner.call('DELETE', `/rooms/${room.id}/members/${bob.username}`);
    await bob.context.setOffline(false);
    const notice = bob.page
      .getByRole('navigation', { name: 'Conversations' })
      .getByRole('button', { name: '1 message was not sent: you are no longer in Chess' });
    await notice.waitFor();
    expect(await bob.violations(), 'axe').to.deep.equal([]);
    await bob.page.reload();
    await notice.click();
    const dialog = bob.page.getByRole('dialog', { name: 'Not sent' });
    await dialog.getByText('one more thing').waitFor();
    expect(await bob.violations(), 'axe, dialog').to.deep.equal([]);
    await dialog.getByRole('button', { name: 'Discard' }).click();
    await dialog.waitFor({ state: 'detached' });
    await notice.waitFor({ state: 'detached' });
    await bob.page.reload();
    await bob.signedIn();
    expect(await notice.count()).to.equal(0);
  });
});

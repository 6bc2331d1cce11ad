import { expect } from 'chai';
import { holds } from './offline-acts.ts';
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

  for (const size of ['desktop', 'phone'] as const)
    it(`is told by the bar alone, on a ${size}, until one asks for something, and that is told below the bar`, async () => {
      const bob = await on.enrol('Bob');
      const ann = await on.enrol('Ann', size);
      const room = await ann.rest.createRoom({ type: 'group', name: 'Storm', members: [bob.username] });
      await ann.rest.say(room.id, 'before the storm');
      await ann.enter();
      await ann.openRoom('Storm');
      await holds(ann.page, 'before the storm');
      const { page } = ann;
      const bar = page.getByText(/^Connecting/);
      const note = page.locator('[data-sonner-toast]');
      await without(async () => {
        const refused = page.waitForResponse((answer) => answer.status() >= 500);
        await page.reload();
        await refused;
        await bar.waitFor();
        await ann.sees('before the storm');
        if (size === 'phone') await page.getByRole('button', { name: 'Details' }).click();
        const favourite = page.getByRole('button', { name: 'Favourite' });
        await favourite.waitFor();
        expect(await note.count(), 'nobody asked').to.equal(0);
        await favourite.click();
        await note.getByText('The server cannot be reached').waitFor();
        await page.waitForFunction(
          `(() => {
            const [note, bar] = ['[data-sonner-toast]', 'main + [role=status] > *'].map((one) =>
              document.querySelector(one)?.getBoundingClientRect());
            return note && bar && note.top >= bar.bottom;
          })()`,
        );
      });
      await bar.waitFor({ state: 'detached' });
    });

  /** Whose words stand first in view, and at which height; in a script, as it is asked within the page. */
  const FIRST = `(() => {
    const top = document.querySelector('[data-testid=messages]').getBoundingClientRect().top;
    const first = [...document.querySelectorAll('[data-testid=messages] article')].find(
      (one) => one.getBoundingClientRect().bottom > top);
    return { seq: first.dataset.seq, y: first.querySelector('[data-words]').getBoundingClientRect().y };
  })()`;
  type First = { readonly seq: string; readonly y: number };
  const yOf = (seq: string): string =>
    `document.querySelector('[data-testid=messages] article[data-seq="${seq}"] [data-words]')?.getBoundingClientRect().y`;
  const AT_TOP = `document.querySelector('[data-testid=messages]').scrollTop === 0`;

  for (const [what, outage] of [
    ['a reload without a server', true],
    ['a network that was away for a moment', false],
  ] as const)
    it(`loads what is older by itself for who stands at the top, after ${what}, and moves nothing`, async () => {
      const ann = await on.enrol('Ann');
      const room = await ann.rest.createRoom({ type: 'group', name: 'Archive', members: [] });
      for (let n = 1; n <= 260; n += 1) await ann.rest.say(room.id, `line ${n}.`);
      await ann.enter();
      await ann.openRoom('Archive');
      await holds(ann.page, 'line 260.');
      const { page } = ann;
      const list = page.getByTestId('messages');
      let first: First | undefined;
      const stand = async (): Promise<void> => {
        await ann.sees('line 260.');
        while (!(await page.evaluate(AT_TOP))) {
          await list.focus();
          await page.keyboard.press('Home');
          await ann.settled();
        }
        expect(await page.getByText('could not be loaded').count(), 'the bar says it').to.equal(0);
        first = await page.evaluate<First>(FIRST);
      };
      if (outage)
        await without(async () => {
          await page.reload();
          await page.getByText(/^Connecting/).waitFor();
          await stand();
        });
      else {
        await ann.context.setOffline(true);
        await page.getByText('You are offline').waitFor();
        await stand();
        await ann.context.setOffline(false);
      }
      await page.waitForFunction(() => document.querySelector('[data-testid=messages]')!.scrollTop > 500);
      await ann.settled();
      const y = await page.evaluate<number>(yOf(first!.seq));
      expect(Math.abs(y - first!.y), 'px that the first visible message moved').to.be.at.most(1);
      await page.getByText(/^(Connecting|You are offline)/).waitFor({ state: 'detached' });
      while ((await ann.article('line 1.').count()) === 0) {
        await page.keyboard.press('Home');
        await page.waitForTimeout(50);
      }
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

import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { BrowserPerson } from '../support/browser.ts';
import { named, stage } from './stage.ts';

describe('two people in two browsers, through NGINX and TLS', function () {
  this.timeout(180_000);
  const on = stage();
  const open = on.open;
  const socketsPerGateway = (): Promise<number[]> =>
    Promise.all(
      on.parley.cluster.gateways.map(async ({ internalPort }) => {
        const text = await (await fetch(`http://127.0.0.1:${internalPort}/metrics`)).text();
        return Number(/^parley_sockets(?:\{[^}]*\})? (\d+)/m.exec(text)?.[1]);
      }),
    );

  it('register, find each other, chat both ways over two gateways, reload and see history', async () => {
    const [ann, bob] = [await open(), await open()];
    const [a, b] = [named('Ann'), named('Bob')];
    // Those of the test before are on their way out.
    while ((await socketsPerGateway()).some((sockets) => sockets > 0)) await ann.page.waitForTimeout(20);
    await ann.signUp(a.username, a.name);
    await bob.signUp(b.username, b.name);
    await ann.message(b.name);
    expect(await socketsPerGateway(), 'one socket on each gateway').to.deep.equal([1, 1]);
    await ann.say('Hello Bob, can you read this?');
    await bob.openRoom(a.name);
    await bob.sees('Hello Bob, can you read this?');
    await bob.say('Every word.');
    await ann.sees('Every word.');
    for (const person of [ann, bob]) {
      await person.page.reload();
      await person.sees('Hello Bob, can you read this?');
      await person.sees('Every word.');
    }
    const texts = async (person: BrowserPerson): Promise<string[]> =>
      (await person.page.getByRole('article').allInnerTexts()).map(
        (text) => text.split('\n').find((line) => /\?|\./.test(line)) ?? '',
      );
    expect(await texts(ann)).to.deep.equal(await texts(bob));
  });

  it('a third device of the same person shows the same', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await on.meet(ann, bob);
    await ann.say('from the desk');
    const phone = await open('phone');
    await phone.signIn(ann.username);
    await phone.openRoom(bob.fullName);
    await phone.sees('from the desk');
    await phone.say('from the phone');
    await ann.sees('from the phone');
    await bob.openRoom(ann.fullName);
    await bob.sees('from the phone');
  });

  it('shows unread messages as a badge, and clears it on every device once read', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    const bobToo = await on.device(bob);
    await on.meet(ann, bob);
    for (const text of ['one', 'two', 'three']) await ann.say(text);
    for (const device of [bob, bobToo]) await device.roomLink(ann.fullName).getByText('3 unread').waitFor();
    await bob.openRoom(ann.fullName);
    await bob.sees('three');
    for (const device of [bob, bobToo])
      await device.roomLink(ann.fullName).getByText('3 unread').waitFor({ state: 'detached' });
  });

  it('lets someone create a channel, and another browse and join it', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    const channel = `garden-${randomUUID().slice(0, 6)}`;
    await ann.page.getByRole('button', { name: 'New conversation' }).first().click();
    await ann.page.getByRole('tab', { name: 'Channel' }).click();
    await ann.page.getByRole('textbox', { name: 'Channel name' }).fill(channel);
    await ann.page.getByRole('button', { name: 'Create channel' }).click();
    await ann.say('The roses are out.');
    await bob.page.getByRole('button', { name: 'New conversation' }).first().click();
    await bob.page.getByRole('tab', { name: 'Browse' }).click();
    await bob.page.getByRole('button', { name: `Join ${channel}` }).click();
    await bob.sees('The roses are out.');
    await bob.say('So are the bees.');
    await ann.sees('So are the bees.');
  });

  it('creates a group with chosen people', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await ann.page.getByRole('button', { name: 'New conversation' }).first().click();
    await ann.page.getByRole('tab', { name: 'Group' }).click();
    await ann.page.getByRole('textbox', { name: 'Group name' }).fill('Hiking');
    await ann.page.getByRole('searchbox', { name: 'Search people' }).fill(bob.fullName);
    await ann.page
      .getByRole('list', { name: 'People', exact: true })
      .getByRole('button', { name: bob.fullName })
      .click();
    await ann.page.getByRole('button', { name: 'Create group' }).click();
    await ann.say('Sunday at nine?');
    await bob.openRoom('Hiking');
    await bob.sees('Sunday at nine?');
  });

  it('shows who is typing', async () => {
    const [ann, bob] = await on.pair();
    await bob.composer().pressSequentially('thinking');
    await ann.page.getByText(/is typing/).waitFor();
  });

  it('loads history upwards and keeps the place', async () => {
    const [ann, writer] = await Promise.all([on.join('Ann'), on.parley.register('writer')]);
    const room = await writer.createRoom({ type: 'group', name: 'Long', members: [ann.username] });
    for (let i = 0; i < 200; i += 20)
      await Promise.all(Array.from({ length: 20 }, (_, n) => writer.say(room.id, `line ${i + n}`)));
    await ann.openRoom('Long');
    // It opens at the first that is unread.
    await ann.page.getByRole('button', { name: /newest|new message/ }).click();
    const { messages } = await writer.history(room.id, '?limit=200');
    const newest = messages.at(-1)!.text;
    await ann.article(newest).first().waitFor();
    const oldest = messages.find(({ kind }) => kind === 'text')!.text;
    const list = ann.page.getByLabel('Messages', { exact: true });
    await list.hover();
    for (let i = 0; i < 60 && (await ann.article(oldest).count()) === 0; i++) {
      await ann.page.mouse.wheel(0, -2_000);
      await ann.page.waitForFunction(
        () =>
          new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true)))),
      );
    }
    await ann.article(oldest).first().waitFor();
  });

  it('says what is wrong at sign-in, and which field of a sign-up', async () => {
    const ann = await open();
    await ann.page.getByRole('textbox', { name: 'Username' }).fill('nobody-here');
    await ann.page.getByRole('textbox', { name: 'Password' }).fill('wrong password');
    await ann.page.getByRole('button', { name: 'Sign in' }).click();
    await ann.page.getByRole('alert').first().waitFor();
    await ann.page.getByRole('link', { name: 'Create an account' }).click();
    await ann.page.getByRole('textbox', { name: 'Username' }).fill('x');
    await ann.page.getByRole('textbox', { name: 'Password' }).fill('short');
    await ann.page.getByRole('button', { name: 'Create account' }).click();
    expect(await ann.page.getByRole('textbox', { name: 'Username' }).getAttribute('aria-invalid')).to.equal(
      'true',
    );
    expect(await ann.page.getByRole('textbox', { name: 'Password' }).getAttribute('aria-invalid')).to.equal(
      'true',
    );
  });

  for (const size of ['desktop', 'phone'] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      it(`passes axe on its main screens (${size}, ${colorScheme})`, async () => {
        const ann = await open(size);
        await ann.page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        const a = named('Ann');
        const friend = await on.parley.register('friend');
        expect(await ann.violations(), 'sign in').to.deep.equal([]);
        await ann.signUp(a.username, a.name);
        expect(await ann.violations(), 'empty room list').to.deep.equal([]);
        await ann.page.getByRole('button', { name: 'New conversation' }).first().click();
        await ann.page.getByRole('searchbox', { name: 'Search people' }).waitFor();
        expect(await ann.violations(), 'new conversation').to.deep.equal([]);
        await ann.page.keyboard.press('Escape');
        const room = await friend.createRoom({ type: 'group', name: 'Axe', members: [a.username] });
        await friend.say(room.id, 'Look at https://example.org, it is a link.');
        await ann.openRoom('Axe');
        await ann.sees('it is a link');
        await ann.say('Mine has a state.');
        await ann.sees('Mine has a state.');
        expect(await ann.violations(), 'conversation').to.deep.equal([]);
      });
    }
  }
});

import { expect } from 'chai';
import { mongo } from 'mongoose';
import type { CreatedInvite } from '../../shared/wire/rest.ts';
import type { BrowserPerson, Size } from '../support/browser.ts';
import { details } from './members-acts.ts';
import { dialog, openDetails, send, tap } from './phone-acts.ts';
import { named, stage, type Actor } from './stage.ts';

describe('invite links in the browser', function () {
  this.timeout(180_000);
  const on = stage();

  const invite = (by: Actor, room: string, body: object = {}): Promise<CreatedInvite> =>
    by.rest.call('POST', `/rooms/${room}/invites`, body);
  /** Its time is over, though the least that a link is good for is a minute. */
  const expire = async ({ id }: CreatedInvite): Promise<void> => {
    const client = new mongo.MongoClient(on.parley.cluster.mongodbUrl);
    const invites = client.db().collection('invites');
    await invites.updateOne({ _id: new mongo.ObjectId(id) }, { $set: { endsAt: new Date(0) } });
    await client.close();
  };
  const path = ({ url }: CreatedInvite): string => new URL(url).pathname;
  const isDead = async (person: BrowserPerson): Promise<void> => {
    await person.page.getByRole('heading', { name: 'This invite is no longer good' }).waitFor();
    expect(await person.violations(), 'axe').to.deep.equal([]);
  };

  it('are made, copied and followed on phones, and go from the list as they are used up', async () => {
    const [ann, bob] = [await on.join('Ann', 'phone'), await on.join('Bob', 'phone')];
    await ann.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await on.group(ann, 'Sailing');
    await openDetails(ann);
    await tap(details(ann), 'Invite');
    const sheet = dialog(ann);
    await sheet.getByLabel('Ends after').selectOption('1 hour');
    await sheet.getByLabel('Good for').selectOption('1 person');
    await tap(sheet, 'Create link');
    const links = sheet.getByRole('list', { name: 'Invite links' });
    await links.getByText(/^Used by 0 of 1 · until /).waitFor();
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await tap(sheet, 'Copy');
    await ann.page.getByText('Link copied').waitFor();
    const link: string = await ann.page.evaluate('navigator.clipboard.readText()');
    expect(link).to.equal(await sheet.getByLabel('Your link.').inputValue());

    await bob.page.goto(new URL(link).pathname);
    await bob.page.getByRole('heading', { name: 'Sailing' }).waitFor();
    expect(await bob.violations(), 'axe').to.deep.equal([]);
    await bob.page.getByRole('button', { name: 'Join' }).tap();
    await bob.composer().waitFor();
    await send(bob, 'ahoy');
    await links.waitFor({ state: 'detached' });
    await tap(sheet, 'Close');
    await ann.page.getByRole('button', { name: 'Close details' }).tap();
    await ann.sees('ahoy');
  });

  for (const size of ['desktop', 'phone'] as const satisfies readonly Size[]) {
    it(`that are over or used up are in no list and let nobody in, who has an account or makes one (${size})`, async () => {
      const [ann, bob, cleo] = [await on.join('Ann', size), await on.join('Bob', size), await on.open(size)];
      const last = await on.enrol('Last');
      const room = await on.group(ann, 'Full house');
      const [over, usedUp] = [
        await invite(ann, room.id, { expiresIn: 60 }),
        await invite(ann, room.id, { maxUses: 1 }),
      ];
      const good = await invite(ann, room.id, { maxUses: 5, expiresIn: 86_400 });
      await last.rest.call('POST', `/invites/${usedUp.token}/join`);
      await expire(over);

      if (size === 'phone') await openDetails(ann);
      await details(ann).getByRole('button', { name: 'Invite' }).click();
      const links = dialog(ann).getByRole('list', { name: 'Invite links' });
      await links.getByText(/^Used by 0 of 5 · until /).waitFor();
      expect(await links.getByRole('listitem').count()).to.equal(1);
      expect(await ann.violations(), 'axe').to.deep.equal([]);

      for (const dead of [over, usedUp]) {
        await bob.page.goto(path(dead));
        await isDead(bob);
      }
      await bob.page.getByRole('button', { name: 'Go to your conversations' }).click();
      await bob.signedIn();
      expect(await bob.roomLink('Full house').count()).to.equal(0);

      await cleo.page.goto(path(over));
      await cleo.page.getByText('You were invited').waitFor();
      const { username, name } = named('Cleo');
      await cleo.page.getByRole('link', { name: 'Create an account' }).click();
      await cleo.page.getByRole('textbox', { name: 'Username' }).fill(username);
      await cleo.page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
      await cleo.page.getByRole('textbox', { name: 'Password' }).fill('correct horse battery');
      await cleo.page.getByRole('button', { name: 'Create account' }).click();
      await isDead(cleo);
      await cleo.page.goto(path(good));
      await cleo.page.getByRole('button', { name: 'Join' }).click();
      await cleo.composer().waitFor();
    });
  }
});

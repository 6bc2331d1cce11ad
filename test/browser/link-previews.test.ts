import { expect } from 'chai';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Locator } from 'playwright-core';
import type { BrowserPerson } from '../support/browser.ts';
import { stage } from './stage.ts';

const PAGE =
  '<title>x</title><meta property="og:title" content="Tea <img src=x onerror=alert(1)> & cake"><meta property="og:description" content="All about it">';

describe('link previews in the browser', function () {
  this.timeout(180_000);
  let site: Server;
  let host: string;
  before(async () => {
    site = createServer((_req, res) => res.writeHead(200, { 'content-type': 'text/html' }).end(PAGE));
    site.listen(0, '127.0.0.1');
    await once(site, 'listening');
    host = `127.0.0.1:${(site.address() as AddressInfo).port}`;
  });
  const on = stage(() => ({ LINK_PREVIEW_HOSTS: host }));
  after(() => {
    site?.closeAllConnections();
    site?.close();
  });
  const card = (row: Locator): Locator => row.getByTestId('link-card');
  const last = ({ page }: BrowserPerson): Locator => page.getByRole('article').last();

  it('show a card to both sides, live and after a reload, with words that stay words', async () => {
    const [ann, bob] = [await on.join('Ann'), await on.join('Bob', 'phone')];
    await ann.message(bob.fullName);
    await ann.say(`look: http://${host}/tea`);
    await bob.openRoom(ann.fullName);
    for (const person of [ann, bob]) {
      await card(last(person)).getByText('Tea <img src=x onerror=alert(1)> & cake').waitFor();
      await card(last(person)).getByText('All about it').waitFor();
      expect(await card(last(person)).getAttribute('href')).to.equal(`http://${host}/tea`);
      expect(await card(last(person)).getAttribute('rel')).to.include('noopener');
      expect(await person.violations(), 'axe').to.deep.equal([]);
    }
    await bob.page.reload();
    await card(last(bob)).waitFor();
    await ann.say(`<http://${host}/tea>`);
    await ann.say('so');
    await last(bob).getByText('so').waitFor();
    expect(await bob.page.getByTestId('link-card').count(), 'none for a link in brackets').to.equal(1);
  });

  it('show none for what stands inside, and none to a reader who wants none', async () => {
    const [ann, bob] = [await on.join('Ann'), await on.join('Bob')];
    await ann.message(bob.fullName);
    await ann.say(`inside: http://localhost:${host.split(':')[1]}/`);
    await ann.say(`fine: http://${host}/fine`);
    await card(last(ann)).waitFor();
    expect(await ann.page.getByTestId('link-card').count()).to.equal(1);
    await ann.page.getByRole('button', { name: 'Settings' }).click();
    await ann.page.getByRole('switch', { name: 'Link previews' }).uncheck();
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await ann.page.keyboard.press('Escape');
    await ann.page.getByTestId('link-card').waitFor({ state: 'detached' });
    await ann.page.reload();
    await ann.sees('fine:');
    expect(await ann.page.getByTestId('link-card').count()).to.equal(0);
  });
});

import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import type { BrowserPerson } from '../support/browser.ts';
import { stage } from './stage.ts';

describe('link previews in the browser', function () {
  this.timeout(180_000);
  const on = stage();
  const card = (row: Locator): Locator => row.getByTestId('link-card');
  const last = ({ page }: BrowserPerson): Locator => page.getByRole('article').last();

  it('show a card to both sides, live and after a reload, with words that stay words', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob', 'phone')]);
    await on.meet(ann, bob);
    await ann.say(`look: ${on.site}/tea`);
    await bob.openRoom(ann.fullName);
    for (const person of [ann, bob]) {
      await card(last(person)).getByText('Tea <img src=x onerror=alert(1)> & cake').waitFor();
      await card(last(person)).getByText('All about it').waitFor();
      expect(await card(last(person)).getAttribute('href')).to.equal(`${on.site}/tea`);
      expect(await card(last(person)).getAttribute('rel')).to.include('noopener');
      expect(await person.violations(), 'axe').to.deep.equal([]);
    }
    await bob.page.reload();
    await card(last(bob)).waitFor();
    await ann.say(`<${on.site}/tea>`);
    await ann.say('so');
    await last(bob).getByText('so').waitFor();
    expect(await bob.page.getByTestId('link-card').count(), 'none for a link in brackets').to.equal(1);
  });

  it('show none for what stands inside, and none to a reader who wants none', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await on.meet(ann, bob);
    await ann.say(`inside: http://localhost:${new URL(on.site).port}/`);
    await ann.say(`fine: ${on.site}/fine`);
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

  it('show none for a place on this very site, and ask for none', async () => {
    const ann = await on.join('Ann');
    await on.group(ann, 'Pointers');
    const asked: string[] = [];
    ann.page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url());
      if (pathname.endsWith('/previews')) asked.push(...(searchParams.get('seqs') ?? '').split(','));
    });
    await ann.say(`as said: ${ann.page.url()}`);
    const room = new URL(ann.page.url()).pathname.split('/').at(-1) ?? '';
    await ann.say(`tea: ${on.site}/tea`);
    await card(last(ann)).waitFor();
    const { messages } = await ann.rest.call<{ messages: { seq: number; text: string }[] }>(
      'GET',
      `/rooms/${room}/messages`,
    );
    const seqOf = (words: string): string => String(messages.find(({ text }) => text.startsWith(words))?.seq);
    expect(asked).to.include(seqOf('tea:')).and.not.include(seqOf('as said:'));
    expect(await ann.page.getByTestId('link-card').count()).to.equal(1);
  });
});

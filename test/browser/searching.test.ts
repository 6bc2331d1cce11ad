import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import type { Attachment, Message, Room, SearchResults } from '../../shared/wire/rest.ts';
import type { BrowserPerson, Size } from '../support/browser.ts';
import { call, type Person } from '../support/person.ts';
import { sayMany } from '../support/say-many.ts';
import { picture, type TestFile } from './files-acts.ts';
import { stage } from './stage.ts';
import { push } from './touch-acts.ts';

/** Of the shortest Ogg file that is taken for a recording. */
const SOUND = Buffer.from('OggS\0\x02 OpusHead');
const DAY = 86_400_000;
const dayFromNow = (days: number): string => new Date(Date.now() + days * DAY).toISOString().slice(0, 10);

describe('search in the browser', function () {
  this.timeout(180_000);
  const on = stage();
  const shot = async ({ page }: BrowserPerson, name: string): Promise<void> => {
    const folder = process.env['PARLEY_SHOTS'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png` });
  };
  const dialog = ({ page }: BrowserPerson): Locator => page.getByRole('dialog', { name: 'Search messages' });
  const found = (person: BrowserPerson): Locator =>
    dialog(person).getByRole('list', { name: 'Found messages' }).getByRole('listitem');

  const send = async (
    person: Person,
    room: Room,
    text: string,
    file: TestFile,
    more = '',
  ): Promise<Message> => {
    const headers = { 'content-type': file.mimeType, authorization: `Bearer ${person.token}` };
    const path = `/attachments?room=${room.id}&name=${file.name}${more}`;
    const { body } = await call<Attachment>(person.place, 'POST', path, {
      raw: { body: file.buffer, headers },
    });
    const said = { clientId: crypto.randomUUID(), text, attachments: [body.id] };
    return person.call('POST', `/rooms/${room.id}/messages`, said);
  };
  /** The index follows within seconds: resolves when it has this many. */
  const indexed = async (person: Person, q: string, count: number): Promise<void> => {
    for (;;) {
      const { results } = await person.call<SearchResults>('GET', `/search?q=${q}&limit=200`);
      if (results.length === count) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
  /** Resolves when these are found, and nothing else; each text stands for itself. */
  const finds = async (person: BrowserPerson, ...texts: readonly string[]): Promise<void> => {
    for (const text of texts) await found(person).filter({ hasText: text }).waitFor();
    await found(person).nth(texts.length).waitFor({ state: 'detached' });
    expect(await found(person).count()).to.equal(texts.length);
  };

  for (const size of ['desktop', 'phone'] satisfies Size[])
    it(`each filter narrows down what is found, and is taken away again (${size})`, async () => {
      const ann = await on.join('Ann', size);
      const [bob, cleo] = await Promise.all([on.parley.register('bob'), on.parley.register('cleo')]);
      const members = [ann.username, cleo.username];
      const shed = await bob.createRoom({ type: 'group', name: 'Garden shed', members });
      const attic = await bob.createRoom({ type: 'group', name: 'Attic', members });
      const word = `plank${Date.now()}`;
      const notes = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('long and short') };
      await bob.say(shed.id, `Bob has a ${word}`);
      await cleo.say(shed.id, `Cleo has a ${word}`);
      await bob.say(attic.id, `A ${word} in the attic`);
      await send(bob, shed, `List of every ${word}`, notes);
      await send(cleo, shed, `A picture of the ${word}`, await picture('plank.png', 64, 48));
      const voice = { name: 'voice.ogg', mimeType: 'audio/ogg', buffer: SOUND };
      await send(bob, shed, `Sound of the ${word}`, voice, '&duration=2&waveform=1,20,60,20');
      await indexed(ann.rest, word, 6);

      const press = (target: Locator): Promise<void> => (size === 'phone' ? target.tap() : target.click());
      const button = (name: string): Locator => dialog(ann).getByRole('button', { name, exact: true });
      await press(ann.page.getByRole('button', { name: 'Search messages' }));
      const field = dialog(ann).getByRole('searchbox', { name: 'Search messages' });
      await field.fill(word);
      const [first, second, third] = [`Bob has a ${word}`, `Cleo has a ${word}`, `A ${word} in the attic`];
      const [list, image, sound] = [
        `List of every ${word}`,
        `A picture of the ${word}`,
        `Sound of the ${word}`,
      ];
      await finds(ann, first, second, third, list, image, sound);
      await shot(ann, `search-all-${size}`);

      /** By its button, and by what is typed behind it. */
      const narrow = async (name: string, value: string, ...texts: readonly string[]): Promise<void> => {
        await press(button(`${name}:`));
        await ann.page.keyboard.type(value);
        await finds(ann, ...texts);
      };
      const widen = async (name: string, value: string): Promise<void> => {
        await press(button(`Remove ${name}:${value}`));
        expect(await field.inputValue()).to.equal(word);
        await finds(ann, first, second, third, list, image, sound);
      };
      await narrow('from', cleo.username, second, image);
      await shot(ann, `search-from-${size}`);
      await widen('from', cleo.username);
      await narrow('in', 'attic', third);
      await widen('in', 'attic');
      await narrow('in', '"Garden shed"', first, second, list, image, sound);
      await widen('in', 'Garden shed');
      // Of today: before the day after tomorrow, and not before yesterday.
      await narrow('before', dayFromNow(2), first, second, third, list, image, sound);
      await widen('before', dayFromNow(2));
      await press(button('before:'));
      await ann.page.keyboard.type(dayFromNow(-1));
      await dialog(ann).getByText('Nothing found').waitFor();
      await shot(ann, `search-before-${size}`);
      await press(button(`Without before: ${dayFromNow(-1)}`));
      await finds(ann, first, second, third, list, image, sound);
      await narrow('after', dayFromNow(-1), first, second, third, list, image, sound);
      await widen('after', dayFromNow(-1));

      const having = async (feature: string, ...texts: readonly string[]): Promise<void> => {
        await press(button(`has:${feature}`));
        await finds(ann, ...texts);
        await widen('has', feature);
      };
      await having('file', list, sound);
      await having('image', image);
      await having('voice', sound);
      await press(button('has:file'));
      await press(button('from:'));
      await ann.page.keyboard.type(bob.username);
      await press(button('in:'));
      await ann.page.keyboard.type('"Garden shed"');
      await finds(ann, list, sound);
      expect(await ann.violations(), 'axe').to.deep.equal([]);
      await shot(ann, `search-narrow-${size}`);
      await press(found(ann).filter({ hasText: list }).getByRole('button'));
      await dialog(ann).waitFor({ state: 'detached' });
      await ann.page.locator('article[aria-current=location]').filter({ hasText: list }).waitFor();
      await shot(ann, `search-landed-${size}`);
    });

  for (const size of ['desktop', 'phone'] satisfies Size[])
    it(`what is found comes page by page, all of it and none twice, and leads into its context (${size})`, async () => {
      const ann = await on.join('Ann', size);
      const bob = await on.parley.register('bob');
      const room = await bob.createRoom({ type: 'group', name: 'Yard', members: [ann.username] });
      const word = `brick${Date.now()}`;
      const texts = Array.from({ length: 130 }, (_, i) => `${word} no. ${String(i + 1)}.`);
      const around = (text: string): readonly string[] => [`before ${text}`, text, `after ${text}`];
      const said = texts
        .flatMap(around)
        .map((text) => ({ by: bob, text: text.replace(/^(before|after).* no/, '$1 no') }));
      await sayMany(on.parley, room.id, said);
      await indexed(ann.rest, word, texts.length);

      await ann.page.getByRole('button', { name: 'Search messages' }).click();
      const field = dialog(ann).getByRole('searchbox', { name: 'Search messages' });
      // The second page does not come at first.
      let failures = 0;
      await ann.page.route(/\/search\?.*cursor=/, async (route) => {
        failures += 1;
        await (failures === 1 ? route.fulfill({ status: 500, body: '' }) : route.continue());
      });
      await field.fill(word);
      await found(ann).nth(20).waitFor();
      expect(await found(ann).count()).to.be.below(texts.length);
      const scrollOn = async (): Promise<void> => {
        if (size === 'phone') return push(ann, found(ann).locator('xpath=../..').first(), 500);
        await ann.page.mouse.move(720, 500);
        await ann.page.mouse.wheel(0, 4_000);
      };
      const again = dialog(ann).getByRole('button', { name: 'Try again' });
      while (!(await again.isVisible())) await scrollOn();
      await shot(ann, `search-more-failed-${size}`);
      expect(await ann.violations(), 'axe').to.deep.equal([]);
      await again.click();
      while ((await found(ann).count()) < texts.length) await scrollOn();
      const order = await found(ann).allInnerTexts();
      expect(order.map((text) => /no\. (\d+)\./.exec(text)?.[1])).to.deep.equal(
        texts.map((_, i) => String(texts.length - i)),
      );
      await found(ann).last().scrollIntoViewIfNeeded();
      await shot(ann, `search-end-${size}`);
      const wanted = found(ann).filter({ hasText: 'no. 2.' }).getByRole('button');
      await (size === 'phone' ? wanted.tap() : wanted.click());
      await dialog(ann).waitFor({ state: 'detached' });
      await ann.page.locator('article[aria-current=location]').filter({ hasText: texts[1]! }).waitFor();
      for (const text of ['before no. 2.', 'after no. 2.', 'after no. 1.']) await ann.sees(text);
      await shot(ann, `search-context-${size}`);
    });
});

import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import { stage, type Actor } from './stage.ts';

describe('formatted messages in the browser', function () {
  this.timeout(180_000);
  const on = stage();

  /** Sends as written, without what typing would complete. */
  const say = async (person: Actor, text: string): Promise<void> => {
    await person.composer().fill(text);
    await person.page.getByRole('button', { name: 'Send', exact: true }).click();
  };
  const last = (person: Actor): Locator => person.page.getByRole('article').last();

  it('show bold, lists, quotes and links as meant, for both sides', async () => {
    const [ann, bob] = await on.pair();
    await say(
      ann,
      '**Plan** for _today_:\n- ~~sleep~~\n- `npm start`\n\n> as Bob said\n\n3. see @nobody and [docs](https://docs.example/x)',
    );
    for (const person of [ann, bob]) {
      const row = last(person);
      await row.locator('strong').getByText('Plan').waitFor();
      expect(await row.getByRole('listitem').allInnerTexts()).to.deep.equal([
        'sleep',
        'npm start',
        'see @nobody and docs',
      ]);
      await row.locator('blockquote').getByText('as Bob said').waitFor();
      await row.locator('ol[start="3"] [data-mention=nobody]').waitFor();
      const link = row.getByRole('link', { name: 'docs' });
      expect(await link.getAttribute('href')).to.equal('https://docs.example/x');
      expect(await link.getAttribute('rel')).to.include('noopener');
      expect(await link.getAttribute('target')).to.equal('_blank');
      expect(await person.violations(), 'axe').to.deep.equal([]);
    }
    const line = await bob.roomLink(ann.fullName).innerText();
    expect(line, 'the preview is plain').to.include('Plan for today').and.not.include('**');
  });

  it('run nothing and load nothing that a stranger wrote', async () => {
    const [ann, bob] = await on.pair();
    const requests: string[] = [];
    bob.page.on('request', (request) => requests.push(request.url()));
    await bob.page.exposeFunction('pwned', () => requests.push('pwned'));
    const attacks = [
      '**x** <img src=x onerror=pwned()>',
      '**x** <svg/onload=pwned()>',
      '[click](javascript:pwned())',
      '[click](java\u0000script:pwned()) **x**',
      '[click](&#106;avascript:pwned()) **x**',
      '[click](data:text/html,<script>pwned()</script>)',
      '![x](https://evil.example/pixel.png)',
      '![x](javascript:pwned()) `x`',
      '<javascript:pwned()> **x**',
      '`</code><img src=x onerror=pwned()>`',
      '```"><img src=x onerror=pwned()>\n</code></pre><script>pwned()</script>\n```',
      '[a](https://a.example/"onmouseover="pwned())',
      '[**<a href="javascript:pwned()">**](https://a.example)',
      '**<math><mtext><table><mglyph><style><img src=x onerror=pwned()>**',
      '> <iframe srcdoc="<script>parent.pwned()</script>">',
      '|a|\n|-|\n|<form action=javascript:pwned()><button>|',
      '@ann" onclick="pwned() **x**',
    ];
    for (const text of attacks) await say(ann, text);
    await say(ann, '**the end**');
    await last(bob).locator('strong').getByText('the end').waitFor();
    const links = bob.page.getByRole('log').getByRole('link');
    for (const link of await links.all()) {
      expect(await link.getAttribute('href')).to.match(/^https:\/\/(?:a|evil)\.example\//);
      await link.dispatchEvent('mouseover');
    }
    const counts = await bob.page.getByRole('log').evaluate((log) => ({
      foreign: log.querySelectorAll('img,svg[onload],script,iframe,form,style,math,[onerror],[onclick]')
        .length,
      handlers: [...log.querySelectorAll('*')].filter((e) =>
        [...e.attributes].some((a) => a.name.startsWith('on')),
      ).length,
    }));
    expect(counts).to.deep.equal({ foreign: 0, handlers: 0 });
    expect(requests.filter((url) => /evil|pwned|a\.example/.test(url))).to.deep.equal([]);
  });

  it('show code with its colours and a way to copy it, also where lines are wide', async () => {
    const [ann, bob] = await on.pair();
    const code = `const answer = 42; // ${'wide '.repeat(60)}`;
    await say(ann, `Look:\n\`\`\`ts\n${code}\n\`\`\``);
    const row = last(bob);
    await row.locator('.hljs-keyword').getByText('const').waitFor();
    await row.getByText('TypeScript', { exact: true }).waitFor();
    const wide = await row.locator('pre').evaluate((pre) => pre.scrollWidth > pre.clientWidth);
    expect(wide, 'scrolls inside its block').to.equal(true);
    expect(await bob.page.getByRole('log').evaluate((log) => log.scrollWidth <= log.clientWidth)).to.equal(
      true,
    );
    expect(await bob.violations(), 'axe').to.deep.equal([]);
    await bob.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await row.getByRole('button', { name: 'Copy code' }).click();
    await row.getByRole('button', { name: 'Copied' }).waitFor();
    expect(await bob.page.evaluate(() => navigator.clipboard.readText())).to.equal(code);
  });

  it('are shown in part when they are long, and unfold without moving what is above', async () => {
    const [ann, bob] = await on.pair();
    // More than the window shows: short conversations stand at its foot.
    for (let i = 0; i < 4; i += 1) await say(ann, 'tall\n'.repeat(25) + i);
    await say(ann, Array.from({ length: 60 }, (_, i) => `line ${i}`).join('\n'));
    const row = last(bob);
    const more = row.getByRole('button', { name: 'Show more' });
    await more.waitFor();
    await more.scrollIntoViewIfNeeded();
    const top = async (): Promise<number> => (await row.getByText('line 0').boundingBox())?.y ?? NaN;
    const before = await top();
    await more.click();
    await row.getByRole('button', { name: 'Show less' }).waitFor();
    expect(Math.abs((await top()) - before)).to.be.at.most(1);
  });

  it('are large when they are a few emojis', async () => {
    const [ann, bob] = await on.pair();
    await say(ann, '🎉 🎉');
    const size = await last(bob)
      .locator('[data-large]')
      .evaluate((element) => parseFloat(getComputedStyle(element).fontSize));
    expect(size).to.be.at.least(28);
  });

  it('take any emoji: found by name into the text, and as a reaction', async () => {
    const [ann, bob] = await on.pair();
    await ann.composer().fill('ships ');
    await ann.page.getByRole('button', { name: 'Emoji', exact: true }).click();
    await ann.pickEmoji('rocket');
    expect(await ann.composer().inputValue()).to.equal('ships 🚀');
    await ann.composer().press('Enter');
    await last(bob).getByText('ships 🚀').waitFor();
    await ann.article('hello').first().hover();
    await ann.page.getByRole('button', { name: 'More reactions' }).click();
    await ann.pickEmoji('octopus');
    await bob.article('hello').first().getByRole('button', { name: '🐙' }).waitFor();
  });

  it('are drawn from right to left where they are written so', async () => {
    const [ann, bob] = await on.pair();
    await say(ann, '**שלום** לכולם\n- אחד');
    await last(bob).locator('strong').waitFor();
    for (const element of await last(bob).locator('.nodes p, .nodes li').all())
      expect(await element.evaluate((node) => getComputedStyle(node).direction)).to.equal('rtl');
  });
});

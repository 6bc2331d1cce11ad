import { expect } from 'chai';
import { begin, SCREENS } from '../../docs/screens.ts';
import { DEMO_PASSWORD, PEOPLE } from '../../local/demo-content.ts';
import { fillDemo } from '../../local/demo.ts';
import { silent } from '../../local/output.ts';
import type { Room, Session } from '../../shared/wire/rest.ts';
import type { BrowserPerson } from '../support/browser.ts';
import { call, Person } from '../support/person.ts';
import { stage } from './stage.ts';

describe('each main screen', function () {
  this.timeout(180_000);
  // The demo fills a server that is empty.
  const on = stage(undefined, { own: true });
  before(async () => {
    await fillDemo(on.parley.cluster, silent);
  });

  /** What axe finds in each theme, one line each. */
  const findings = async ({ page }: BrowserPerson, check: () => Promise<string[]>): Promise<string[]> => {
    const found: string[] = [];
    for (const theme of ['light', 'dark', 'contrast'] as const) {
      const contrast = theme === 'contrast' ? 'more' : 'no-preference';
      const colorScheme = theme === 'dark' ? 'dark' : 'light';
      await page.emulateMedia({ colorScheme, contrast, reducedMotion: 'reduce' });
      await page.waitForFunction((name) => document.documentElement.dataset['theme'] === name, theme);
      found.push(...(await check()).map((finding) => `${theme}: ${finding}`));
    }
    return found;
  };

  it('shows a demo in which nobody has unread lines above their own last one', async () => {
    for (const { username } of PEOPLE) {
      const { place } = on.parley;
      const body = { username, password: DEMO_PASSWORD };
      const session = await call<Session>(place, 'POST', '/auth/login', { body });
      const person = Person.of(place, session.body);
      const { rooms } = await person.call<{ rooms: Room[] }>('GET', '/rooms');
      const last = rooms.filter(({ lastMessage }) => lastMessage?.sender.username === username);
      expect(last.map(({ me }) => me.unread).filter((unread) => unread > 0)).to.deep.equal([]);
    }
  });

  for (const size of ['desktop', 'phone'] as const) {
    it(`passes axe, in the light, the dark and the high-contrast theme (${size})`, async () => {
      const maya = await on.open(size);
      const found: Record<string, string[]> = {};
      found['sign-in'] = await findings(maya, () => maya.violations());
      await begin(maya.page, DEMO_PASSWORD);
      const room = maya.page.url();
      for (const { name, open } of SCREENS) {
        await maya.page.goto(room);
        await maya.page.getByRole('article').first().waitFor();
        await open(maya.page, size === 'phone');
        found[name] = await findings(maya, () => maya.violations());
      }
      const names = ['sign-in', ...SCREENS.map(({ name }) => name)];
      expect(found).to.deep.equal(Object.fromEntries(names.map((name) => [name, []])));
    });
  }
});

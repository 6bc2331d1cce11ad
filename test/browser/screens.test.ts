import { expect } from 'chai';
import { begin, SCREENS } from '../../docs/screens.ts';
import { DEMO_PASSWORD } from '../../local/demo-content.ts';
import { fillDemo } from '../../local/demo.ts';
import { silent } from '../../local/output.ts';
import type { BrowserPerson } from '../support/browser.ts';
import { stage } from './stage.ts';

describe('each main screen', function () {
  this.timeout(180_000);
  // The demo fills a server that is empty.
  const on = stage(undefined, { own: true });
  before(async () => {
    await fillDemo(on.parley.cluster, silent);
  });

  /** What axe finds in both themes, one line each. */
  const findings = async ({ page }: BrowserPerson, check: () => Promise<string[]>): Promise<string[]> => {
    const found: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      found.push(...(await check()).map((finding) => `${colorScheme}: ${finding}`));
    }
    return found;
  };

  for (const size of ['desktop', 'phone'] as const) {
    it(`passes axe, in the light and in the dark theme (${size})`, async () => {
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

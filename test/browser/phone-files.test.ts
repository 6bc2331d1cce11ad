import { expect } from 'chai';
import type { Locator } from 'playwright-core';
import type { BrowserPerson } from '../support/browser.ts';
import { bytes, choose, picture, sendFiles, tray, type TestFile } from './files-acts.ts';
import { tap } from './phone-acts.ts';
import { stage } from './stage.ts';

describe('files under a finger', function () {
  this.timeout(180_000);
  const on = stage();

  const chooseByTap = async ({ page }: BrowserPerson, files: TestFile[]): Promise<void> => {
    const asked = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Attach files' }).tap();
    await (await asked).setFiles(files);
  };
  /** A finger that is drawn over the page and stops before it is lifted; nothing glides on, which would swallow a tap. */
  const drag = async (
    { context, page }: BrowserPerson,
    { x, y }: Point,
    xDistance: number,
  ): Promise<void> => {
    const touch = await context.newCDPSession(page);
    const how = { gestureSourceType: 'touch', preventFling: true, speed: 2_000 } as const;
    await touch.send('Input.synthesizeScrollGesture', { x, y, xDistance, ...how });
    await touch.detach();
  };

  it('are chosen in the composer, with progress, cancelled, and sent in the end', async () => {
    const [ann, bob] = await on.pair('hello', ['phone', undefined]);
    const { page } = ann;
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/attachments?**', async (route) => {
      await held;
      await route.continue().catch(() => undefined);
    });
    await chooseByTap(ann, [bytes('minutes.bin', 40_000), await picture('whiteboard.png', 900, 600)]);
    const bar = page.getByRole('progressbar', { name: 'Upload of minutes.bin' });
    await bar.waitFor();
    await page.getByRole('progressbar', { name: 'Upload of whiteboard.png' }).waitFor();
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    expect(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).to.equal(true);
    await page.getByRole('button', { name: 'Cancel minutes.bin' }).tap();
    await bar.waitFor({ state: 'detached' });
    await page.getByRole('progressbar', { name: 'Upload of whiteboard.png' }).waitFor();
    release();
    await tray(page).getByText(/KB$/).waitFor();
    await ann.composer().fill('The whiteboard, before it was wiped');
    await page.getByRole('button', { name: 'Send', exact: true }).and(page.locator(':enabled')).tap();
    await tray(page).waitFor({ state: 'detached' });
    const message = bob.article('before it was wiped');
    await message.getByRole('img', { name: 'whiteboard.png' }).waitFor();
    expect(await bob.page.getByText('minutes.bin').count()).to.equal(0);
  });

  it('that are pictures are looked at one after the other, and closed by a tap or by going back', async () => {
    const [ann, bob] = await on.pair('hello', [undefined, 'phone']);
    const { page } = bob;
    const names = ['one.png', 'two.png', 'three.png'];
    await choose(ann.page, await Promise.all(names.map((name, i) => picture(name, 600, 400 + 200 * i))));
    await sendFiles(ann.page);
    await page.getByRole('button', { name: 'Open one.png' }).tap();
    const viewer = page.getByRole('dialog', { name: 'Pictures' });
    await viewer.getByText('1 / 3').waitFor();
    expect(await bob.violations(), 'axe').to.deep.equal([]);
    await drag(bob, { x: 320, y: 420 }, -260);
    await viewer.getByText('2 / 3').waitFor();
    for (const name of ['Close', 'Download'])
      expect(await leastSide(viewer.getByLabel(name, { exact: true })), name).to.be.at.least(44);
    await viewer.getByRole('button', { name: 'Close' }).tap();
    await viewer.waitFor({ state: 'detached' });
    await bob.composer().waitFor();

    await page.getByRole('button', { name: 'Open three.png' }).tap();
    await viewer.getByText('3 / 3').waitFor();
    await drag(bob, { x: 60, y: 420 }, 260);
    await viewer.getByText('2 / 3').waitFor();
    await page.goBack();
    await viewer.waitFor({ state: 'detached' });
    await bob.composer().waitFor();
    await page.goBack();
    await bob.signedIn();
    expect(await bob.composer().isVisible(), 'the list is one step away').to.equal(false);
  });

  it('that are voices are played, paused, and heard from where the waveform is touched', async () => {
    const [ann, bob] = await on.pair('hello', [undefined, 'phone']);
    await ann.page.getByRole('button', { name: 'Record a voice message' }).click();
    await ann.page.getByRole('timer').getByText(/0:02$/).waitFor();
    await ann.page.getByRole('button', { name: 'Stop and listen' }).click();
    await ann.page.getByRole('button', { name: 'Send voice message' }).click();
    const voice = bob.page.getByRole('article').getByRole('group', { name: 'Voice message' });
    await voice.waitFor();
    expect(await bob.violations(), 'axe').to.deep.equal([]);
    for (const button of await voice.getByRole('button').all())
      expect(await leastSide(button)).to.be.at.least(44);
    const slider = voice.getByRole('slider', { name: 'Position in Voice message' });
    const at = async (): Promise<number> => Number(await slider.getAttribute('aria-valuenow'));
    await tap(voice, 'Play Voice message');
    await tap(voice, 'Pause Voice message');
    await voice.getByRole('button', { name: 'Play Voice message' }).waitFor();
    const { x, y, width, height } = (await slider.boundingBox())!;
    await slider.tap({ position: { x: width * 0.75, y: height / 2 } });
    expect(await at()).to.be.within(70, 80);
    await drag(bob, { x: x + width * 0.75, y: y + height / 2 }, width * -0.4);
    expect(await at()).to.be.within(10, 40);
    await tap(voice, 'Play Voice message');
    await bob.page.waitForFunction(
      () => Number(document.querySelector('[role=slider]')?.getAttribute('aria-valuenow')) > 45,
    );
    await bob.page.waitForFunction(
      () => document.querySelector('[role=slider]')?.getAttribute('aria-valuenow') === '0',
    );
    await voice.getByRole('button', { name: 'Play Voice message' }).waitFor();
  });
});

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The shorter side of what a finger has to meet. */
async function leastSide(target: Locator): Promise<number> {
  const { width = 0, height = 0 } = (await target.boundingBox()) ?? {};
  return Math.min(width, height);
}

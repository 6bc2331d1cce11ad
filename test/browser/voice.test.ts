import { expect } from 'chai';
import type { BrowserPerson } from '../support/browser.ts';
import { stage } from './stage.ts';
import { withFinger } from './touch-acts.ts';

describe('voice messages in the browser', function () {
  this.timeout(180_000);
  const on = stage();

  const recorded = (person: BrowserPerson, seconds: number): Promise<unknown> =>
    person.page.waitForFunction((least) => {
      const [, past] =
        /:(\d\d)$/.exec(document.querySelector('[role=timer]')?.textContent?.trim() ?? '') ?? [];
      return Number(past) >= least;
    }, seconds);
  const messages = (person: BrowserPerson) =>
    person.page.getByRole('article').getByRole('group', { name: 'Voice message' });

  const record = async (person: BrowserPerson, count: number): Promise<void> => {
    await person.page.getByRole('button', { name: 'Record a voice message' }).click();
    await recorded(person, 2);
    await person.page.getByRole('button', { name: 'Stop and listen' }).click();
    await person.page.getByRole('group', { name: 'Recording' }).waitFor();
    await person.page.getByRole('button', { name: 'Send voice message' }).click();
    await messages(person)
      .nth(count - 1)
      .waitFor();
  };

  it('are recorded, listened to, sent and played with seeking and speed, one at a time', async () => {
    const [ann, bob] = await on.pair();
    await ann.page.getByRole('button', { name: 'Record a voice message' }).click();
    await recorded(ann, 2);
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await ann.page.getByRole('button', { name: 'Stop and listen' }).click();
    await ann.page.getByRole('button', { name: 'Play Recording' }).click();
    await ann.page.getByRole('button', { name: 'Pause Recording' }).waitFor();
    await ann.page.getByRole('button', { name: 'Send voice message' }).click();
    await messages(ann).waitFor();
    await ann.composer().waitFor();
    await record(ann, 2);

    const [first, second] = [messages(bob).first(), messages(bob).nth(1)];
    await second.waitFor();
    await bob.roomLink(ann.fullName).getByText('Voice message').waitFor();
    expect(await bob.violations(), 'axe').to.deep.equal([]);
    const bars = await first
      .locator('rect')
      .evaluateAll((all) => new Set(all.map((bar) => bar.getAttribute('height'))).size);
    expect(bars, 'a waveform').to.be.above(1);
    await first.getByRole('button', { name: 'Speed 1×' }).click();
    await first.getByRole('button', { name: 'Speed 1.5×' }).waitFor();
    await first.getByRole('button', { name: 'Speed 1.5×' }).click();
    await first.getByRole('button', { name: 'Speed 2×' }).click();
    await first.getByRole('button', { name: 'Play Voice message' }).click();
    await first.getByRole('button', { name: 'Pause Voice message' }).waitFor();
    await second.getByRole('button', { name: 'Play Voice message' }).click();
    await second.getByRole('button', { name: 'Pause Voice message' }).waitFor();
    await first.getByRole('button', { name: 'Play Voice message' }).waitFor();
    await second.getByRole('button', { name: 'Pause Voice message' }).click();
    const slider = second.getByRole('slider');
    await slider.press('Home');
    await second
      .getByRole('slider', { name: /Position/ })
      .and(bob.page.locator('[aria-valuenow="0"]'))
      .waitFor();
    for (let step = 0; step < 4; step += 1) await slider.press('ArrowRight');
    const now = Number(await slider.getAttribute('aria-valuenow'));
    expect(now).to.be.within(15, 25);
    await second.getByRole('button', { name: 'Play Voice message' }).click();
    await bob.page.waitForFunction(
      (least) =>
        [...document.querySelectorAll('[role=slider]')].some(
          (one) => Number(one.getAttribute('aria-valuenow')) > least,
        ),
      now,
    );
  });

  it('are discarded without a trace', async () => {
    const [ann] = await on.pair();
    await ann.page.getByRole('button', { name: 'Record a voice message' }).click();
    await recorded(ann, 1);
    await ann.page.getByRole('button', { name: 'Discard recording' }).click();
    await ann.composer().waitFor();
    expect(await messages(ann).count()).to.equal(0);
  });

  it('are recorded on a phone for as long as the button is held', async () => {
    const [ann, bob] = await on.pair('hello', [undefined, 'phone']);
    const button = bob.page.getByRole('button', { name: 'Record a voice message' });
    const box = (await button.boundingBox())!;
    const point = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await withFinger(bob, async (put) => {
      await put(point);
      await recorded(bob, 1);
    });
    await bob.page.getByRole('group', { name: 'Recording' }).waitFor();
    await bob.page.getByRole('button', { name: 'Send voice message' }).tap();
    await messages(ann).waitFor();
  });
});

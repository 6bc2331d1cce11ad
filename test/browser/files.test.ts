import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { bytes, choose, drop, paste, picture, sendFiles, tray } from './files-acts.ts';
import { stage } from './stage.ts';

describe('files are sent in the browser', function () {
  this.timeout(180_000);
  const on = stage();

  it('by dropping them, with words, and the other one sees a picture in its shape', async () => {
    const [ann, bob] = await on.pair();
    const conversation = ann.page.getByRole('region', { name: 'Conversation' });
    await drop(conversation, await picture('lake.png', 900, 600), () =>
      ann.page.getByText(/^Drop files to send them to/).waitFor(),
    );
    await tray(ann.page).getByText('lake.png').waitFor();
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await ann.composer().fill('The lake this morning');
    await sendFiles(ann.page);
    const image = bob.article('The lake this morning').getByRole('img', { name: 'lake.png' });
    await image.waitFor();
    const box = (await image.boundingBox())!;
    expect(box.width / box.height).to.be.closeTo(1.5, 0.05);
    expect([await image.getAttribute('width'), await image.getAttribute('height')]).to.deep.equal([
      '900',
      '600',
    ]);
    expect(await bob.violations(), 'axe').to.deep.equal([]);
  });

  it('by pasting a picture, which is a line in the list of rooms', async () => {
    const [ann, bob] = await on.pair();
    await paste(ann.composer(), await picture('pasted.png', 300, 200));
    await tray(ann.page).getByText('pasted.png').waitFor();
    await sendFiles(ann.page);
    await bob.page.getByRole('button', { name: 'Open pasted.png' }).waitFor();
    await bob.roomLink(ann.fullName).getByText('Photo').waitFor();
  });

  it('with progress, and not at all when that is cancelled', async () => {
    const [ann] = await on.pair();
    const network = await ann.context.newCDPSession(ann.page);
    await network.send('Network.enable');
    const limit = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 150_000 };
    await network.send('Network.emulateNetworkConditions', limit);
    await choose(ann.page, [bytes('large.bin', 3_000_000)]);
    const bar = ann.page.getByRole('progressbar', { name: 'Upload of large.bin' });
    await ann.page.waitForFunction(() => {
      const now = Number(document.querySelector('[role=progressbar]')?.getAttribute('aria-valuenow'));
      return now > 0 && now < 100;
    });
    const send = ann.page.getByRole('button', { name: 'Send', exact: true });
    expect(await send.isDisabled()).to.equal(true);
    expect(await send.getAttribute('title')).to.equal('Files are still being uploaded.');
    await ann.page.getByRole('button', { name: 'Cancel large.bin' }).click();
    await bar.waitFor({ state: 'detached' });
    await tray(ann.page).waitFor({ state: 'detached' });
    expect(await ann.page.getByText('large.bin').count()).to.equal(0);
  });

  it('again after a failure, when told to', async () => {
    const [ann, bob] = await on.pair();
    await ann.page.route('**/attachments?**', (route) => route.abort());
    await choose(ann.page, [bytes('notes.bin', 5_000)]);
    await tray(ann.page).getByRole('alert').waitFor();
    await ann.page.unroute('**/attachments?**');
    await ann.page.getByRole('button', { name: 'Try again: notes.bin' }).click();
    await sendFiles(ann.page);
    await bob.page.getByRole('link', { name: /^Download notes.bin/ }).waitFor();
  });

  it('ten at the most, said before a byte is sent', async () => {
    const [ann] = await on.pair();
    await choose(
      ann.page,
      Array.from({ length: 11 }, (_, index) => bytes(`${index}.bin`, 100)),
    );
    await ann.page.getByRole('alert').filter({ hasText: 'at most 10 files' }).waitFor();
    expect(await tray(ann.page).getByRole('listitem').count()).to.equal(10);
  });

  it('and come down as they went up', async () => {
    const [ann, bob] = await on.pair();
    const file = bytes('Quarterly report.bin', 300_000);
    await choose(ann.page, [file]);
    await sendFiles(ann.page);
    const link = bob.page.getByRole('link', { name: 'Download Quarterly report.bin, 293 KB' });
    const [download] = await Promise.all([bob.page.waitForEvent('download'), link.click()]);
    expect(download.suggestedFilename()).to.equal('Quarterly report.bin');
    expect(file.buffer.equals(await readFile(await download.path()))).to.equal(true);
  });

  it('and nothing moves when a picture comes late', async () => {
    const [ann, bob] = await on.pair();
    for (let line = 0; line < 30; line += 1) await ann.say(`line ${line}`);
    await bob.sees('line 29');
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await bob.page.route('**/attachments/**', async (route) => {
      await held;
      await route.continue();
    });
    await choose(ann.page, [await picture('late.png', 800, 700), await picture('later.png', 300, 900)]);
    await sendFiles(ann.page);
    await bob.page.getByRole('button', { name: 'Open late.png' }).waitFor();
    await ann.say('below it');
    await bob.sees('below it');
    const top = (): Promise<number> =>
      bob.article('below it').evaluate((element) => element.getBoundingClientRect().top);
    const before = await top();
    release();
    await bob.page.waitForFunction(() =>
      [...document.querySelectorAll('article img')].every(
        (image) => (image as HTMLImageElement).naturalWidth > 0,
      ),
    );
    await bob.page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    expect(Math.abs((await top()) - before)).to.be.at.most(1);
  });

  it('open over everything, one after the other, by keyboard', async () => {
    const [ann] = await on.pair();
    await choose(ann.page, [await picture('first.png', 640, 480), await picture('second.png', 480, 640)]);
    await sendFiles(ann.page);
    const open = ann.page.getByRole('button', { name: 'Open second.png' });
    await open.focus();
    await ann.page.keyboard.press('Enter');
    const viewer = ann.page.getByRole('dialog', { name: 'Pictures' });
    await viewer.getByText('2 / 2').waitFor();
    await ann.page.keyboard.press('ArrowLeft');
    await viewer.getByText('1 / 2').waitFor();
    const [download] = await Promise.all([
      ann.page.waitForEvent('download'),
      viewer.getByRole('link', { name: 'Download' }).or(viewer.getByTitle('Download')).click(),
    ]);
    expect(download.suggestedFilename()).to.equal('first.png');
    await ann.page.keyboard.press('Escape');
    await viewer.waitFor({ state: 'detached' });
    await ann.composer().waitFor();
    expect(await open.evaluate((element) => element === document.activeElement)).to.equal(true);
  });

  it('open on a phone, and its back gesture closes them', async () => {
    const [ann, bob] = await on.pair('hello', [undefined, 'phone']);
    await choose(ann.page, [await picture('small.png', 640, 480)]);
    await sendFiles(ann.page);
    await bob.page.getByRole('button', { name: 'Open small.png' }).tap();
    const viewer = bob.page.getByRole('dialog', { name: 'Pictures' });
    await viewer.waitFor();
    await bob.page.goBack();
    await viewer.waitFor({ state: 'detached' });
    await bob.composer().waitFor();
  });

  it('and are listed in the details: pictures here, other files there', async () => {
    const [ann, bob] = await on.pair();
    await choose(ann.page, [await picture('wall.png', 640, 480), bytes('plan.bin', 2_000)]);
    await sendFiles(ann.page);
    await bob.page.getByRole('button', { name: 'Open wall.png' }).waitFor();
    const details = bob.page.getByRole('region', { name: 'Details' });
    await details.getByRole('button', { name: 'Pictures and files' }).click();
    await details.getByRole('button', { name: 'Open wall.png' }).waitFor();
    await details.getByRole('button', { name: 'Files', exact: true }).click();
    await details.getByRole('link', { name: /^Download plan.bin/ }).waitFor();
    expect(await bob.violations(), 'axe').to.deep.equal([]);
  });
});

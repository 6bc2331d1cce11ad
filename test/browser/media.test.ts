import { expect } from 'chai';
import type { BrowserPerson } from '../support/browser.ts';
import { bytes, choose, pair, picture, sendFiles, tray, type TestFile } from './files-acts.ts';
import { stage } from './stage.ts';

const MIB = 1024 * 1024;

describe('media in the browser', function () {
  this.timeout(180_000);
  const on = stage(() => ({
    ATTACHMENT_MAX_BYTES: String(MIB),
    ATTACHMENT_USER_BYTES: String(2.5 * MIB),
  }));

  it('a video plays where it stands', async () => {
    const [ann, bob] = await pair(on);
    await choose(ann.page, [await film(ann, 'clip.webm')]);
    await sendFiles(ann.page);
    const video = bob.page.locator('video[aria-label="Video clip.webm"]');
    await video.waitFor();
    expect(await video.getAttribute('controls')).not.to.equal(null);
    await video.focus();
    await bob.page.keyboard.press('Space');
    await bob.page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 0);
    expect(await bob.violations(), 'axe').to.deep.equal([]);
    await bob.roomLink(ann.fullName).getByText('clip.webm').waitFor();
  });

  it('a picture that does not come says so, in its place, and comes when told to', async () => {
    const [ann, bob] = await pair(on);
    await bob.page.route('**/attachments/**', (route) => route.abort());
    await choose(ann.page, [await picture('lost.png', 800, 500)]);
    await sendFiles(ann.page);
    const again = bob.page.getByRole('button', { name: 'lost.png could not be loaded. Try again' });
    await again.waitFor();
    expect(await bob.violations(), 'axe').to.deep.equal([]);
    const before = await again.boundingBox();
    await bob.page.unroute('**/attachments/**');
    await again.click();
    const open = bob.page.getByRole('button', { name: 'Open lost.png' });
    await open.waitFor();
    await bob.page.waitForFunction(
      () => (document.querySelector<HTMLImageElement>('article img')?.naturalWidth ?? 0) > 0,
    );
    expect(await open.boundingBox()).to.deep.equal(before);
  });

  it('a page and a drawing are downloads, also for who opens their address', async () => {
    const [ann, bob] = await pair(on);
    const script = '<script>document.title = "run"</script>';
    await choose(ann.page, [
      textFile('page.html', `<!doctype html>${script}`),
      textFile('drawing.svg', `<svg xmlns="http://www.w3.org/2000/svg">${script}</svg>`),
    ]);
    await sendFiles(ann.page);
    for (const name of ['page.html', 'drawing.svg']) {
      const link = bob.page.getByRole('link', { name: new RegExp(`^Download ${name}`) });
      const address = await link.getAttribute('href');
      const tab = await bob.context.newPage();
      const [download] = await Promise.all([
        tab.waitForEvent('download'),
        // A download is no navigation.
        tab.goto(address ?? '').catch(() => undefined),
      ]);
      expect(download.suggestedFilename()).to.equal(name);
      expect(await tab.title()).to.equal('');
      await tab.close();
    }
  });

  it('what this server would not take is said before a byte is sent', async () => {
    const [ann] = await pair(on);
    const sent: string[] = [];
    ann.page.on('request', (request) => {
      if (request.method() === 'POST' && request.url().includes('/attachments')) sent.push(request.url());
    });
    await choose(ann.page, [bytes('large.bin', 2 * MIB)]);
    await ann.page
      .getByRole('alert')
      .filter({ hasText: '“large.bin” is 2 MB; a file may have 1 MB.' })
      .waitFor();
    expect(await tray(ann.page).count()).to.equal(0);
    expect(sent).to.deep.equal([]);
  });

  it('who has no space left is told so, and may go on once there is some', async () => {
    const [ann, bob] = await pair(on);
    for (const name of ['one.bin', 'two.bin']) {
      await choose(ann.page, [bytes(name, MIB)]);
      await sendFiles(ann.page);
      await bob.page.getByRole('link', { name: new RegExp(`^Download ${name}`) }).waitFor();
    }
    await choose(ann.page, [bytes('three.bin', MIB)]);
    const problem = tray(ann.page).getByRole('alert');
    await problem.waitFor();
    expect(await problem.textContent()).to.equal(
      'Your files may take 2.5 MiB together. Delete some to make room for this one.',
    );
    const row = ann.page.getByRole('article').filter({ hasText: 'one.bin' });
    await row.hover();
    const tools = row.getByRole('group', { name: 'Message actions' });
    await tools.getByRole('button', { name: 'Delete' }).click();
    const dialog = ann.page.getByRole('dialog', { name: 'Delete this message?' });
    await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
    await bob.page.getByRole('link', { name: /^Download one.bin/ }).waitFor({ state: 'detached' });
    await ann.page.getByRole('button', { name: 'Try again: three.bin' }).click();
    await sendFiles(ann.page);
    await bob.page.getByRole('link', { name: /^Download three.bin/ }).waitFor();
  });
});

const textFile = (name: string, text: string): TestFile => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from(text),
});

/** A second of moving colours, as this browser films it. */
async function film({ page }: BrowserPerson, name: string): Promise<TestFile> {
  const text: string = await page.evaluate(`(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 160, height: 90 });
    const context = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: 'video/webm' });
    const parts = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const stopped = new Promise((resolve) => (recorder.onstop = resolve));
    recorder.start();
    for (let i = 0; i < 30; i += 1) {
      context.fillStyle = 'hsl(' + i * 12 + ' 80% 50%)';
      context.fillRect(0, 0, 160, 90);
      await new Promise((resolve) => setTimeout(resolve, 33));
    }
    recorder.stop();
    await stopped;
    const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
  })()`);
  return { name, mimeType: 'video/webm', buffer: Buffer.from(text, 'base64') };
}

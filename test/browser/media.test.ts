import { expect } from 'chai';
import type { BrowserPerson } from '../support/browser.ts';
import { bytes, choose, picture, sendFiles, tray, type TestFile } from './files-acts.ts';
import { act } from './message-acts.ts';
import { stage } from './stage.ts';

const MIB = 1024 * 1024;

describe('media in the browser', function () {
  this.timeout(180_000);
  const on = stage(() => ({
    ATTACHMENT_MAX_BYTES: String(MIB),
    ATTACHMENT_USER_BYTES: String(2.5 * MIB),
  }));

  it('a video plays where it stands', async () => {
    const [ann, bob] = await on.pair();
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

  it('a film tells nobody where it was made, and plays', async () => {
    const [ann, bob] = await on.pair();
    const supported: string[] = await ann.page.evaluate(
      `['video/webm', 'video/mp4'].filter((type) => MediaRecorder.isTypeSupported(type))`,
    );
    for (const type of supported) {
      const name = `trip.${type.slice(6)}`;
      const { buffer, ...clip } = await film(ann, name, type);
      const telling = type === 'video/webm' ? withTags(buffer) : withPlace(buffer);
      await choose(ann.page, [{ ...clip, buffer: telling }]);
      await sendFiles(ann.page);
      const video = bob.page.locator(`video[aria-label="Video ${name}"]`);
      await video.waitFor();
      await video.focus();
      await bob.page.keyboard.press('Space');
      await bob.page.waitForFunction(
        (label) =>
          (document.querySelector<HTMLVideoElement>(`video[aria-label="${label}"]`)?.currentTime ?? 0) > 0,
        `Video ${name}`,
      );
      const source = await video.evaluate((element) => (element as HTMLVideoElement).currentSrc);
      const stored = await (await bob.context.request.get(source)).body();
      expect(stored.length).to.equal(telling.length);
      expect([telling, stored].map((bytes) => bytes.includes(PLACE))).to.deep.equal([true, false]);
    }
  });

  it('a picture that does not come says so, in its place, and comes when told to', async () => {
    const [ann, bob] = await on.pair();
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
    const [ann, bob] = await on.pair();
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
    const [ann] = await on.pair();
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
    const [ann, bob] = await on.pair();
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
    await act(row, 'Delete');
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

const PLACE = '+51.5007-000.1246/';

/** As phones do it: a tag behind the film. */
function withTags(webm: Buffer): Buffer {
  const tags = Buffer.concat([
    Buffer.from([0x12, 0x54, 0xc3, 0x67, 0x80 | PLACE.length]),
    Buffer.from(PLACE),
  ]);
  return Buffer.concat([webm, tags]);
}

/** As phones do it: a box at the end of `moov`. */
function withPlace(mp4: Buffer): Buffer {
  const at = mp4.indexOf('moov', 0, 'latin1') - 4;
  const size = mp4.readUInt32BE(at);
  const place = Buffer.concat([
    Buffer.alloc(16),
    Buffer.from([0, PLACE.length, 0x15, 0xc7]),
    Buffer.from(PLACE),
  ]);
  place.writeUInt32BE(place.length, 0);
  place.write('udta', 4, 'latin1');
  place.writeUInt32BE(place.length - 8, 8);
  place.write('\xa9xyz', 12, 'latin1');
  const film = Buffer.concat([mp4.subarray(0, at + size), place, mp4.subarray(at + size)]);
  film.writeUInt32BE(size + place.length, at);
  return film;
}

/** A second of moving colours, as this browser films it. */
async function film({ page }: BrowserPerson, name: string, type = 'video/webm'): Promise<TestFile> {
  const text: string = await page.evaluate(`(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 160, height: 90 });
    const context = canvas.getContext('2d');
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: '${type}' });
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
  return { name, mimeType: type, buffer: Buffer.from(text, 'base64') };
}

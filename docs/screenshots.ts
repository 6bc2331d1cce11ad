/** `npm run screenshots`: writes the client's pictures in docs/images from a cluster of its own with the demo content. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import { startCluster } from '../local/cluster.ts';
import { DEMO_PASSWORD } from '../local/demo-content.ts';
import { fillDemo } from '../local/demo.ts';
import { withErrors } from '../local/exit.ts';
import { findChromium } from '../local/find/chromium.ts';
import { createOutput } from '../local/output.ts';

const IMAGES = join(import.meta.dirname, 'images');
const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const ROOM = 'release-lisbon';

await withErrors(async () => {
  const output = createOutput();
  const executablePath = await findChromium(process.env, output);
  const data = await mkdtemp(join(tmpdir(), 'parley-screenshots-'));
  const cluster = await startCluster({ data, output });
  try {
    await fillDemo(cluster, output);
    // As root, Chromium runs only without its sandbox; it sees nothing but our own pages.
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    try {
      await takeAll(browser, cluster.origin);
    } finally {
      await browser.close();
    }
    output.line('screenshots', IMAGES);
  } finally {
    await cluster.stop();
    await rm(data, { recursive: true, force: true });
  }
});

async function takeAll(browser: Browser, origin: string): Promise<void> {
  const amara = await signIn(browser, origin, 'amara', DESKTOP);
  const kenji = await signIn(browser, origin, 'kenji', DESKTOP);
  const jonas = await signIn(browser, origin, 'jonas', DESKTOP);
  const maya = await signIn(browser, origin, 'maya', DESKTOP);
  for (const page of [maya, jonas, kenji, amara]) await openRoom(page);
  await say(amara, 'Then we are complete. Thursday at ten, from the big table 🚀');
  await say(kenji, 'I bring the graphs: https://status.example.org/lisbon');
  await say(maya, 'And I bring the cake. The announcement is ready for your red pens.');
  // All of them look at it.
  await maya.getByRole('img', { name: 'Read' }).last().waitFor();
  // Nothing is pointed at.
  await maya.getByRole('textbox', { name: /^Message / }).hover();
  for (const scheme of ['light', 'dark'] as const) {
    await maya.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await type(amara);
    await maya.getByText(/Amara is typing/u).waitFor();
    await maya.screenshot({ path: join(IMAGES, `client-${scheme}.png`) });
  }
  const phone = await signIn(browser, origin, 'maya', PHONE);
  await openRoom(phone);
  await phone.getByRole('img', { name: 'Read' }).last().waitFor();
  await phone.screenshot({ path: join(IMAGES, 'client-phone.png') });
}

async function signIn(
  browser: Browser,
  origin: string,
  username: string,
  viewport: { width: number; height: number },
): Promise<Page> {
  const context = await browser.newContext({
    baseURL: origin,
    viewport,
    hasTouch: viewport === PHONE,
    // The certificate is of a local CA that this browser does not know.
    ignoreHTTPSErrors: true,
    colorScheme: 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await page.getByRole('textbox', { name: 'Username' }).fill(username);
  await page.getByRole('textbox', { name: 'Password' }).fill(DEMO_PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  return page;
}

async function openRoom(page: Page): Promise<void> {
  await page.getByRole('link', { name: ROOM }).first().click();
  await page.getByRole('article').first().waitFor();
}

async function say(page: Page, text: string): Promise<void> {
  const composer = page.getByRole('textbox', { name: /^Message / });
  await composer.fill(text);
  await composer.press('Enter');
  await page.getByRole('article').filter({ hasText: text }).waitFor();
}

/** Typing ends by itself, so it is begun anew for each picture; told of at most every 3 s, it has to last longer. */
async function type(page: Page): Promise<void> {
  const composer = page.getByRole('textbox', { name: /^Message / });
  await composer.fill('');
  await composer.pressSequentially('Lovely, I come with', { delay: 200 });
}

/**
 * `npm run screenshots`: writes the pictures in docs/images from a cluster of its own with the demo content: each main
 * screen, light and dark, on a desktop and a phone.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type Page } from 'playwright-core';
import sharp from 'sharp';
import { startCluster } from '../local/cluster.ts';
import { DEMO_PASSWORD } from '../local/demo-content.ts';
import { fillDemo } from '../local/demo.ts';
import { withErrors } from '../local/exit.ts';
import { findChromium } from '../local/find/chromium.ts';
import { ensureEmojiFont } from '../local/find/emoji-font.ts';
import { createOutput } from '../local/output.ts';
import { begin, SCREENS, signIn } from './screens.ts';

const IMAGES = join(import.meta.dirname, 'images', 'screens');
const SIZES = {
  desktop: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
} as const;
/** Who is online meanwhile, beside whose pictures these are. */
const ABOUT = ['amara', 'kenji', 'sofia'] as const;
type Size = keyof typeof SIZES;
const SCHEMES = ['light', 'dark'] as const;

await withErrors(async () => {
  const output = createOutput();
  const executablePath = await findChromium(process.env, output);
  await ensureEmojiFont(output);
  const data = await mkdtemp(join(tmpdir(), 'parley-screenshots-'));
  const cluster = await startCluster({ data, output });
  try {
    await fillDemo(cluster, output);
    await mkdir(IMAGES, { recursive: true });
    // As root, Chromium runs only without its sandbox; it sees nothing but our own pages.
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    try {
      for (const username of ABOUT) await beAbout(browser, cluster.origin, username);
      for (const size of ['desktop', 'phone'] as const) await takeAll(browser, cluster.origin, size);
    } finally {
      await browser.close();
    }
    output.line('screenshots', IMAGES);
  } finally {
    await cluster.stop();
    await rm(data, { recursive: true, force: true });
  }
});

/** Somebody who has the client open, in front of no conversation. */
async function beAbout(browser: Browser, baseURL: string, username: string): Promise<void> {
  const context = await browser.newContext({ baseURL, viewport: SIZES.phone, ignoreHTTPSErrors: true });
  const page = await context.newPage();
  await page.goto('/sign-in');
  await signIn(page, username, DEMO_PASSWORD);
}

async function takeAll(browser: Browser, origin: string, size: Size): Promise<void> {
  const context = await browser.newContext({
    baseURL: origin,
    viewport: SIZES[size],
    hasTouch: size === 'phone',
    // The certificate is of a local CA that this browser does not know.
    ignoreHTTPSErrors: true,
    reducedMotion: 'reduce',
    locale: 'en-GB',
  });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Sign in' }).waitFor();
  await takeBoth(page, `sign-in-${size}`);
  await begin(page, DEMO_PASSWORD);
  const room = page.url();
  for (const { name, open } of SCREENS) {
    await page.goto(room);
    await page.getByRole('article').first().waitFor();
    // On a wide screen they stand beside the conversation, a moment later.
    if (size === 'desktop')
      await page.getByRole('region', { name: 'Details' }).getByText('Kenji Sato').waitFor();
    await open(page, size === 'phone');
    await takeBoth(page, `${name}-${size}`);
  }
  await context.close();
}

/** In the light and in the dark theme, which follow the system's. */
async function takeBoth(page: Page, name: string): Promise<void> {
  for (const colorScheme of SCHEMES) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    // The page hears of it with its next frame.
    await page.locator(`html[data-theme=${colorScheme}]`).waitFor();
    const picture = await page.screenshot({ animations: 'disabled', caret: 'hide' });
    await sharp(picture)
      .webp({ quality: 88 })
      .toFile(join(IMAGES, `${name}-${colorScheme}.webp`));
  }
}

import axe from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** For service workers, which want a certificate that the browser itself accepts. */
export const TRUSTING = ['--ignore-certificate-errors'];

/** Debian's Chromium; as root it runs without its sandbox, and it is kept from calling home. */
export function launchBrowser(args: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // A microphone that beeps, and that nobody has to be asked about.
      '--use-fake-device-for-media-stream',
      '--use-fake-ui-for-media-stream',
      ...args,
    ],
  });
}

export type Size = 'desktop' | 'phone';
const SIZES = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;

/** One person's browser: cookies and storage of its own; what the page throws is kept for the test to see. */
export class BrowserPerson {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly errors: string[] = [];

  private constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && /Content Security Policy/i.test(message.text()))
        this.errors.push(message.text());
    });
  }

  static async open(browser: Browser, origin: string, size: Size = 'desktop'): Promise<BrowserPerson> {
    const context = await browser.newContext({
      ignoreHTTPSErrors: true,
      viewport: SIZES[size],
      hasTouch: size === 'phone',
      baseURL: origin,
      reducedMotion: 'reduce',
      locale: 'en-GB',
    });
    context.setDefaultTimeout(15_000);
    const person = new BrowserPerson(context, await context.newPage());
    await person.page.goto('/');
    return person;
  }

  async signUp(username: string, name: string, password = 'correct horse battery'): Promise<void> {
    const { page } = this;
    await page.getByRole('link', { name: 'Create an account' }).click();
    await page.getByRole('textbox', { name: 'Username' }).fill(username);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Create account' }).click();
    await this.signedIn();
  }

  async signIn(username: string, password = 'correct horse battery'): Promise<void> {
    const { page } = this;
    await page.getByRole('textbox', { name: 'Username' }).fill(username);
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await this.signedIn();
  }

  async signedIn(): Promise<void> {
    await this.page.getByRole('button', { name: 'New conversation' }).first().waitFor();
  }

  /** Finds someone by name and opens the conversation with them. */
  async message(name: string): Promise<void> {
    const { page } = this;
    await page.getByRole('button', { name: 'New conversation' }).first().click();
    await page.getByRole('searchbox', { name: 'Search people' }).fill(name);
    await page.getByRole('list', { name: 'People', exact: true }).getByRole('button', { name }).click();
    await this.composer().waitFor();
  }

  async openRoom(name: string): Promise<void> {
    await this.roomLink(name).click();
    await this.composer().waitFor();
  }

  roomLink(name: string) {
    return this.page
      .getByRole('complementary', { name: 'Conversations' })
      .or(this.page.getByRole('navigation', { name: 'Conversations' }))
      .getByRole('link', { name })
      .first();
  }

  composer() {
    return this.page.getByRole('textbox', { name: /^Message / });
  }

  async say(text: string): Promise<void> {
    await this.composer().fill(text);
    await this.composer().press('Enter');
  }

  /** Waits until a message with this text stands in the conversation. */
  async sees(text: string): Promise<void> {
    await this.article(text).first().waitFor();
  }

  /** In the picker that is open, by its name. */
  async pickEmoji(name: string): Promise<void> {
    const dialog = this.page.getByRole('dialog', { name: 'Pick an emoji' });
    await dialog.getByRole('combobox').fill(name);
    await dialog
      .getByRole('option', { name: new RegExp(name, 'i') })
      .first()
      .click();
    await dialog.waitFor({ state: 'detached' });
  }

  article(text: string) {
    return this.page.getByRole('article').filter({ hasText: text });
  }

  /** Waits until nothing fades in or out any more; what turns for ever does not count. */
  async settled(): Promise<void> {
    await this.page.evaluate(async () => {
      const ending = document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
      await Promise.allSettled(ending.map(({ finished }) => finished));
    });
  }

  /** What axe finds wrong on the page as it stands, one line each. */
  async violations(): Promise<string[]> {
    await this.settled();
    // Not as a script tag: the page's own policy rightly forbids those.
    await this.page.evaluate(axe.source);
    return this.page.evaluate(async () => {
      const engine = (globalThis as unknown as { axe: typeof axe }).axe;
      const { violations } = await engine.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'],
      });
      return violations.map(
        ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`,
      );
    });
  }

  async close(): Promise<void> {
    await this.context.close();
  }
}

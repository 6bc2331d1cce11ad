import axe from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { COOKIE_MARK, SESSION_KEY } from '../../shared/sdk/storage.ts';
import type { Session } from '../../shared/wire/rest.ts';
import { PASSWORD } from './person.ts';

/** For service workers, which want a certificate that the browser itself accepts. */
export const TRUSTING = ['--ignore-certificate-errors'];

/** Before the client's own first visit: the note that there is a session, where the client keeps it. */
const SIGNED_IN = `
  if (location.protocol === 'https:') {
    const opening = indexedDB.open('parley', 1);
    opening.onupgradeneeded = () =>
      opening.result.createObjectStore('engine').put('${COOKIE_MARK}', '${SESSION_KEY}');
    opening.onsuccess = () => opening.result.close();
  }`;

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
  readonly #origin: string;

  private constructor(origin: string, context: BrowserContext, page: Page) {
    this.#origin = origin;
    this.context = context;
    this.page = page;
    page.on('pageerror', (error) => this.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && /Content Security Policy/i.test(message.text()))
        this.errors.push(message.text());
    });
  }

  /** With an empty page. */
  static async create(browser: Browser, origin: string, size: Size = 'desktop'): Promise<BrowserPerson> {
    const context = await browser.newContext({
      ignoreHTTPSErrors: true,
      viewport: SIZES[size],
      hasTouch: size === 'phone',
      baseURL: origin,
      reducedMotion: 'reduce',
      locale: 'en-GB',
    });
    context.setDefaultTimeout(15_000);
    return new BrowserPerson(origin, context, await context.newPage());
  }

  /** A new account and its session, without the form; the page that is opened next is signed in. */
  register(username: string, displayName: string): Promise<Session> {
    return this.#begin('register', { username, displayName, password: PASSWORD });
  }

  /** A session of an account, without the form; the page that is opened next is signed in. */
  login(username: string): Promise<Session> {
    return this.#begin('login', { username, password: PASSWORD });
  }

  async #begin(call: 'register' | 'login', body: object): Promise<Session> {
    const { request } = this.context;
    const answer = await request.post(`/api/v1/auth/${call}`, {
      headers: { origin: this.#origin },
      data: { ...body, cookie: true },
    });
    if (!answer.ok()) throw new Error(`${call}: ${answer.status()} ${await answer.text()}`);
    await this.context.addInitScript({ content: SIGNED_IN });
    return (await answer.json()) as Session;
  }

  /** Opens a page of the client, signed in. */
  async enter(path = '/'): Promise<void> {
    await this.page.goto(path);
    await this.signedIn();
  }

  async signUp(username: string, name: string, password = PASSWORD): Promise<void> {
    const { page } = this;
    await page.getByRole('link', { name: 'Create an account' }).click();
    await page.getByRole('textbox', { name: 'Username' }).fill(username);
    await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
    await page.getByRole('textbox', { name: 'Password' }).fill(password);
    await page.getByRole('button', { name: 'Create account' }).click();
    await this.signedIn();
  }

  async signIn(username: string, password = PASSWORD): Promise<void> {
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
    await this.composerFor(name).waitFor();
  }

  async openRoom(name: string): Promise<void> {
    await this.roomLink(name).click();
    await this.composerFor(name).waitFor();
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

  /** Not that of the conversation that was open before. */
  composerFor(name: string) {
    return this.composer().and(this.page.getByLabel(name));
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

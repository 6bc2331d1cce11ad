/** What a page tells while nobody looks at it. */
import type { BrowserPerson } from '../support/browser.ts';

export type Window = Pick<BrowserPerson, 'page'>;

/**
 * For a page to come: stands for the notifications that a headless browser does not show. `answer`: to the question whether there
 * may be any. As text: a function would bring along what its compiler adds.
 */
export const notifications = (answer = 'granted'): string => `
  globalThis.shown = [];
  globalThis.Notification = class {
    static permission = '${answer}';
    static requestPermission = async () => '${answer}';
    constructor(title, { body }) {
      shown.push(title + ': ' + body);
    }
    close() {}
  };`;

/** All there were so far. */
export const shown = ({ page }: Window): Promise<string[]> => page.evaluate('shown');

/** There was one that says `news`. */
export async function tells({ page }: Window, news: string): Promise<void> {
  await page.waitForFunction(
    (text) => (globalThis as unknown as { shown: readonly string[] }).shown.includes(text),
    news,
  );
}

/** Nobody looks at the page any more. */
export const lookAway = ({ page }: Window): Promise<unknown> =>
  page.evaluate('document.hasFocus = () => false; window.dispatchEvent(new Event("blur"))');

export const lookAgain = ({ page }: Window): Promise<unknown> =>
  page.evaluate('document.hasFocus = () => true; window.dispatchEvent(new Event("focus"))');

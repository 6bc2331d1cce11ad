import type { Page } from 'playwright-core';

/**
 * What runs in the page, as text, since a compiler's helpers do not exist there: notes when things are first painted, and
 * measures frames.
 */
const EYE = `
globalThis.eye = {
  seen: {},
  list: () => document.querySelector('[data-testid=messages]'),
  message: () => eye.list()?.querySelector('article') ?? null,
  painted: () => new Promise((resolve) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => resolve(performance.now());
    port2.postMessage(0);
  })),
  until: async (what, test) => {
    for (;;) {
      const now = await eye.painted();
      if (test()) return (eye.seen[what] = now);
      if (now > 60000) throw new Error('never seen: ' + what);
    }
  },
};
void eye.until('sign-in', () => document.querySelector('input[type=password]') !== null);
void eye.until('conversation', () => eye.message() !== null && document.querySelector('textarea') !== null);
`;

export async function openEyes(page: Page): Promise<void> {
  await page.addInitScript({ content: EYE });
}

const PATIENCE = 60_000;

/** Waits until an expression is true; asked from outside, since the page's own policy rightly forbids evaluating text. */
export async function until(page: Page, expression: string): Promise<void> {
  const end = performance.now() + PATIENCE;
  while ((await page.evaluate(expression)) !== true) {
    if (performance.now() > end) throw new Error(`never true: ${expression}`);
    await page.waitForTimeout(50);
  }
}

/** ms from the beginning of the visit until it was painted. */
export async function firstSeen(page: Page, what: 'sign-in' | 'conversation'): Promise<number> {
  await until(page, `globalThis.eye?.seen['${what}'] !== undefined`);
  return page.evaluate(`eye.seen['${what}']`);
}

/** ms from the beginning of the visit until `test`, an expression, holds for what is painted. */
export async function seenWhen(page: Page, what: string, test: string): Promise<number> {
  return page.evaluate(`eye.until('${what}', () => ${test})`);
}

import type { Locator } from 'playwright-core';

/** What stands at hand over a message that is pointed at; the rest is in its menu. */
const AT_HAND = /^(React with .+|More reactions|Reply|Reply in thread|More actions)$/u;

/** The tools of a message. */
export const tools = (row: Locator): Locator => row.getByRole('group', { name: 'Message actions' });

/** Does with a message what its tools or their menu offer, with the mouse. */
export async function act(row: Locator, name: string): Promise<void> {
  await row.hover();
  if (AT_HAND.test(name)) return tools(row).getByRole('button', { name, exact: true }).click();
  const item = (await openMenu(row)).getByRole('menuitem', { name, exact: true });
  await item.click();
}

/** The names of all that can be done with a message beside reacting to it. */
export async function offered(row: Locator): Promise<readonly string[]> {
  await row.hover();
  const buttons = await tools(row).getByRole('button').all();
  const atHand = await Promise.all(buttons.map((button) => button.getAttribute('aria-label')));
  const menu = await openMenu(row);
  const rest = await menu.getByRole('menuitem').locator('span').allInnerTexts();
  await row.page().keyboard.press('Escape');
  await menu.waitFor({ state: 'detached' });
  return [...atHand.filter((name) => name?.startsWith('Reply')).map(String), ...rest];
}

async function openMenu(row: Locator): Promise<Locator> {
  await tools(row).getByRole('button', { name: 'More actions' }).click();
  const menu = row.page().getByRole('menu', { name: 'More actions' });
  await menu.waitFor();
  return menu;
}

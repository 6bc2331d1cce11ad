import type { Locator } from 'playwright-core';
import type { BrowserPerson } from '../support/browser.ts';

/** The pane beside a conversation. */
export const details = (person: BrowserPerson): Locator =>
  person.page.getByRole('region', { name: 'Details' });

/** Somebody's line in its list of members. */
export const member = (person: BrowserPerson, name: string): Locator =>
  details(person).getByRole('list', { name: 'Members' }).getByRole('listitem').filter({ hasText: name });

/** Does what the menu of a member offers, and says yes where it asks. */
export async function act(person: BrowserPerson, name: string, action: string): Promise<void> {
  await member(person, name)
    .getByRole('button', { name: `Actions for ${name}` })
    .click();
  await person.page.getByRole('menuitem', { name: action, exact: true }).click();
  if (action !== 'Remove') return;
  await person.page
    .getByRole('group', { name: `Remove ${name}?` })
    .getByRole('button', { name: 'Remove', exact: true })
    .click();
}

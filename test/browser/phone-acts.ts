import type { Locator } from 'playwright-core';
import type { BrowserPerson } from '../support/browser.ts';
import { details, member } from './members-acts.ts';

export const dialog = ({ page }: BrowserPerson): Locator => page.getByRole('dialog');

export const tap = (within: Locator, name: string): Promise<void> =>
  within.getByRole('button', { name, exact: true }).tap();

/** The details of the open conversation, which cover it. */
export async function openDetails(person: BrowserPerson): Promise<Locator> {
  await person.page.getByRole('button', { name: 'Details', exact: true }).tap();
  const pane = details(person);
  await pane.waitFor();
  return pane;
}

/** From a conversation to the list of them. */
export async function home(person: BrowserPerson): Promise<void> {
  await person.page.getByRole('button', { name: 'Back to conversations' }).tap();
  await person.page.getByRole('button', { name: 'New conversation' }).first().waitFor();
}

/** What the menu of a member offers, in the details that are open. */
export async function tapMember(person: BrowserPerson, name: string, action: string): Promise<void> {
  await tap(member(person, name), `Actions for ${name}`);
  await person.page.getByRole('menuitem', { name: action, exact: true }).tap();
}

/** Picks somebody where people are looked for. */
export async function pick({ page }: BrowserPerson, name: string): Promise<void> {
  await page.getByRole('searchbox', { name: 'Search people' }).fill(name);
  await page.getByRole('list', { name: 'People', exact: true }).getByRole('button', { name }).tap();
}

export async function send(person: BrowserPerson, text: string): Promise<void> {
  await person.composer().fill(text);
  await person.page.getByRole('button', { name: 'Send', exact: true }).tap();
  await person.sees(text);
}

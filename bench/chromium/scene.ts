import type { Browser, BrowserContext, Page } from 'playwright-core';
import { PASSWORD, Person, type Place } from './person.ts';

export interface Room {
  readonly id: string;
  readonly name: string;
}
/** Who and what is measured: one person in a browser, and somebody who writes. */
export interface Scene {
  readonly origin: string;
  readonly reader: Person;
  readonly writer: Person;
  /** The room with the many messages, and the others. */
  readonly long: Room;
  readonly small: readonly Room[];
}

/** As many as the client keeps messages of. */
const ROOMS = 49;
const MESSAGES_EACH = 60;
export const MESSAGES = 10_000;

/** Registers people and fills the rooms; all of it is read. */
export async function prepare(place: Place, note: (text: string) => void): Promise<Scene> {
  const [reader, writer] = [await Person.register(place, 'reader'), await Person.register(place, 'writer')];
  const make = async (name: string, count: number): Promise<Room> => {
    const id = await writer.createGroup(name, [reader.username]);
    await writer.fill(id, count);
    await reader.readAll(id);
    return { id, name };
  };
  const small: Room[] = [];
  for (let n = 1; n <= ROOMS; n += 1) small.push(await make(`Room ${n}`, MESSAGES_EACH));
  note(`${MESSAGES} messages in one room`);
  const long = await make('Long room', MESSAGES);
  return { origin: place.origin, reader, writer, long, small };
}

export function openContext(
  browser: Browser,
  { origin }: Scene,
  serviceWorkers: 'allow' | 'block',
): Promise<BrowserContext> {
  const viewport = { width: 1440, height: 900 };
  return browser.newContext({
    ...{ ignoreHTTPSErrors: true, baseURL: origin, locale: 'en-GB', viewport, serviceWorkers },
  });
}

/** The reader signs in on the page that is shown. */
export async function signIn(page: Page, { reader }: Scene): Promise<void> {
  await page.getByRole('textbox', { name: 'Username' }).fill(reader.username);
  await page.getByRole('textbox', { name: 'Password' }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'New conversation' }).first().waitFor();
}

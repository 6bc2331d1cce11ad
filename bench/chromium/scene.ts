import type { Browser, BrowserContext, Page } from 'playwright-core';
import { Person, type Place } from './person.ts';

/** Who and what is measured: one person in a browser, others who write. */
export interface Scene {
  readonly origin: string;
  readonly others: readonly Person[];
  /** The room with the many messages, and small ones to switch between; all named. */
  readonly long: { readonly id: string; readonly name: string };
  readonly small: readonly { readonly id: string; readonly name: string }[];
  readonly user: { readonly username: string; readonly password: string };
}

const PASSWORD = 'correct horse battery';
/** Sends under way at a time. */
const WIDTH = 16;

/** Registers people and fills the rooms. */
export async function prepare(place: Place, messages: number, rooms: number): Promise<Scene> {
  const reader = await Person.register(place, 'reader', PASSWORD);
  const others = await Promise.all(
    ['ada', 'ben', 'cleo'].map((name) => Person.register(place, name, PASSWORD)),
  );
  const members = [reader, ...others].map(({ username }) => username);
  const [owner] = others;
  if (owner === undefined) throw new Error('nobody registered');
  const make = async (name: string) => ({
    name,
    id: await owner.createGroup(name, members.slice(0, 1).concat(members.slice(2))),
  });
  const small = [];
  for (let n = 1; n <= rooms; n += 1) small.push(await make(`Room ${n}`));
  const long = await make('Long room');
  for (const room of small) await fill(others, room.id, 60);
  await fill(others, long.id, messages);
  for (const room of [...small, long]) await reader.readAll(room.id);
  return {
    origin: place.origin,
    others,
    long,
    small,
    user: { username: reader.username, password: PASSWORD },
  };
}

async function fill(others: readonly Person[], room: string, count: number): Promise<void> {
  let next = 1;
  const work = async (): Promise<void> => {
    while (next <= count) {
      const n = next;
      next += 1;
      await others[Math.floor(n / 7) % others.length]?.say(
        room,
        `No. ${n}. ${'Some more words. '.repeat((n * 7) % 11)}`,
      );
    }
  };
  await Promise.all(Array.from({ length: WIDTH }, work));
}

/** A browser in which the reader is signed in. */
export async function signIn(
  browser: Browser,
  scene: Scene,
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({
    ...{ ignoreHTTPSErrors: true, baseURL: scene.origin, locale: 'en-GB' },
    viewport: { width: 1440, height: 900 },
  });
  const page = await context.newPage();
  await page.goto('/');
  await page.getByRole('textbox', { name: 'Username' }).fill(scene.user.username);
  await page.getByRole('textbox', { name: 'Password' }).fill(scene.user.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'New conversation' }).first().waitFor();
  return { context, page };
}

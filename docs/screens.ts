/** The client's main screens and the way to each, as a person goes it: for the pictures in these docs, and for axe. */
import type { Page } from 'playwright-core';

/** Of the demo content. */
export const TOUR = { person: 'maya', room: 'release-lisbon' } as const;

export interface Screen {
  /** Also the name of its pictures. */
  readonly name: string;
  /** What is to be seen there. */
  readonly title: string;
  /** From the conversation of the tour, which is open; `phone`: the narrow layout. Resolves when everything stands. */
  readonly open: (page: Page, phone: boolean) => Promise<void>;
}

/** The screens of somebody signed in; each starts at the open conversation. */
export const SCREENS: readonly Screen[] = [
  {
    name: 'conversation',
    title: 'Conversation',
    open: async (page) => {
      await page.getByRole('img', { name: 'load-test.png' }).first().waitFor();
      await page.getByRole('textbox', { name: /^Message / }).hover();
    },
  },
  {
    name: 'rooms',
    title: 'Room list',
    open: async (page, phone) => {
      if (phone) await page.getByRole('button', { name: 'Back to conversations' }).click();
      else await page.getByRole('link', { name: 'Sunday hike' }).first().click();
      await page.getByRole('link', { name: 'Sunday hike' }).first().waitFor();
      if (!phone) await page.getByRole('img', { name: 'ridge.png' }).first().waitFor();
    },
  },
  {
    name: 'thread',
    title: 'Thread',
    open: async (page) => {
      await page.getByRole('button', { name: /^3 replies/ }).click();
      await page.getByRole('textbox', { name: 'Reply in thread' }).hover();
      const pane = page.getByRole('region', { name: 'Thread', exact: true });
      await pane.getByText('20 seconds at most').waitFor();
    },
  },
  {
    name: 'search',
    title: 'Search',
    open: async (page, phone) => {
      if (phone) await page.getByRole('button', { name: 'Back to conversations' }).click();
      await page.getByRole('button', { name: 'Search messages' }).click();
      const dialog = page.getByRole('dialog', { name: 'Search messages' });
      await dialog.getByRole('searchbox').fill('freeze');
      await dialog.getByText('Wednesday at noon').first().waitFor();
    },
  },
  {
    name: 'files',
    title: 'Files',
    open: async (page) => {
      await openDetails(page);
      const details = page.getByRole('region', { name: 'Details' });
      await details.getByRole('button', { name: 'Pictures and files' }).click();
      const picture = details.getByRole('button', { name: 'Open load-test.png' });
      await picture.waitFor();
      await picture.scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'details',
    title: 'Details and members',
    open: async (page) => {
      await openDetails(page);
      const members = page.getByRole('region', { name: 'Details' }).getByRole('list', { name: 'Members' });
      await members.getByText('Kenji Sato').waitFor();
    },
  },
  {
    name: 'settings',
    title: 'Settings',
    open: async (page, phone) => {
      if (phone) await page.getByRole('button', { name: 'Back to conversations' }).click();
      await page.getByRole('button', { name: 'Settings' }).click();
      await page.getByRole('dialog', { name: 'Settings' }).waitFor();
    },
  },
  {
    name: 'palette',
    title: 'Command palette',
    open: async (page) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: 'Go to' }).waitFor();
    },
  },
];

/** Signs in at the sign-in screen, and opens the conversation of the tour. */
export async function begin(page: Page, password: string): Promise<void> {
  await signIn(page, TOUR.person, password);
  await page.getByRole('link', { name: TOUR.room }).first().click();
  await page.getByRole('article').first().waitFor();
}

/** Signs in at the sign-in screen; resolves when the list of conversations stands. */
export async function signIn(page: Page, username: string, password: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Username' }).fill(username);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: 'New conversation' }).first().waitFor();
}

async function openDetails(page: Page): Promise<void> {
  // Open it may be, and still on its way.
  const button = page.getByRole('button', { name: 'Details', exact: true });
  if ((await button.getAttribute('aria-pressed')) !== 'true') await button.click();
  await page.getByRole('region', { name: 'Details' }).waitFor();
}

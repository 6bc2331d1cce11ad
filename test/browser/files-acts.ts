import { randomBytes } from 'node:crypto';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';

/** A file as a file chooser takes it. */
export interface TestFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

/** A picture of one colour. */
export async function picture(name: string, width: number, height: number): Promise<TestFile> {
  const image = sharp({ create: { width, height, channels: 3, background: '#3a7ca5' } });
  return { name, mimeType: 'image/png', buffer: await image.png().toBuffer() };
}

export function bytes(name: string, size: number): TestFile {
  return { name, mimeType: 'application/octet-stream', buffer: randomBytes(size) };
}

export const choose = (page: Page, files: TestFile[]): Promise<void> =>
  page.getByLabel('Files to attach').setInputFiles(files);
export const tray = (page: Page): Locator => page.getByRole('list', { name: 'Files to send' });

/** Waits until everything chosen is uploaded, then sends it. */
export async function sendFiles(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Send', exact: true }).and(page.locator(':enabled')).click();
  await tray(page).waitFor({ state: 'detached' });
}

/** Lets `files` hang over an element, looks, and lets them go. */
export async function drop(target: Locator, file: TestFile, over: () => Promise<void>): Promise<void> {
  const transfer = await transferOf(target.page(), file);
  await target.dispatchEvent('dragenter', { dataTransfer: transfer });
  await over();
  await target.dispatchEvent('drop', { dataTransfer: transfer });
}

export async function paste(target: Locator, file: TestFile): Promise<void> {
  const transfer = await transferOf(target.page(), file);
  await target.evaluate((element, clipboardData) => {
    element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, transfer);
}

function transferOf(page: Page, { name, mimeType, buffer }: TestFile) {
  const text = buffer.toString('base64');
  return page.evaluateHandle(
    ({ name, type, text }) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))], name, { type }));
      return transfer;
    },
    { name, type: mimeType, text },
  );
}

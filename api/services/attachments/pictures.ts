import sharp from 'sharp';

/** What is looked at as a picture, by type: sharp's name of the format that its bytes must have. */
const FORMATS: ReadonlyMap<string, string> = new Map([
  ['image/png', 'png'],
  ['image/jpeg', 'jpeg'],
  ['image/gif', 'gif'],
  ['image/webp', 'webp'],
  ['image/avif', 'heif'],
]);
/** Larger ones are kept as plain files: the decoder needs all of their bytes at once. */
const MAX_BYTES = 25 * 1024 * 1024;
/** A small file can claim to be a huge picture. */
const MAX_PIXELS = 50_000_000;
/** Pictures decoded at once, and those that may wait for it. */
const MAX_DECODING = 2;
const MAX_WAITING = 64;
const MAX_SECONDS = 10;
/** Pixels of the longer side of a small picture, and its quality in WebP. */
const THUMB_SIDE = 640;
const THUMB_QUALITY = 78;

export interface Picture {
  /** As it is shown, after the rotation its camera noted. */
  readonly width: number;
  readonly height: number;
  /** WebP. */
  readonly thumb: Buffer;
}

/** Measures pictures and makes small ones of them, few at a time. */
export class Pictures {
  #decoding = 0;
  readonly #waiting: (() => void)[] = [];

  constructor() {
    sharp.concurrency(1);
    sharp.cache(false);
  }

  /** Whether a file of this type and size is looked at as a picture. */
  takes(type: string, size: number): boolean {
    return FORMATS.has(type) && size <= MAX_BYTES;
  }

  /** undefined for what is no picture after all, or more than can be decoded. */
  async look(type: string, read: () => Promise<Buffer>): Promise<Picture | undefined> {
    if (this.#waiting.length >= MAX_WAITING) return undefined;
    await this.#enter();
    try {
      return await decode(await read(), FORMATS.get(type));
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#decoding >= MAX_DECODING) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#decoding += 1;
  }

  /** Who waits longest takes the place over. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#decoding -= 1;
    else next();
  }
}

async function decode(bytes: Buffer, format: string | undefined): Promise<Picture | undefined> {
  try {
    const image = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error', sequentialRead: true });
    const metadata = await image.metadata();
    if (metadata.format !== format) return undefined;
    const thumb = await image
      .autoOrient()
      .resize({ width: THUMB_SIDE, height: THUMB_SIDE, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: THUMB_QUALITY })
      .timeout({ seconds: MAX_SECONDS })
      .toBuffer();
    return { ...metadata.autoOrient, thumb };
  } catch {
    return undefined;
  }
}

import { Parser } from 'htmlparser2';

/** What a page says of itself. */
export interface Card {
  readonly title: string;
  readonly description?: string;
  readonly site?: string;
}

const LENGTHS = { title: 200, description: 300, site: 80 } as const;
/** A title is short; what goes on for longer is something else. */
const MAX_TITLE_TEXT = 2_000;

/** Reads a page's head as it comes and stops where it ends, or after so many bytes. Undefined without a title. */
export async function readCard(
  body: AsyncIterable<Uint8Array>,
  limits: { readonly charset: string; readonly bytes: number },
): Promise<Card | undefined> {
  const decoder = decoderFor(limits.charset);
  const head = new Head();
  let bytes = 0;
  for await (const chunk of body) {
    const room = limits.bytes - bytes;
    head.write(decoder.decode(chunk.subarray(0, room), { stream: true }));
    bytes += chunk.length;
    if (head.isOver || bytes >= limits.bytes) break;
  }
  return head.card();
}

function decoderFor(charset: string): TextDecoder {
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}

/** Collects the meta data of a page's head, the first of each kind. */
class Head {
  readonly #meta = new Map<string, string>();
  #title = '';
  #isTitle = false;
  isOver = false;

  readonly #parser = new Parser({
    onopentag: (name, attributes) => {
      this.#isTitle = name === 'title' && this.#title === '';
      if (name === 'body') this.isOver = true;
      if (name === 'meta') this.#note(attributes);
    },
    ontext: (text) => {
      if (this.#isTitle && this.#title.length < MAX_TITLE_TEXT) this.#title += text;
    },
    onclosetag: (name) => {
      if (name === 'title') this.#isTitle = false;
      if (name === 'head') this.isOver = true;
    },
  });

  write(text: string): void {
    this.#parser.write(text);
  }

  card(): Card | undefined {
    const title = tidy(this.#meta.get('og:title') ?? this.#title, LENGTHS.title);
    const description = tidy(
      this.#meta.get('og:description') ?? this.#meta.get('description'),
      LENGTHS.description,
    );
    const site = tidy(this.#meta.get('og:site_name'), LENGTHS.site);
    if (title === '') return undefined;
    return { title, ...(description === '' ? {} : { description }), ...(site === '' ? {} : { site }) };
  }

  #note(attributes: Readonly<Record<string, string>>): void {
    const name = (attributes['property'] ?? attributes['name'] ?? '').toLowerCase();
    const { content } = attributes;
    if (content === undefined || !NAMES.has(name) || this.#meta.has(name)) return;
    this.#meta.set(name, content);
  }
}

const NAMES = new Set(['og:title', 'og:description', 'og:site_name', 'description']);

/** One line of visible characters; what turns text around or hides in it is taken out. */
function tidy(text: string | undefined, length: number): string {
  const line = (text ?? '')
    .slice(0, MAX_TITLE_TEXT)
    .replace(/[\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/gu, '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .toWellFormed()
    .trim();
  const points = [...line];
  return points.length <= length
    ? line
    : `${points
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`;
}

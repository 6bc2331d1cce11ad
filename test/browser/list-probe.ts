import type { Page } from 'playwright-core';

/** As text: what a page runs must not be touched by a compiler. Looks behind each painting, at what a person sees. */
const PROBE = `
globalThis.probe = {
  list: () => document.querySelector('[data-testid=messages]'),
  // What a person reads of a row: a name above it may go.
  words: (row) => row.querySelector('[data-words]') ?? row,
  first() {
    const edge = probe.list().getBoundingClientRect().top;
    for (const row of probe.list().querySelectorAll('[data-seq]')) {
      const top = probe.words(row).getBoundingClientRect().top - edge;
      if (top >= -0.01) return { seq: Number(row.dataset.seq), top };
    }
  },
  painted: () => new Promise((resolve) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = resolve;
    port2.postMessage(0);
  })),
  // What an intersection observer tells first is where things are in the frame that is painted, behind all layout.
  place: (row) => new Promise((resolve) => {
    const observer = new IntersectionObserver(([{ boundingClientRect, rootBounds }]) => {
      observer.disconnect();
      resolve(boundingClientRect.top - rootBounds.top);
    }, { root: probe.list() });
    observer.observe(probe.words(row));
  }),
  async still() {
    for (let last = '', same = 0; same < 5; ) {
      await probe.painted();
      const now = JSON.stringify(probe.first()) + probe.list().scrollHeight;
      same = now === last ? same + 1 : 0;
      last = now;
    }
  },
  async watch() {
    const { seq } = probe.first();
    const find = () => probe.list().querySelector('[data-seq="' + seq + '"]');
    const seen = { seq, furthest: 0, gone: 0, paintings: 0, rows: 0 };
    probe.seen = seen;
    const top = await probe.place(find());
    probe.on = true;
    const turn = () => {
      if (!probe.on) return;
      requestAnimationFrame(turn);
      const row = find();
      seen.paintings += 1;
      seen.rows = Math.max(seen.rows, probe.list().querySelectorAll('article').length);
      if (row === null) seen.gone += 1;
      else void probe.place(row).then((now) => { seen.furthest = Math.max(seen.furthest, Math.abs(now - top)); });
    };
    requestAnimationFrame(turn);
  },
  async stop() {
    await probe.still();
    probe.on = false;
    return probe.seen;
  },
};
`;

/** What was seen of the message that stood first, over many paintings. */
export interface Watched {
  readonly seq: number;
  /** px, the furthest it ever was from where it stood. */
  readonly furthest: number;
  /** Paintings in which it was not there. */
  readonly gone: number;
  readonly paintings: number;
  /** Messages in the page, at the most. */
  readonly rows: number;
}

/** A person's eye on the list of messages. */
export class ListProbe {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async on(page: Page): Promise<ListProbe> {
    await page.addInitScript({ content: PROBE });
    await page.evaluate(PROBE);
    return new ListProbe(page);
  }

  /** The first message whose words are seen to begin, and how far (px) below the list's top they do. */
  first(): Promise<{ readonly seq: number; readonly top: number }> {
    return this.#page.evaluate('probe.first()');
  }

  /** Resolves when nothing moves any more. */
  async still(): Promise<void> {
    await this.#page.evaluate('probe.still()');
  }

  /** What happens to the words of the first message meanwhile. */
  async during(act: () => Promise<unknown>): Promise<Watched> {
    await this.still();
    await this.#page.evaluate('probe.watch()');
    await act();
    return this.#page.evaluate('probe.stop()');
  }

  /** px to the end. */
  gap(): Promise<number> {
    return this.#page.evaluate(
      'probe.list().scrollHeight - probe.list().scrollTop - probe.list().clientHeight',
    );
  }

  /** px that there are above what is seen. */
  above(): Promise<number> {
    return this.#page.evaluate('probe.list().scrollTop');
  }

  rows(): Promise<number> {
    return this.#page.getByTestId('messages').getByRole('article').count();
  }

  /** Turns the wheel over the list. */
  async wheel(px: number): Promise<void> {
    const box = await this.#page.getByTestId('messages').boundingBox();
    if (box === null) throw new Error('there is no list');
    await this.#page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await this.#page.mouse.wheel(0, px);
    await this.#page.evaluate('probe.painted()');
  }
}

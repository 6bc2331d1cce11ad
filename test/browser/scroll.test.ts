import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { Person } from '../support/person.ts';
import { stage } from './stage.ts';

/** The first message that is seen, and where (px below the list's top). */
interface Anchor {
  readonly seq: string;
  readonly top: number;
}

const list = (page: Page) => page.getByTestId('messages');

const anchor = (page: Page): Promise<Anchor> =>
  list(page).evaluate((scroller) => {
    const edge = scroller.getBoundingClientRect().top;
    const seen = [...scroller.querySelectorAll<HTMLElement>('[data-seq]')].find(
      (row) => row.getBoundingClientRect().top >= edge,
    );
    return { seq: seen?.dataset['seq'] ?? '', top: (seen?.getBoundingClientRect().top ?? 0) - edge };
  });

/** Watches a message frame by frame until `stop` says so; the furthest (px) that it was from where it is now. */
async function watch(page: Page, { seq, top }: Anchor): Promise<() => Promise<number>> {
  await list(page).evaluate(
    (scroller, [wanted, start]) => {
      const seen = { furthest: 0, stopped: false };
      Object.assign(globalThis, { seen });
      const look = (): void => {
        if (seen.stopped) return;
        const row = scroller.querySelector(`[data-seq="${wanted}"]`);
        const now = (row?.getBoundingClientRect().top ?? Infinity) - scroller.getBoundingClientRect().top;
        seen.furthest = Math.max(seen.furthest, Math.abs(now - start));
        requestAnimationFrame(look);
      };
      look();
    },
    [seq, top] as const,
  );
  return () =>
    page.evaluate(async () => {
      const { seen } = globalThis as unknown as { seen: { furthest: number; stopped: boolean } };
      for (let frames = 0; frames < 10; frames += 1) await new Promise(requestAnimationFrame);
      seen.stopped = true;
      return seen.furthest;
    });
}

/** Two frames, so that what was asked for is drawn. */
const drawn = (page: Page): Promise<unknown> =>
  page.evaluate(async () => {
    for (let frames = 0; frames < 4; frames += 1) await new Promise(requestAnimationFrame);
  });

const scrollTo = async (page: Page, top: number): Promise<void> => {
  await list(page).evaluate((scroller, to) => {
    scroller.dispatchEvent(new WheelEvent('wheel'));
    scroller.scrollTop = to;
  }, top);
  await drawn(page);
};
const extent = (page: Page): Promise<number> => list(page).evaluate((scroller) => scroller.scrollHeight);
const rows = (page: Page): Promise<number> => list(page).getByRole('article').count();

/** Messages of several lengths, some in groups; `count` of them, ten at a time. */
async function fill(people: readonly Person[], room: string, count: number): Promise<void> {
  for (let from = 1; from <= count; from += 10)
    await Promise.all(
      Array.from({ length: Math.min(10, count - from + 1) }, (_, at) => {
        const n = from + at;
        const person = people[Math.floor(n / 20) % people.length];
        return person?.say(room, `No. ${n}. ${'More words on it. '.repeat((n * 7) % 13)}`);
      }),
    );
}

describe('a list of messages', function () {
  this.timeout(300_000);
  const on = stage();

  const scene = async (count: number, size: 'desktop' | 'phone' = 'desktop') => {
    const ann = await on.join('Ann', size);
    const others = await Promise.all(['bob', 'cleo'].map((name) => on.parley.register(name)));
    const [bob, cleo] = others as [Person, Person];
    const room = await bob.createRoom({
      type: 'group',
      name: 'Long talk',
      members: [ann.username, cleo.username],
    });
    await fill(others, room.id, count);
    return { ann, bob, cleo, room: room.id };
  };
  /** At the newest, whatever was unread. */
  const toEnd = async (page: Page): Promise<void> => {
    await page.getByRole('button', { name: /newest|new message/ }).click();
    await drawn(page);
  };

  it('stays where it is while history comes in above, rows grow and others write', async () => {
    const { ann, bob, room } = await scene(400);
    const { page } = ann;
    await ann.openRoom('Long talk');
    await toEnd(page);
    await ann.sees('No. 400.');
    for (let pages = 0; pages < 2; pages += 1) {
      const before = await extent(page);
      await scrollTo(page, 1_300);
      await list(page).evaluate((scroller) => (scroller.scrollTop = 900));
      const stop = await watch(page, await anchor(page));
      await page.waitForFunction(
        (height) => (document.querySelector('[data-testid=messages]')?.scrollHeight ?? 0) > height,
        before,
      );
      expect(await stop(), `history, page ${pages}`).to.be.at.most(1);
    }
    await scrollTo(page, 3_000);
    const stands = await anchor(page);
    const above = Number(stands.seq) - 3;
    const stop = await watch(page, stands);
    await bob.say(room, 'said far below');
    const history = await bob.history(room, `?around=${above}`);
    const long = history.messages.find(({ seq }) => seq === above);
    const author = long?.sender.id === bob.id ? bob : undefined;
    if (author !== undefined)
      await author.call('PATCH', `/rooms/${room}/messages/${above}`, { text: 'a long line\n'.repeat(12) });
    await bob.call('PUT', `/rooms/${room}/messages/${above}/reactions/${encodeURIComponent('👍')}`);
    await list(page).locator(`[data-seq="${above}"]`).getByText('👍').waitFor();
    expect(await stop(), 'an edit and a reaction above').to.be.at.most(1);
    await page.getByRole('button', { name: '1 new message' }).waitFor();
  });

  it('comes back to where it was read in another room', async () => {
    const { ann, bob } = await scene(200);
    const { page } = ann;
    await bob.createRoom({ type: 'group', name: 'Other talk', members: [ann.username] });
    await ann.openRoom('Long talk');
    await toEnd(page);
    await ann.sees('No. 200.');
    await scrollTo(page, 2_000);
    const before = await anchor(page);
    await ann.openRoom('Other talk');
    await page.getByRole('heading', { name: 'Other talk' }).first().waitFor();
    await ann.openRoom('Long talk');
    await page.waitForFunction(
      () => document.querySelector('[data-testid=messages]')?.classList.contains('invisible') === false,
    );
    const after = await anchor(page);
    expect(after.seq).to.equal(before.seq);
    expect(Math.abs(after.top - before.top)).to.be.at.most(1);
  });

  it('keeps the newest in view when a phone opens its keyboard, and the place when it is read further up', async () => {
    const { ann } = await scene(60, 'phone');
    const { page } = ann;
    await ann.openRoom('Long talk');
    await toEnd(page);
    await ann.sees('No. 60.');
    await page.setViewportSize({ width: 390, height: 480 });
    await drawn(page);
    const gap = await list(page).evaluate(
      (scroller) => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight,
    );
    expect(gap).to.be.at.most(1);
    await page.setViewportSize({ width: 390, height: 844 });
    await scrollTo(page, 900);
    const stop = await watch(page, await anchor(page));
    await page.setViewportSize({ width: 390, height: 480 });
    expect(await stop()).to.be.at.most(1);
  });

  it('draws fewer than 150 rows of 1,000 messages, at either end and between', async () => {
    const { ann } = await scene(1_000);
    const { page } = ann;
    await ann.openRoom('Long talk');
    await list(page).getByRole('article').first().waitFor();
    const seen: number[] = [await rows(page)];
    const first = list(page).getByText('No. 1. ');
    while (!(await first.isVisible())) {
      await list(page).evaluate(async (scroller) => {
        const before = scroller.scrollHeight;
        scroller.scrollTop = 0;
        for (let frames = 0; frames < 60 && scroller.scrollHeight === before; frames += 1)
          await new Promise(requestAnimationFrame);
      });
      seen.push(await rows(page));
    }
    const height = await extent(page);
    for (const part of [0.25, 0.5, 0.75, 1]) {
      await scrollTo(page, height * part);
      seen.push(await rows(page));
    }
    expect(Math.max(...seen)).to.be.below(150);
    expect(Math.min(...seen)).to.be.above(5);
  });
});

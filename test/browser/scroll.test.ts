import { expect } from 'chai';
import type { Page, Route } from 'playwright-core';
import type { Attachment } from '../../shared/wire/rest.ts';
import { call, type Person } from '../support/person.ts';
import { sayMany } from '../support/say-many.ts';
import { picture } from './files-acts.ts';
import { ListProbe, type Watched } from './list-probe.ts';
import { stage } from './stage.ts';

const SIZES = ['desktop', 'phone'] as const;

/** The nth message, of several lengths. */
const textOf = (n: number): string => `No. ${n}. ${'More words on it. '.repeat((n * 7) % 13)}`;

/** `count` messages by several people, so that some stand in groups, each sent by itself. */
async function fill(people: readonly Person[], room: string, count: number, wide = 20): Promise<void> {
  for (let from = 1; from <= count; from += wide)
    await Promise.all(
      Array.from({ length: Math.min(wide, count - from + 1) }, (_, at) => {
        const n = from + at;
        return people[Math.floor(n / 20) % people.length]!.say(room, textOf(n));
      }),
    );
}

async function sayPicture(person: Person, room: string): Promise<void> {
  const { buffer, mimeType } = await picture('lake.png', 900, 600);
  const raw = {
    body: buffer,
    headers: { 'content-type': mimeType, authorization: `Bearer ${person.token}` },
  };
  const { body } = await call<Attachment>(person.place, 'POST', `/attachments?room=${room}&name=lake.png`, {
    raw,
  });
  await person.call('POST', `/rooms/${room}/messages`, {
    clientId: crypto.randomUUID(),
    text: 'The lake',
    attachments: [body.id],
  });
}

/** What waits until it is opened. */
function gate(): { readonly opened: Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open: () => open() };
}

const OLDER = /\/messages\?.*before=/;

/** Holds older messages back, so that they come while the list stands still: `next` waits for what is asked for, be it already. */
async function holdOlder(page: Page): Promise<{ next(): Promise<Route> }> {
  const held: Route[] = [];
  let hear = (): void => undefined;
  await page.route(OLDER, (route) => {
    held.push(route);
    hear();
  });
  return {
    next: async () => {
      for (;;) {
        const route = held.shift();
        if (route !== undefined) return route;
        await new Promise<void>((resolve) => (hear = resolve));
      }
    },
  };
}

const stays = ({ furthest, gone, paintings }: Watched, what: string): void => {
  expect(furthest, what).to.be.at.most(1);
  expect(gone, `${what}: paintings without it`).to.equal(0);
  expect(paintings, `${what}: paintings looked at`).to.be.above(5);
};

describe('a list of messages', function () {
  this.timeout(150_000);
  const on = stage();
  const fillWithMany = (by: Person, room: string, count: number): Promise<void> =>
    sayMany(
      on.parley,
      room,
      Array.from({ length: count }, (_, at) => ({ by, text: textOf(at + 1) })),
    );

  /** A room that Ann is in and has read to its end; the others write. */
  const scene = async (size: (typeof SIZES)[number], write: (bob: Person, room: string) => Promise<void>) => {
    const ann = await on.join('Ann', size);
    const [bob, cleo] = await Promise.all(['bob', 'cleo'].map((name) => on.parley.register(name)));
    const { id: room } = await bob!.createRoom({
      type: 'group',
      name: 'Long talk',
      members: [ann.username, cleo!.username],
    });
    await write(bob!, room);
    const probe = await ListProbe.on(ann.page);
    const open = async (): Promise<void> => {
      await ann.openRoom('Long talk');
      const newest = ann.page.getByRole('button', { name: /newest|new message/ });
      await newest.click();
      await newest.waitFor({ state: 'detached' });
      await probe.still();
    };
    return { ann, page: ann.page, bob: bob!, cleo: cleo!, room, probe, open };
  };

  for (const size of SIZES) {
    it(`stays where it is while history comes in above (${size})`, async () => {
      const { page, probe, open, ann } = await scene(size, (bob, room) => fillWithMany(bob, room, 400));
      await open();
      await ann.sees('No. 400.');
      const older = await holdOlder(page);
      for (let pages = 1; pages <= 3; pages += 1) {
        // Once with space above, once at the very top.
        while ((await probe.above()) > (pages === 2 ? 0 : 700)) await probe.wheel(pages === 2 ? -400 : -150);
        const asked = await older.next();
        const before = (await probe.first()).seq;
        const seen = await probe.during(async () => {
          const answered = page.waitForResponse(OLDER);
          await asked.continue();
          await answered;
          while ((await probe.above()) < 1_500) await page.waitForTimeout(20);
        });
        expect(seen.seq).to.equal(before);
        stays(seen, `page ${pages}`);
      }
    });

    it(`keeps its words where they are at the very top, where the name above them goes with what comes (${size})`, async () => {
      const { page, probe, open, bob } = await scene(size, (bob, room) => fillWithMany(bob, room, 400));
      await open();
      const older = await holdOlder(page);
      const goes = {
        'by hand': async () => {
          while ((await probe.above()) > 0) await probe.wheel(-400);
        },
        'in one go': () => page.evaluate('probe.list().scrollTop = 0'),
      };
      for (const [how, go] of Object.entries(goes)) {
        await go();
        const asked = await older.next();
        await probe.still();
        const { seq } = await probe.first();
        const row = page.getByTestId('messages').locator(`article[data-seq="${seq}"]`);
        const name = row.getByRole('button', { name: bob.session.user.displayName, exact: true });
        const words = row.getByText(/^No\. \d+\./);
        await name.waitFor();
        const before = (await words.boundingBox())!.y;
        const seen = await probe.during(async () => {
          await asked.continue();
          await name.waitFor({ state: 'detached' });
        });
        expect(seen.seq).to.equal(seq);
        stays(seen, how);
        expect(Math.abs((await words.boundingBox())!.y - before), how).to.be.at.most(1);
      }
    });

    it(`stays where it is when pictures and cards come late (${size})`, async () => {
      const { page, probe, open } = await scene(size, async (bob, room) => {
        await fill([bob], room, 30);
        for (let n = 1; n <= 8; n += 1) {
          await sayPicture(bob, room);
          await bob.say(room, `look: ${on.site}/tea-${n}`);
          await bob.say(room, `and inside: http://localhost:1/${n}`);
          await fill([bob], room, 2);
        }
      });
      const held = gate();
      for (const late of [/\/attachments\//, /\/previews/])
        await page.route(late, async (route) => {
          await held.opened;
          await route.continue();
        });
      await open();
      await probe.wheel(-900);
      await probe.wheel(-600);
      const seen = await probe.during(async () => {
        held.open();
        await page.getByTestId('link-card').first().waitFor();
        while (
          (await page.evaluate(
            `[...probe.list().querySelectorAll('img[loading]')].every((image) => image.naturalWidth === 0)`,
          )) === true
        )
          await page.waitForTimeout(20);
      });
      stays(seen, 'pictures and cards');
    });

    it(`stays where it is when messages above and below change, and others write (${size})`, async () => {
      const { page, bob, cleo, room, probe, open } = await scene(size, (bob, room) => fill([bob], room, 80));
      await open();
      for (let turns = 0; turns < 6; turns += 1) await probe.wheel(-250);
      const { seq } = await probe.first();
      const row = (at: number) => page.getByTestId('messages').locator(`[data-seq="${at}"]`);
      const message = (at: number) => `/rooms/${room}/messages/${at}`;
      for (const at of [seq - 2, seq - 1, seq + 1]) {
        const grown = await probe.during(async () => {
          await bob.call('PATCH', message(at), { text: `changed\n${'another line\n'.repeat(9)}` });
          await row(at).getByText('(edited)').waitFor();
        });
        stays(grown, `an edit that grows ${at - seq}`);
        const shrunk = await probe.during(async () => {
          await bob.call('PATCH', message(at), { text: 'short' });
          await row(at).getByText('short').waitFor();
        });
        stays(shrunk, `an edit that shrinks ${at - seq}`);
        const reacted = await probe.during(async () => {
          await cleo.call('PUT', `${message(at)}/reactions/${encodeURIComponent('👍')}`);
          await row(at).getByText('👍').waitFor();
        });
        stays(reacted, `a reaction on ${at - seq}`);
        const pinned = await probe.during(async () => {
          await bob.call('PUT', `${message(at)}/pin`);
          await row(at).getByText('Pinned').waitFor();
        });
        stays(pinned, `a pin on ${at - seq}`);
        const deleted = await probe.during(async () => {
          await bob.call('DELETE', message(at));
          await row(at).getByText('Message deleted').waitFor();
        });
        stays(deleted, `a deletion of ${at - seq}`);
      }
      const written = await probe.during(async () => {
        await fill([bob, cleo], room, 100);
        await page.getByRole('button', { name: '99+ new messages' }).waitFor();
      });
      stays(written, 'a hundred messages');
    });

    it(`lets the reader go up in the midst of a burst, and then stays (${size})`, async () => {
      const { page, bob, cleo, room, probe, open } = await scene(size, (bob, room) => fill([bob], room, 60));
      await open();
      const burst = fill([bob, cleo], room, 300, 10);
      for (let turns = 0; turns < 40; turns += 1) await probe.wheel(-15);
      await page.getByRole('button', { name: /new message/ }).waitFor();
      const seen = await probe.during(() => burst);
      stays(seen, 'the burst');
      expect(await probe.gap()).to.be.above(300);
    });

    it(`comes back to where it was read (${size})`, async () => {
      const { ann, page, bob, probe, open } = await scene(size, (bob, room) => fillWithMany(bob, room, 150));
      await bob.createRoom({ type: 'group', name: 'Other talk', members: [ann.username] });
      await open();
      for (let turns = 0; turns < 7; turns += 1) await probe.wheel(-333);
      await probe.still();
      const before = await probe.first();
      const toList = async (): Promise<void> => {
        if (size === 'phone') await page.getByRole('button', { name: 'Back to conversations' }).click();
      };
      await toList();
      await ann.openRoom('Other talk');
      await toList();
      await ann.openRoom('Long talk');
      await probe.still();
      const after = await probe.first();
      expect(after.seq).to.equal(before.seq);
      expect(Math.abs(after.top - before.top)).to.be.at.most(1);
    });
  }

  it('keeps the newest, or the place, when a phone opens and closes its keyboard', async () => {
    const { page, probe, open } = await scene('phone', (bob, room) => fill([bob], room, 60));
    await open();
    const [tall, small] = [
      { width: 390, height: 844 },
      { width: 390, height: 480 },
    ];
    for (const viewport of [small, tall]) {
      await page.setViewportSize(viewport);
      await probe.still();
      expect(await probe.gap()).to.be.at.most(1);
    }
    for (let turns = 0; turns < 5; turns += 1) await probe.wheel(-300);
    for (const viewport of [small, tall])
      stays(await probe.during(() => page.setViewportSize(viewport)), `${viewport.height} px`);
  });

  it('does so too where the keyboard lies over the page', async () => {
    const { page, probe, open } = await scene('phone', (bob, room) => fill([bob], room, 60));
    // What is seen of the page, as a browser tells of it whose keyboard leaves the page as it is.
    await page.addInitScript({
      content: `Object.defineProperty(window, 'visualViewport', {
        value: Object.assign(new EventTarget(), { height: innerHeight, scale: 1 }),
      });
      globalThis.cover = (px) => {
        visualViewport.height = innerHeight - px;
        visualViewport.dispatchEvent(new Event('resize'));
      };`,
    });
    await page.goto('/');
    await open();
    const composer = page.getByRole('textbox', { name: /^Message / });
    const bottom = async (): Promise<number> => {
      const box = (await composer.boundingBox())!;
      return box.y + box.height;
    };
    await page.evaluate('cover(340)');
    await probe.still();
    expect(await bottom()).to.be.within(400, 504);
    expect(await probe.gap()).to.be.at.most(1);
    for (let turns = 0; turns < 5; turns += 1) await probe.wheel(-300);
    stays(await probe.during(() => page.evaluate('cover(0)')), 'the keyboard goes');
    expect(await bottom()).to.be.above(700);
    stays(await probe.during(() => page.evaluate('cover(340)')), 'the keyboard comes');
  });

  it('has fewer than 150 of 10,000 messages in the page, from the last to the first', async () => {
    const { ann, page, probe, open } = await scene('desktop', (bob, room) => fillWithMany(bob, room, 10_000));
    await open();
    // One begins at the first unread message, where that is known by then.
    const newest = page.getByRole('button', { name: /Jump to newest|new messages/ });
    const last = ann.article('No. 10000.').first();
    await newest.or(last).first().waitFor();
    if (!(await last.isVisible())) await newest.click();
    await ann.sees('No. 10000.');
    const seen = await probe.during(async () => {
      const first = page.getByTestId('messages').getByText('No. 1. ');
      while (!(await first.isVisible())) await probe.wheel(-6_000);
      const height = (await page.evaluate('probe.list().scrollHeight')) as number;
      for (const part of [0.2, 0.9, 0.5, 0.1, 1]) {
        await page.evaluate(`probe.list().scrollTop = ${height * part}`);
        await probe.still();
        expect((await probe.first()).seq).to.be.above(0);
        expect(await probe.rows()).to.be.within(5, 149);
      }
    });
    expect(seen.rows).to.be.within(20, 149);
  });
});

/**
 * `npx tsx bench/chromium/main.ts [--messages 10000] [--write]`: what a person feels, measured in Chromium on a cluster of this
 * machine. `--write` puts the figures between the lines that mark what is written by hand in docs/benchmarks.md.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Browser } from 'playwright-core';
import { startCluster } from '../../local/cluster.ts';
import { withErrors } from '../../local/exit.ts';
import { findChromium } from '../../local/find/chromium.ts';
import { createOutput } from '../../local/output.ts';
import { median } from '../measure/stats.ts';
import { table } from '../report/markdown.ts';
import { arrival, inputDelay, noteArrival, scrolling, switching, transfer, type Spread } from './probes.ts';
import { prepare, signIn, type Scene } from './scene.ts';

const PAGE = join(import.meta.dirname, '../../docs/benchmarks.md');
const ROOMS = 10;
const RATE = 100;
const KEYS = 200;
const SCROLL_SECONDS = 10;
const VISITS = 5;
/** ms until a first visit has kept what the next one begins with. */
const SETTLE = 8_000;
const BEGIN = '<!-- by hand: begin -->';
const END = '<!-- by hand: end -->';
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--ignore-certificate-errors',
  '--disable-background-networking',
];

type Figure = readonly [name: string, value: string];
const ms = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
const both = ({ p50, p99 }: Spread): string => `p50 ${ms(p50)}, p99 ${ms(p99)}`;

async function loading(browser: Browser, scene: Scene): Promise<readonly Figure[]> {
  const { context } = await signIn(browser, scene);
  const storageState = await context.storageState();
  await context.close();
  const path = `/r/${scene.small[0]?.id ?? ''}`;
  const options = { ignoreHTTPSErrors: true, baseURL: scene.origin, viewport: { width: 1440, height: 900 } };
  const fresh = await browser.newContext({ ...options, storageState, serviceWorkers: 'block' });
  const first = await fresh.newPage();
  await noteArrival(first);
  const size = await transfer(first, async () => {
    await first.goto(path);
    await arrival(first);
  });
  const cold = await arrival(first);
  // A refresh token lives once: what this visit got is what the next one comes with.
  const next = await fresh.storageState();
  await fresh.close();
  const kept = await browser.newContext({ ...options, storageState: next });
  const page = await kept.newPage();
  await noteArrival(page);
  await page.goto(path);
  await arrival(page);
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForTimeout(SETTLE);
  const warm: number[] = [];
  for (let n = 0; n < VISITS; n += 1) {
    await page.reload();
    warm.push(await arrival(page));
  }
  await kept.setOffline(true);
  await page.reload();
  const offline = await arrival(page);
  await kept.close();
  return [
    ['first load, over the wire (target: less than 200 KiB)', `${(size / 1024).toFixed(0)} KiB`],
    ['until one reads and writes, first visit', ms(cold)],
    [`the same with service worker and cache, median of ${VISITS}`, ms(median(warm))],
    ['the same without a network', ms(offline)],
  ];
}

async function using(browser: Browser, scene: Scene, messages: number): Promise<readonly Figure[]> {
  const { context, page } = await signIn(browser, scene);
  const rooms = scene.small.map(({ id }) => ({ id }));
  await switching(page, rooms);
  const switched = await switching(page, [...rooms, ...rooms, ...rooms, ...rooms, ...rooms]);
  await switching(page, [scene.long]);
  const delay = await inputDelay(page, scene, RATE, KEYS);
  const { slow, frames, longest, rows } = await scrolling(page, SCROLL_SECONDS);
  await context.close();
  return [
    ['from the click on a room to its messages, from the cache', both(switched)],
    [`from a key to the next frame, ${RATE} messages a second arriving`, both(delay)],
    [
      `frames over 50 ms while scrolling ${messages.toLocaleString('en')} messages`,
      `${slow} of ${frames}, longest ${ms(longest)}`,
    ],
    ['rows in the page meanwhile, at the most (target: fewer than 150)', `${rows}`],
  ];
}

function pageWith(before: string, figures: readonly Figure[], messages: number): string {
  const [head, rest] = before.split(BEGIN);
  const tail = rest?.split(END)[1];
  if (head === undefined || tail === undefined) throw new Error('the page lacks the marks');
  const text = [
    '## In the browser',
    `What a person feels, in Chromium on a screen of 1440 × 900, beside the whole cluster and those who write on the same ${cpus().length} cores.`,
    table(['what', 'measured'], figures),
    `\`npx tsx bench/chromium/main.ts --messages ${messages} --write\`, ${new Date().toISOString().slice(0, 10)}, one run.`,
  ].join('\n\n');
  return `${head}${BEGIN}\n\n${text}\n\n${END}${tail}`;
}

await withErrors(async () => {
  const { values } = parseArgs({
    options: { messages: { type: 'string', default: '10000' }, write: { type: 'boolean', default: false } },
  });
  const messages = Number(values.messages);
  if (!Number.isSafeInteger(messages) || messages < 100) throw new Error('--messages: a number from 100 up');
  const output = createOutput();
  const executablePath = await findChromium(process.env, output);
  const data = await mkdtemp(join(tmpdir(), 'parley-chromium-'));
  const cluster = await startCluster({
    data,
    output,
    port: 0,
    httpPort: 0,
    env: { BCRYPT_COST: '4', NODE_ENV: 'test' },
  });
  try {
    const place = { origin: cluster.origin, ca: await readFile(cluster.caCertificate, 'utf8') };
    const scene = await prepare(place, messages, ROOMS);
    const browser = await chromium.launch({ executablePath, args: ARGS });
    const loaded = await loading(browser, scene);
    const used = await using(browser, scene, messages);
    await browser.close();
    const figures = [...loaded, ...used];
    for (const [name, value] of figures) output.line('chromium', `${name}: ${value}`);
    if (values.write) await writeFile(PAGE, pageWith(await readFile(PAGE, 'utf8'), figures, messages));
    await Promise.all(scene.others.map((person) => person.close()));
  } finally {
    await cluster.stop();
    await rm(data, { recursive: true, force: true });
  }
});

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { startCluster, type Cluster } from '../../local/cluster.ts';
import { findChromium } from '../../local/find/chromium.ts';
import { measureLoading, type LoadingFigures } from '../chromium/loading.ts';
import { measureOffline, type OfflineFigures } from '../chromium/offline.ts';
import { MESSAGES, prepare } from '../chromium/scene.ts';
import { measureScrolling, type ScrollFigures } from '../chromium/scrolling.ts';
import { measureUsing, type UsingFigures } from '../chromium/using.ts';
import type { Bench, Outcome, Scenario, Verdict } from './bench.ts';
import { milliseconds } from './figures.ts';

type Figures = LoadingFigures & UsingFigures & ScrollFigures & OfflineFigures;

const KIB = 1_024;
const MOST_KIB = 200;
const MOST_ROWS = 149;
const MOST_OFFLINE = 1_000;
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--ignore-certificate-errors',
  '--disable-background-networking',
];

export const client: Scenario<Figures> = {
  title: 'In the browser',
  about: `What a person feels in Chromium, with a window of 1440 × 900, beside the whole cluster and those who write, all on this machine. First visits begin with nothing kept; a room of ${MESSAGES.toLocaleString('en-US')} messages, and 49 of 60. Files are counted compressed, with their headers: every one that was asked for before the messages and the composer stood there. What is fetched only then, when the browser is idle (the details beside the conversation, the palette), is counted apart, and what the service worker keeps for later is not.`,

  // Within it everything is done several times; once takes minutes.
  mostRuns: 1,

  async once({ stage, note }: Bench): Promise<Figures> {
    note('starting a cluster');
    const cluster = await startCluster({
      data: join(stage.paths.data, 'client'),
      ...{ port: 0, httpPort: 0, env: { NODE_ENV: 'test', RATE_LIMITS: 'off', BCRYPT_COST: '4' } },
    });
    try {
      return await measure(cluster, note, await findChromium(process.env, stage.output));
    } finally {
      await cluster.stop();
    }
  },

  conclude(figures): Outcome {
    const ms = (value: number): string => `${milliseconds(value)} ms`;
    const kib = (bytes: number): string => `${(bytes / KIB).toFixed(0)} KiB`;
    const { longFrames, longestFrame, frames, rows } = figures;
    return {
      columns: ['', 'measured'],
      rows: [
        ['first visit: files until one can sign in', kib(figures.signInBytes)],
        ['first visit: files until one reads and writes', kib(figures.conversationBytes)],
        ['the same with the API’s answers', kib(figures.conversationAllBytes)],
        ['files fetched behind that, when the browser is idle', kib(figures.idleBytes)],
        ['first visit: until one can sign in', ms(figures.signInMs)],
        ['first visit: until one reads and writes', ms(figures.coldMs)],
        ['later visits: until one reads and writes', ms(figures.warmMs)],
        ['a reload with all servers stopped: until everything stands there', ms(figures.offlineMs)],
        ['from the click on a room to its messages, p50', ms(figures.switchP50)],
        ['the same, p95', ms(figures.switchP95)],
        [
          `from a key to the painting behind it, ${figures.arrivals.toFixed(0)} messages a second arriving, p50`,
          ms(figures.keyP50),
        ],
        ['the same, p95', ms(figures.keyP95)],
        ['the same, the slowest', ms(figures.keyMax)],
        [
          `frames while ${MESSAGES.toLocaleString('en-US')} messages are loaded and scrolled through`,
          frames.toLocaleString('en-US'),
        ],
        ['the longest of them', ms(longestFrame)],
      ],
      verdicts: [
        atMost(
          'first visit: files until one reads and writes',
          figures.conversationBytes / KIB,
          MOST_KIB,
          'KiB',
        ),
        atMost('everything after a reload with all servers stopped', figures.offlineMs, MOST_OFFLINE, 'ms'),
        {
          claim: 'no frame over 50 ms',
          found: `${longFrames} of ${frames.toLocaleString('en-US')}`,
          ok: longFrames === 0,
        },
        atMost('messages in the page', rows, MOST_ROWS, 'rows'),
      ],
    };
  },
};

async function measure(
  cluster: Cluster,
  note: (text: string) => void,
  executablePath: string,
): Promise<Figures> {
  const place = { origin: cluster.origin, ca: await readFile(cluster.caCertificate, 'utf8') };
  note('filling rooms');
  const scene = await prepare(place, note);
  const browser = await chromium.launch({ executablePath, args: ARGS });
  try {
    note('loading');
    const loading = await measureLoading(browser, scene);
    note('scrolling');
    const scrolling = await measureScrolling(browser, scene);
    note('switching and typing');
    const using = await measureUsing(browser, scene);
    note('with all servers stopped');
    const stop = async (): Promise<void> => {
      const servers = cluster.processes.filter(({ spec }) => /^(nginx|gateway|api)/.test(spec.name));
      await Promise.all(servers.map((server) => server.stop()));
    };
    return { ...loading, ...using, ...scrolling, ...(await measureOffline(browser, scene, stop)) };
  } finally {
    await browser.close();
    await Promise.all([scene.reader.close(), scene.writer.close()]);
  }
}

function atMost(what: string, found: number, most: number, unit: string): Verdict {
  return {
    claim: `${what}: at most ${most} ${unit}`,
    found: `${found.toFixed(0)} ${unit}`,
    ok: found <= most,
  };
}

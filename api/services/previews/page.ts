import { Agent } from 'undici';
import { readCard, type Card } from './card.ts';
import { Forbidden, type Gate } from './gate.ts';

/** ms for all of a page: names, redirects, body. */
const TIME = 5_000;
const BYTES = 512 * 1_024;
const REDIRECTS = 3;
const HEADER_BYTES = 16 * 1_024;
const MAX_URL = 2_048;

const HEADERS = {
  accept: 'text/html,application/xhtml+xml',
  // What is packed could unpack to anything.
  'accept-encoding': 'identity',
  'accept-language': 'en;q=0.8, *;q=0.5',
  'user-agent': 'Mozilla/5.0 (compatible; ParleyPreview/1.0)',
};

/** The card of the page at `address`; undefined where there is none to be had, whatever the reason. Never rejects. */
export async function fetchCard(address: string, gate: Gate, ms = TIME): Promise<Card | undefined> {
  const signal = AbortSignal.timeout(ms);
  try {
    let url = new URL(address);
    for (let hops = 0; hops <= REDIRECTS; hops += 1) {
      const step = await visit(url, gate, signal);
      if (!(step instanceof URL)) return step;
      url = step;
    }
    return undefined;
  } catch {
    return undefined;
  }
}

/** One request: a card, or where to go on. */
async function visit(url: URL, gate: Gate, signal: AbortSignal): Promise<Card | URL | undefined> {
  if (url.href.length > MAX_URL) throw new Forbidden('too long an address');
  gate.check(url);
  const agent = new Agent({
    connect: { lookup: gate.lookupFor(url), timeout: TIME },
    connections: 1,
    pipelining: 0,
    maxHeaderSize: HEADER_BYTES,
    headersTimeout: TIME,
    bodyTimeout: TIME,
  });
  try {
    const { statusCode, headers, body } = await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: 'GET',
      headers: HEADERS,
      signal,
    });
    // What is left of the body is not waited for.
    body.on('error', () => undefined);
    const { location } = headers;
    if (statusCode >= 300 && statusCode < 400 && typeof location === 'string') return new URL(location, url);
    if (statusCode !== 200 || !isPlain(headers['content-encoding'])) return undefined;
    const type = headers['content-type'];
    if (typeof type !== 'string' || !/^\s*(?:text\/html|application\/xhtml\+xml)\s*(?:;|$)/i.test(type))
      return undefined;
    return await readCard(body, { charset: /charset="?([\w-]+)/i.exec(type)?.[1] ?? 'utf-8', bytes: BYTES });
  } finally {
    await agent.destroy();
  }
}

function isPlain(encoding: unknown): boolean {
  return encoding === undefined || encoding === 'identity';
}

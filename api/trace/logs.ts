/** What the journal says of one room, out of the logs of all processes. */
import { JOURNAL } from '../../shared/node/journal.ts';
import { holds } from '../../shared/node/number-set.ts';

/** Events kept: a number has a handful for each node. */
const MAX_EVENTS = 10_000;
const MAX_NODES = 1_000;
/** Seconds in which some node had more rooms than it lists; the first of them. */
const MAX_UNLISTED = 10_000;

/** One thing a process did with a number, in the second that begins at `second`. */
export interface Event {
  readonly second: string;
  readonly node: string;
  readonly seq: number;
  readonly mark: string;
  readonly sockets?: number;
  /** False where the line was cut and only says that it may be so. */
  readonly certain: boolean;
}
/** From when to when there are lines of a process. */
export interface Span {
  readonly node: string;
  readonly from: string;
  readonly to: string;
}
export interface Unlisted {
  readonly second: string;
  readonly node: string;
  readonly unlisted: number;
}
export interface Trail {
  readonly events: readonly Event[];
  readonly spans: readonly Span[];
  readonly unlisted: readonly Unlisted[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Takes lines of any order and origin; what is no line of Parley's is passed over. */
export class TrailReader {
  readonly #room: string;
  readonly #seqs: readonly number[];
  readonly #events: Event[] = [];
  readonly #unlisted: Unlisted[] = [];
  readonly #spans = new Map<string, { from: string; to: string }>();

  constructor(room: string, seqs: readonly number[]) {
    this.#room = room;
    this.#seqs = seqs;
  }

  /** One line of a log; what stands before its first brace, such as a container's name, does not matter. */
  take(line: string): void {
    const start = line.indexOf('{"level":');
    if (start === -1) return;
    const head = /"time":"([^"]{20,40})","name":"([^"]{1,64})"/.exec(line.slice(start, start + 160));
    const [, time, node] = head ?? [];
    if (time === undefined || node === undefined) return;
    this.#extend(node, time);
    if (!line.includes(`"msg":"${JOURNAL}"`)) return;
    if (!line.includes(this.#room) && !line.includes('"unlisted":')) return;
    this.#note(node, fieldsOf(line.slice(start)));
  }

  get trail(): Trail {
    const spans = [...this.#spans].map(([node, span]) => ({ node, ...span }));
    return {
      events: this.#events.toSorted(byTime),
      spans: spans.toSorted((a, b) => (a.node < b.node ? -1 : 1)),
      unlisted: this.#unlisted,
    };
  }

  #extend(node: string, time: string): void {
    const span = this.#spans.get(node);
    if (span === undefined) {
      if (this.#spans.size < MAX_NODES) this.#spans.set(node, { from: time, to: time });
      return;
    }
    if (time < span.from) span.from = time;
    if (time > span.to) span.to = time;
  }

  #note(node: string, { second, rooms, unlisted }: Fields): void {
    if (typeof second !== 'string') return;
    if (typeof unlisted === 'number' && this.#unlisted.length < MAX_UNLISTED)
      this.#unlisted.push({ second, node, unlisted });
    const { did, sockets } = asFields(asFields(rooms)[this.#room]);
    for (const [mark, numbers] of Object.entries(asFields(did)))
      for (const seq of this.#seqs) {
        const held = typeof numbers === 'string' ? holds(numbers, seq) : 'no';
        if (held === 'no' || this.#events.length >= MAX_EVENTS) continue;
        const reached = asFields(sockets)[mark];
        this.#events.push({
          ...{ second, node, seq, mark, certain: held === 'yes' },
          ...(typeof reached === 'number' ? { sockets: reached } : {}),
        });
      }
  }
}

function fieldsOf(text: string): Fields {
  try {
    return asFields(JSON.parse(text));
  } catch {
    return {}; // cut off in the middle, as the last line of a killed process
  }
}

const asFields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? (value as Fields) : {};

/** What a number goes through, in order: the second alone does not tell. */
const ORDER = ['rest', 'socket', 'stored', 'voided', 'missed', 'published', 'late', 'live', 'repaired'];
const rank = ({ mark }: Event): number => {
  const place = ORDER.findIndex((name) => mark.startsWith(name));
  return place === -1 ? ORDER.length : place;
};

function byTime(a: Event, b: Event): number {
  if (a.second !== b.second) return a.second < b.second ? -1 : 1;
  return rank(a) - rank(b) || (a.node < b.node ? -1 : 1);
}

/** What the set-up tells: one line a server, one live line for a slow step. */
export interface Output {
  /** A finished thing: a short label, then what about it. */
  line(label: string, text: string): void;
  /** A slow step goes on: replaces the live line on a terminal, is a line of its own elsewhere. */
  progress(label: string, text: string): void;
  /** Something went wrong that does not end the cluster. */
  warn(label: string, text: string): void;
}

/** Says nothing; for tests. */
export const silent: Output = { line: noop, progress: noop, warn: noop };
function noop(): void {
  // nothing to tell
}

const LABEL_WIDTH = 13;
/** ms a step takes before a log without a live line hears of it, and between two such lines. */
const SLOW = 1_500;
const PLAIN_INTERVAL = 5_000;

interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

/** Writes to `stream`; colours and the live line only on a terminal (and no colours with NO_COLOR set). */
export function createOutput(stream: Stream = process.stdout, env: NodeJS.ProcessEnv = process.env): Output {
  const terminal = stream.isTTY === true && env['TERM'] !== 'dumb';
  const paint = terminal && env['NO_COLOR'] === undefined ? colour : (_code: number, text: string) => text;
  const live = terminal ? liveLine(stream, paint) : calmLines(stream);
  const write = (code: number, label: string, text: string) => {
    live.clear();
    stream.write(`  ${paint(code, label.padEnd(LABEL_WIDTH))}${text}\n`);
  };
  return {
    line: (label, text) => write(36, label, text),
    warn: (label, text) => write(33, label, text),
    progress: (label, text) => live.show(label, text),
  };
}

interface Live {
  show(label: string, text: string): void;
  clear(): void;
}

/** One line that each progress replaces. */
function liveLine(stream: Stream, paint: (code: number, text: string) => string): Live {
  let shown = false;
  return {
    show(label, text) {
      const room = Math.max(20, (stream.columns ?? 80) - LABEL_WIDTH - 4);
      stream.write(`\r\x1b[2K  ${paint(2, label.padEnd(LABEL_WIDTH) + text.slice(0, room))}`);
      shown = true;
    },
    clear() {
      if (shown) stream.write('\r\x1b[2K');
      shown = false;
    },
  };
}

/** A line only when a step is slow, and then only now and then. */
function calmLines(stream: Stream): Live {
  let latest = '';
  let timer: NodeJS.Timeout | undefined;
  const print = () => {
    stream.write(`${latest} …\n`);
    timer = undefined;
  };
  let delay = SLOW;
  return {
    show(label, text) {
      latest = `  ${label.padEnd(LABEL_WIDTH)}${text}`;
      timer ??= setTimeout(print, delay).unref();
      delay = PLAIN_INTERVAL;
    },
    clear() {
      clearTimeout(timer);
      timer = undefined;
      delay = SLOW;
    },
  };
}

const colour = (code: number, text: string): string => `\x1b[${code}m${text}\x1b[0m`;

/** `2_345` ms as "2.3 s"; two minutes as "2 min 0 s". */
export function seconds(ms: number): string {
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const whole = Math.round(ms / 1_000);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

/** `36000` as "36,000". */
export const thousands = (count: number): string => count.toLocaleString('en-US');

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readJson } from '../local/files.ts';

/** What one process, or a server with all its processes, used. */
export interface Usage {
  /** Seconds of CPU so far, user and system. */
  readonly cpu: number;
  /** Bytes of memory now. */
  readonly memory: number;
}

const TICKS_PER_SECOND = 100;
const PAGE = 4_096;
// Places in /proc/PID/stat, counted from the state on (see `man 5 proc`).
const [PARENT, USER, SYSTEM, RESIDENT] = [1, 11, 12, 21];

/**
 * Looks at processes of this machine: those given, and the local cluster's whose data folder is given, each with the
 * processes it started (NGINX's workers, the store's). Gives nothing where there is no /proc.
 */
export class ProcessWatch {
  readonly #own: ReadonlyMap<number, string>;
  readonly #stateFile: string;

  /** `own`: names of pids. */
  constructor(own: ReadonlyMap<number, string>, data: string) {
    this.#own = own;
    this.#stateFile = join(data, 'run', 'cluster.json');
  }

  /** By name. */
  async look(): Promise<ReadonlyMap<string, Usage>> {
    const names = new Map([...(await this.#cluster()), ...this.#own]);
    const stats = new Map<number, readonly string[]>();
    // At once, not in turns: hundreds of tiny reads cost far less so.
    for (const name of processIds()) stats.set(Number(name), statOf(name));
    const sums = new Map<string, Usage>();
    for (const [pid, stat] of stats) {
      const owner = ownerOf(pid, names, stats);
      if (owner === undefined || stat.length === 0) continue;
      const sum = sums.get(owner) ?? { cpu: 0, memory: 0 };
      sums.set(owner, {
        cpu: sum.cpu + (Number(stat[USER]) + Number(stat[SYSTEM])) / TICKS_PER_SECOND,
        memory: sum.memory + Number(stat[RESIDENT]) * PAGE,
      });
    }
    return sums;
  }

  async #cluster(): Promise<Map<number, string>> {
    const state = (await readJson(this.#stateFile)) as
      { readonly processes?: readonly { readonly pid: number; readonly name: string }[] } | undefined;
    return new Map(state?.processes?.map(({ pid, name }) => [pid, name]));
  }
}

/** The name of the process, or of the nearest above it that has one. */
function ownerOf(
  pid: number,
  names: ReadonlyMap<number, string>,
  stats: ReadonlyMap<number, readonly string[]>,
): string | undefined {
  for (let at = pid; at > 1; at = Number(stats.get(at)?.[PARENT] ?? 0)) {
    const name = names.get(at);
    if (name !== undefined) return name;
  }
  return undefined;
}

function processIds(): readonly string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function statOf(pid: string): readonly string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold anything, so fields are counted from the last one.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return []; // it ended meanwhile
  }
}

import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Where the chat engine keeps what must survive, for programs in Node: what `shared/sdk` calls a Storage. */
export interface FileStorage {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
  delete(key: string): Promise<void>;
}

/**
 * Keeps everything in the JSON file at `path`, readable by its owner alone, since a session's token stands in it. Each
 * change is written beside it, flushed, and renamed over it: whenever the process or the machine dies, the file holds the
 * state before or after. For one process at a time. Rejects, and overwrites nothing, where the file cannot be read or
 * holds something else.
 */
export function fileStorage(path: string): FileStorage {
  let values: Map<string, string> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  /** One after another, so that no change is written over by one that began before it. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
  const load = async (): Promise<Map<string, string>> => (values ??= await read(path));
  const change = async (apply: (next: Map<string, string>) => unknown): Promise<void> => {
    const next = new Map(await load());
    apply(next);
    await write(path, JSON.stringify(Object.fromEntries(next)));
    values = next;
  };
  return {
    get: (key) => inTurn(async () => (await load()).get(key)),
    set: (key, value) => inTurn(() => change((next) => next.set(key, value))),
    delete: (key) => inTurn(() => change((next) => next.delete(key))),
  };
}

async function read(path: string): Promise<Map<string, string>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '{}';
    throw error;
  });
  const value: unknown = parse(text);
  const isOurs =
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((each) => typeof each === 'string');
  if (!isOurs) throw new Error(`${path} holds something else than a stored session`);
  return new Map(Object.entries(value as Record<string, string>));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function write(path: string, text: string): Promise<void> {
  const beside = `${path}.new`;
  await mkdir(dirname(path), { recursive: true });
  await flushed(beside, text);
  await rename(beside, path);
  await flushFolder(dirname(path));
}

async function flushed(path: string, text: string): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The new name outlives a loss of power only once its folder is on the disk as well. */
async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

import { reason } from '../errors.ts';
import type { Output } from '../output.ts';

/** ms the download host has to answer at all. */
const PROBE = 4_000;
const HOST = 'https://fastdl.mongodb.org/';
const PACKAGE = 'mongodb-memory-server-core';

/**
 * The mongod that mongodb-memory-server-core keeps or downloads; undefined where that package is not installed or its
 * host cannot be reached, which is found out quickly.
 */
export async function downloadedMongod(output: Output): Promise<string | undefined> {
  const library = await load();
  if (library === undefined) return undefined;
  try {
    await fetch(HOST, { method: 'HEAD', signal: AbortSignal.timeout(PROBE) });
    output.progress('mongodb', 'downloading mongod');
    return await library.MongoBinary.getPath({ version: '8.0.4' });
  } catch (error) {
    output.warn('mongodb', `mongod cannot be downloaded: ${reason(error)}`);
    return undefined;
  }
}

interface MemoryServer {
  readonly MongoBinary: { getPath(options: { version: string }): Promise<string> };
}

/** Its name is a variable, since it is optional: the compiler must not look for it. */
async function load(name: string = PACKAGE): Promise<MemoryServer | undefined> {
  try {
    return (await import(name)) as MemoryServer;
  } catch {
    return undefined;
  }
}

/**
 * Preloaded into every measured process (`--expose-gc --import …/probe.js`): on SIGUSR2 it collects garbage and writes
 * what the process holds to the file named by BENCH_PROBE. The servers themselves know nothing of it.
 */
import { renameSync, writeFileSync } from 'node:fs';

/** ms between collections: what one frees late, such as buffers of sockets that just closed, the next finds. */
const PAUSE = 200;
const COLLECTIONS = 3;

const file = process.env['BENCH_PROBE'];
const collect: unknown = Reflect.get(globalThis, 'gc');

if (file !== undefined && typeof collect === 'function') {
  const answer = (left: number): void => {
    collect();
    if (left > 1) return void setTimeout(answer, PAUSE, left - 1);
    // Renamed into place, so that a reader finds all of it or nothing.
    writeFileSync(`${file}.new`, JSON.stringify({ at: Date.now(), ...process.memoryUsage() }));
    renameSync(`${file}.new`, file);
  };
  process.on('SIGUSR2', () => answer(COLLECTIONS));
}

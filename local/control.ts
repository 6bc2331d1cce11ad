import { createHash } from 'node:crypto';
import { chmod, rm } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reason, SetupError } from './errors.ts';
import type { Scale } from './cluster.ts';

/** Bytes a socket's path may have on the systems we know (104 or 108), less one. */
const MAX_PATH = 103;
const MAX_REQUEST = 1_000;
/** A node may take a while to start, or to drain. */
const TIMEOUT = 180_000;

/** Listens for `npm run scale` on a socket only this user may use; gives the close. */
export async function openControl(
  path: string,
  scale: (wanted: Scale) => Promise<void>,
): Promise<() => Promise<void>> {
  const address = short(path);
  await rm(address, { force: true });
  const server = createServer((socket) => void serve(socket, scale));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => resolve());
  });
  await chmod(address, 0o600);
  return async () => {
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await rm(address, { force: true });
  };
}

/** Asks the cluster behind the socket to scale; throws SetupError when none runs there or it cannot. */
export async function requestScale(path: string, wanted: Scale): Promise<void> {
  const answer = await exchange(short(path), JSON.stringify(wanted));
  if (answer !== 'ok') throw new SetupError(answer);
}

async function serve(socket: Socket, scale: (wanted: Scale) => Promise<void>): Promise<void> {
  socket.on('error', () => socket.destroy());
  try {
    await scale(parseScale(await readLine(socket)));
    socket.end('ok\n');
  } catch (error) {
    socket.end(`${reason(error)}\n`);
  }
}

async function exchange(address: string, line: string): Promise<string> {
  const socket = createConnection(address);
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('error', reject);
    });
  } catch {
    throw new SetupError(
      'no cluster runs on this data folder: start one with npm start, or name it with --data',
    );
  }
  socket.write(`${line}\n`);
  return await readLine(socket);
}

async function readLine(socket: Socket): Promise<string> {
  return await new Promise((resolve, reject) => {
    let text = '';
    socket.setTimeout(TIMEOUT, () => socket.destroy(new Error('no answer')));
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.length > MAX_REQUEST) socket.destroy(new Error('too much'));
      else if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new SetupError('the cluster ended the connection')));
  });
}

function parseScale(line: string): Scale {
  const value: unknown = JSON.parse(line);
  if (typeof value !== 'object' || value === null) throw new Error('not an object');
  const count = (name: string): number | undefined => {
    const given: unknown = Reflect.get(value, name);
    if (given === undefined) return undefined;
    if (typeof given === 'number' && Number.isInteger(given) && given >= 1 && given <= 64) return given;
    throw new Error(`${name} must be from 1 to 64`);
  };
  return { api: count('api'), gateways: count('gateways') };
}

/** The path itself, or a stand-in among the temporary files where the system would cut it off. */
function short(path: string): string {
  if (Buffer.byteLength(path) <= MAX_PATH) return path;
  return join(tmpdir(), `parley-${createHash('sha256').update(path).digest('hex').slice(0, 20)}.sock`);
}

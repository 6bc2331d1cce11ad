import { createHash } from 'node:crypto';
import { chmod, rm } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { reason, SetupError } from './errors.ts';
import type { Scale } from './topology.ts';

/** Bytes a socket's path may have on the systems we know (104 or 108), less one. */
const MAX_PATH = 103;
const MAX_REQUEST = 1_000;
/** A node may take a while to start, or to drain; a rolling restart does that once for each. */
const TIMEOUT = 900_000;

/** What the commands beside a running cluster ask of it. */
export interface Controlled {
  scale(wanted: Scale): Promise<void>;
  restart(): Promise<void>;
}

/** Listens for `npm run scale` and `npm run restart` on a socket only this user may use; gives the close. */
export async function openControl(path: string, cluster: Controlled): Promise<() => Promise<void>> {
  const address = short(path);
  await rm(address, { force: true });
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    void serve(socket, cluster);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => resolve());
  });
  await chmod(address, 0o600);
  return async () => {
    // Who waits for an answer will get none any more.
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of open) socket.destroy();
    await closed;
    await rm(address, { force: true });
  };
}

/** Asks the cluster behind the socket to scale; throws SetupError when none runs there or it cannot. */
export async function requestScale(path: string, wanted: Scale): Promise<void> {
  await request(path, wanted);
}

/** Asks it to start its nodes again, one after the other; throws likewise. */
export async function requestRestart(path: string): Promise<void> {
  await request(path, { restart: true });
}

async function request(path: string, wanted: object): Promise<void> {
  const answer = await exchange(short(path), JSON.stringify(wanted));
  if (answer !== 'ok') throw new SetupError(answer);
}

async function serve(socket: Socket, cluster: Controlled): Promise<void> {
  socket.on('error', () => socket.destroy());
  try {
    const wanted = parseRequest(await readLine(socket));
    await (wanted === 'restart' ? cluster.restart() : cluster.scale(wanted));
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

function parseRequest(line: string): Scale | 'restart' {
  const value: unknown = JSON.parse(line);
  if (typeof value !== 'object' || value === null) throw new Error('not an object');
  if (Reflect.get(value, 'restart') === true) return 'restart';
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

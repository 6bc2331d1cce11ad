import type { Device } from './device.ts';
import { between, oneOf, type Random } from './random.ts';
import type { RestSender } from './rest-sender.ts';
import type { Watcher } from './watcher.ts';

export interface TrafficOptions {
  readonly devices: readonly Device[];
  readonly senders: readonly RestSender[];
  readonly watchers: readonly Watcher[];
  readonly rooms: readonly string[];
  /** The public channel that churners leave and join, and those devices. */
  readonly channel: string;
  readonly churners: readonly Device[];
  readonly random: Random;
  /** Messages a second, of all together. */
  readonly rate: number;
  /** ms. */
  readonly duration: number;
}

const REST_SHARE = 0.3;
/** ms a sender over REST keeps trying beyond the end of the traffic. */
const REST_GRACE = 30_000;

/** What people do while things break; resolves when the last of them has stopped, everyone being back. */
export async function runTraffic(options: TrafficOptions): Promise<void> {
  const end = performance.now() + options.duration;
  const perDevice = (options.rate * (1 - REST_SHARE)) / options.devices.length;
  const perSender = (options.rate * REST_SHARE) / options.senders.length;
  await Promise.all([
    ...options.devices.map((device) => talk(options, device, 1_000 / perDevice, end)),
    ...options.devices.map((device) => comeAndGo(options, device, end)),
    ...options.watchers.map((watcher) => loseSockets(options, watcher, end)),
    ...options.churners.map((device) => churn(options, device, end)),
    ...options.senders.map((sender) => post(options, sender, 1_000 / perSender, end)),
  ]);
}

async function talk(options: TrafficOptions, device: Device, interval: number, end: number): Promise<void> {
  const { random, channel, churners } = options;
  while (performance.now() < end) {
    await pause(interval * (0.5 + random()));
    if (!device.isRunning) continue;
    const room = oneOf(random, device.rooms);
    try {
      device.say(room, room !== channel || !churners.includes(device));
      if (random() < 0.1) device.client.room(oneOf(random, device.rooms)).markRead();
      if (random() < 0.2) device.loadOlder(oneOf(random, device.rooms));
    } catch (error) {
      device.note(`not sent: ${String(error)}`);
    }
  }
}

/** Loses its network, or its process, and comes back. */
async function comeAndGo({ random }: TrafficOptions, device: Device, end: number): Promise<void> {
  for (;;) {
    const stay = between(random, 4_000, 25_000);
    const away = random() < 0.7 ? between(random, 100, 3_000) : between(random, 3_000, 12_000);
    if (performance.now() + stay + away > end) return;
    await pause(stay);
    const isProcess = random() < 0.4;
    device.note(`${isProcess ? 'its process ends' : 'its network is cut'} for ${away} ms`);
    if (isProcess) device.stop();
    else device.cut();
    await pause(away);
    if (isProcess) device.comeBack();
    else device.mend();
  }
}

async function loseSockets({ random }: TrafficOptions, watcher: Watcher, end: number): Promise<void> {
  for (;;) {
    const stay = between(random, 2_000, 15_000);
    if (performance.now() + stay > end) return;
    await pause(stay);
    watcher.cut();
  }
}

/** Leaves the channel and joins it again. */
async function churn({ random, channel }: TrafficOptions, device: Device, end: number): Promise<void> {
  for (;;) {
    const stay = between(random, 3_000, 12_000);
    if (performance.now() + stay + 5_000 > end) return;
    await pause(stay);
    await attempt(device, 'leave', () => device.client.room(channel).leave());
    await pause(between(random, 200, 4_000));
    await attempt(device, 'join', () => device.client.joinRoom(channel));
  }
}

/** Joins for good once nothing breaks any more; resolves when the channel is open again. */
export async function settleIn(device: Device, channel: string): Promise<void> {
  for (let tries = 0; tries < 20; tries++) {
    if (await attempt(device, 'final join', () => device.client.joinRoom(channel))) return;
    await pause(500);
  }
}

async function attempt(device: Device, what: string, action: () => Promise<unknown>): Promise<boolean> {
  try {
    await action();
    device.note(`${what} done`);
    return true;
  } catch (error) {
    device.note(`${what}: ${String(error)}`);
    return false;
  }
}

async function post(
  options: TrafficOptions,
  sender: RestSender,
  interval: number,
  end: number,
): Promise<void> {
  while (performance.now() < end) {
    await pause(interval * (0.5 + options.random()));
    await sender.say(oneOf(options.random, options.rooms), end + REST_GRACE);
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

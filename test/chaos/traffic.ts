import { Bouncer } from './bouncer.ts';
import type { Device } from './device.ts';
import type { Editor } from './editor.ts';
import type { History } from './history.ts';
import type { Population } from './population.ts';
import { between, oneOf, type Random } from './random.ts';
import type { RestSender } from './rest-sender.ts';
import type { Watcher } from './watcher.ts';

export interface TrafficOptions extends Population {
  readonly history: History;
  readonly random: Random;
  /** Messages a second, of all together. */
  readonly rate: number;
  /** ms. */
  readonly duration: number;
}

const REST_SHARE = 0.3;
/** ms a sender over REST keeps trying beyond the end of the traffic. */
const REST_GRACE = 30_000;
const LONG_AWAY = 12_000;
/** ms between two changes of one user. */
const CHANGE_INTERVAL = 3_000;

/** What people do while things break; resolves when the last of them has stopped, everyone being back. */
export async function runTraffic(options: TrafficOptions): Promise<void> {
  const end = performance.now() + options.duration;
  const perDevice = (options.rate * (1 - REST_SHARE)) / options.devices.length;
  const perSender = (options.rate * REST_SHARE) / options.senders.length;
  const bouncer = new Bouncer(options.host, options.history, options.random);
  const fickle = options.watchers.filter((watcher) => !options.steady.has(watcher));
  await Promise.all([
    ...options.devices.map((device) => talk(options, device, 1_000 / perDevice, end)),
    ...options.devices.map((device) => comeAndGo(options, device, end)),
    ...[...fickle, ...options.outsiders].map((watcher) => loseSockets(options, watcher, end)),
    ...options.watchers.map((watcher) => type(options, watcher, end)),
    ...options.churners.map((device) => churn(options, device, end)),
    ...options.guests.map((guest) => bouncer.bother(guest, end)),
    ...options.editors.map((editor) => change(options, editor, end)),
    ...options.senders.map((sender) => post(options, sender, 1_000 / perSender, end)),
  ]);
}

async function talk(options: TrafficOptions, device: Device, interval: number, end: number): Promise<void> {
  const { random } = options;
  while (performance.now() < end) {
    await pause(interval * (0.5 + random()));
    if (!device.isRunning) continue;
    const room = oneOf(random, device.rooms);
    try {
      device.say(room, options.isMember(device.user, room));
      if (random() < 0.1) device.client.room(oneOf(random, device.rooms)).markRead();
      if (random() < 0.2) device.loadOlder(oneOf(random, device.rooms));
      if (random() < 0.3) device.client.room(oneOf(random, device.rooms)).setTyping();
    } catch (error) {
      device.note(`not sent: ${String(error)}`);
    }
  }
}

/** Loses its network, or its process, and comes back. */
async function comeAndGo({ random }: TrafficOptions, device: Device, end: number): Promise<void> {
  for (;;) {
    const stay = between(random, 4_000, 25_000);
    const away = timeAway(random);
    if (performance.now() + stay + away > end) return;
    await pause(stay);
    const isProcess = random() < (away < LONG_AWAY ? 0.4 : 0.2);
    device.note(`${isProcess ? 'its process ends' : 'its network is cut'} for ${away} ms`);
    if (isProcess) device.stop();
    else device.cut();
    await pause(away);
    if (isProcess) device.comeBack();
    else device.mend();
  }
}

/** ms; now and then so long that a gateway no longer replays what was missed. */
function timeAway(random: Random): number {
  const dice = random();
  if (dice < 0.6) return between(random, 100, 3_000);
  return dice < 0.8 ? between(random, 3_000, LONG_AWAY) : between(random, LONG_AWAY, 30_000);
}

async function loseSockets({ random }: TrafficOptions, watcher: Watcher, end: number): Promise<void> {
  for (;;) {
    const stay = between(random, 2_000, 15_000);
    const away = timeAway(random);
    if (performance.now() + stay + away > end) return;
    await pause(stay);
    watcher.cut(away);
  }
}

async function type({ random, rooms }: TrafficOptions, watcher: Watcher, end: number): Promise<void> {
  while (performance.now() < end) {
    await pause(between(random, 1_000, 4_000));
    watcher.type(oneOf(random, rooms));
  }
}

async function change({ random }: TrafficOptions, editor: Editor, end: number): Promise<void> {
  while (performance.now() < end) {
    await pause(CHANGE_INTERVAL * (0.5 + random()));
    await editor.act(end + REST_GRACE);
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

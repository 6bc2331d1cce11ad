import type { Client } from '../../../../shared/sdk/types.ts';
import { loudness } from '../../../../shared/wire/prefs.ts';
import type { Message, Room } from '../../../../shared/wire/rest.ts';
import { AlertQueue, type Patience, type RoomNews } from '../chat/alert-queue.ts';
import { alertOf, deserving, unheardAlert, type Alert, type Listener } from '../chat/alerts.ts';
import { chime } from '../platform/chime.ts';
import { claimTold } from '../platform/told.ts';
import type { SettingValues } from './settings.svelte.ts';

/** Notifications shown at one time: a return after a weekend is no avalanche. */
const MOST = 3;
/** A window somebody looks at comes first: what they may see there, no other need tell. */
const LOOKED_AT: Patience = { message: 100, reply: 2_000 };
const UNSEEN: Patience = { message: 300, reply: 2_500 };

export interface AlertDeps {
  readonly client: Pick<Client, 'rooms' | 'roomsLoaded' | 'auth' | 'own' | 'threads' | 'onArrival'>;
  readonly settings: { readonly values: SettingValues };
  readonly attention: { readonly focused: boolean };
  readonly open: (room: string) => void;
}

/** Tells of messages while nobody looks at the window, as far as it is wished, each once in all windows. Gives the stop. */
export function startAlerts(deps: AlertDeps): () => void {
  const { client } = deps;
  const queue = new AlertQueue();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const schedule = (after?: number): void => {
    clearTimeout(timer);
    const next = queue.next(after);
    if (next !== undefined) timer = setTimeout(look, Math.max(0, next - performance.now()));
  };
  const look = (): void => {
    const rooms = client.roomsLoaded.get() ? client.rooms.get() : [];
    const known = new Map(rooms.map((room) => [room.id, room]));
    const now = performance.now();
    const news = queue.take(now, (room) => known.has(room));
    schedule(now);
    tell(news, known, deps).catch(reportError);
  };
  const stops = [
    client.onArrival((arrival) => {
      if (!isWished(deps) || isMuted(deps, arrival.room)) return;
      const { focused } = deps.attention;
      queue.add(arrival, performance.now(), focused ? LOOKED_AT : UNSEEN, focused);
      schedule();
    }),
    // A room that begins with its first message is known a moment later.
    client.rooms.subscribe(() => {
      schedule();
    }),
    client.auth.subscribe(({ name }) => {
      if (name === 'signed-out') queue.clear();
    }),
  ];
  return () => {
    clearTimeout(timer);
    for (const stop of stops) stop();
  };
}

const isWished = ({ settings: { values } }: AlertDeps): boolean => values.notifications || values.sound;
/** As it comes: a mute that ends a moment later lets through nothing of before. */
function isMuted({ client }: AlertDeps, id: string): boolean {
  const room = client.rooms.get().find((one) => one.id === id);
  return room !== undefined && loudness(room, Date.now()) === 'none';
}
const keyOf = ({ room, seq }: Message): string => `${room}:${String(seq)}`;
/** Of word that some up to here name the reader. */
const namedKeyOf = ({ id, head }: Room): string => `${id}:named:${String(head)}`;

async function tell(
  news: ReadonlyMap<string, RoomNews>,
  rooms: ReadonlyMap<string, Room>,
  { client, settings, attention, open }: AlertDeps,
): Promise<void> {
  const auth = client.auth.get();
  const { notifications, sound } = settings.values;
  if (auth.name !== 'signed-in') return;
  const listener: Listener = {
    ...{ me: auth.me.id, now: Date.now(), blocked: client.own.blocked.get() },
    thread: (room, root) => client.threads.get().find((one) => one.room === room && one.message.seq === root),
  };
  const wanted = [...news].flatMap(([id, { messages, seen, isNamed, isNamedSeen }]) => {
    const room = rooms.get(id);
    if (room === undefined) return [];
    const count = (some: readonly Message[]): readonly Message[] => deserving(room, some, listener);
    return [{ room, isNamed, isNamedSeen, messages: count(messages), seen: count(seen) }];
  });
  const keys = wanted.flatMap(({ room, isNamed, isNamedSeen, messages, seen }) => [
    ...[...messages, ...seen].map(keyOf),
    ...(isNamed || isNamedSeen ? [namedKeyOf(room)] : []),
  ]);
  const fresh = keys.length === 0 ? new Set() : await claimTold(keys);
  if (attention.focused) return;
  const alerts = wanted.flatMap(({ room, isNamed, messages }) => {
    const untold = messages.filter((message) => fresh.has(keyOf(message)));
    const alert = alertOf(room, untold, listener.me);
    if (alert?.isMention === true || !isNamed || !fresh.has(namedKeyOf(room))) return alert ?? [];
    return unheardAlert(room, listener) ?? [];
  });
  if (alerts.length === 0) return;
  if (sound) chime();
  const first = alerts.toSorted((a, b) => Number(b.isMention) - Number(a.isMention));
  if (notifications) for (const alert of first.slice(0, MOST)) show(alert, open);
}

function show({ room, title, text }: Alert, open: (room: string) => void): void {
  if (!('Notification' in globalThis) || Notification.permission !== 'granted') return;
  try {
    // One for each room: the next message of it replaces it.
    const notification = new Notification(title, { body: text, tag: room, icon: '/favicon.svg' });
    notification.onclick = () => {
      window.focus();
      open(room);
      notification.close();
    };
  } catch {
    // Some phones allow them from a service worker only.
  }
}

import type { Client } from '../../../../shared/sdk/types.ts';
import { alertsIn, heard, type Alert, type Told } from '../chat/alerts.ts';
import { chime } from '../platform/chime.ts';
import type { SettingValues } from './settings.svelte.ts';

/** Notifications shown for one change of the list: a return after a weekend is no avalanche. */
const MOST = 3;

export interface AlertDeps {
  readonly client: Pick<Client, 'rooms' | 'roomsLoaded' | 'auth' | 'own'>;
  readonly settings: { readonly values: SettingValues };
  readonly attention: { readonly focused: boolean };
  readonly open: (room: string) => void;
}

/** Tells of messages while nobody looks at the window, as far as it is wished. Gives the stop. */
export function startAlerts({ client, settings, attention, open }: AlertDeps): () => void {
  let told: Told | undefined;
  return client.rooms.subscribe((rooms) => {
    const auth = client.auth.get();
    if (auth.name !== 'signed-in' || !client.roomsLoaded.get()) {
      told = undefined;
      return;
    }
    const blocked = client.own.blocked.get();
    const alerts = told === undefined || attention.focused ? [] : alertsIn(rooms, told, auth.me.id, blocked);
    told = heard(rooms);
    if (alerts.length === 0) return;
    const { notifications, sound } = settings.values;
    if (sound) chime();
    if (notifications) for (const alert of alerts.slice(0, MOST)) show(alert, open);
  });
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

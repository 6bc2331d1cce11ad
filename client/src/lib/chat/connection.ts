/** What the thin bar says of the connection. */
import type { ConnectionState } from '../../../../shared/sdk/types.ts';
import { plural } from './names.ts';

export interface ConnectionNotice {
  readonly tone: 'quiet' | 'warning' | 'danger';
  readonly text: string;
  readonly action?: 'retry' | 'sign-in';
}

const OFFLINE: ConnectionNotice = {
  tone: 'warning',
  text: 'You are offline. Messages wait here and are sent later.',
  action: 'retry',
};

const RESTORING: ConnectionNotice = {
  tone: 'quiet',
  text: 'Connecting… Messages wait here and are sent then.',
  action: 'retry',
};

/** Whether asking the server makes no sense now: it was tried already, or there is nothing to try it over. */
export function isCutOff(state: ConnectionState, { restoring = false } = {}): boolean {
  if (restoring || state.name === 'waiting' || state.name === 'stopped' || state.name === 'offline')
    return true;
  return state.name === 'connecting' && state.attempt > 1;
}

/**
 * The notice for a state, or undefined when all is well. `now` in ms since the epoch. `network` is false when the browser
 * knows of none: a socket over a network that went away looks alive for half a minute. `restoring`: the server has not
 * said yet whether the stored session lives.
 */
export function connectionNotice(
  state: ConnectionState,
  now: number,
  { network = true, restoring = false } = {},
): ConnectionNotice | undefined {
  if (!network && state.name !== 'stopped') return OFFLINE;
  if (restoring) return RESTORING;
  switch (state.name) {
    case 'online':
      return undefined;
    case 'offline':
      return OFFLINE;
    case 'connecting':
      return state.attempt > 1
        ? { tone: 'warning', text: 'Reconnecting…' }
        : { tone: 'quiet', text: 'Connecting…' };
    case 'catching-up':
      return { tone: 'quiet', text: `Catching up in ${plural(state.rooms, 'conversation')}…` };
    case 'waiting':
      return { tone: 'warning', text: waitingText(Math.ceil((state.at - now) / 1_000)), action: 'retry' };
    case 'stopped':
      return { tone: 'danger', text: `Disconnected: ${state.reason}`, action: 'sign-in' };
  }
}

function waitingText(seconds: number): string {
  return seconds > 0
    ? `Connection lost. Trying again in ${String(seconds)} s.`
    : 'Connection lost. Trying again…';
}

/** What the thin bar says of the connection. */
import type { ConnectionState } from '../../../../shared/sdk/types.ts';
import { plural } from './names.ts';

export interface ConnectionNotice {
  readonly tone: 'quiet' | 'warning' | 'danger';
  readonly text: string;
  readonly action?: 'retry' | 'sign-in';
}

/** The notice for a state, or undefined when all is well. `now` in ms since the epoch. */
export function connectionNotice(state: ConnectionState, now: number): ConnectionNotice | undefined {
  switch (state.name) {
    case 'online':
      return undefined;
    case 'offline':
      return {
        tone: 'warning',
        text: 'You are offline. Messages wait here and are sent later.',
        action: 'retry',
      };
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

import type { PresenceState } from '../../../../shared/wire/protocol.ts';
import type { UserSummary } from '../../../../shared/wire/rest.ts';
import type { Dates } from './dates.ts';

/** How somebody is here; undefined where they are not, or it is not known. */
export type Here = 'online' | 'away';

export function hereOf(state: PresenceState | undefined): Here | undefined {
  if (state?.online !== true) return undefined;
  return state.away === true ? 'away' : 'online';
}

/** Said where a dot alone would leave it to the eye; empty for who is not here. */
export const HERE_WORDS: Readonly<Record<Here, string>> = { online: 'Online', away: 'Away' };

/** "Online", "Away", "Last seen 5 min ago", "Last seen Tue"; empty where nothing is known. */
export function presenceLine(state: PresenceState | undefined, dates: Dates, now: number): string {
  const here = hereOf(state);
  if (here !== undefined) return HERE_WORDS[here];
  if (state?.lastSeen === undefined) return '';
  const short = dates.short(Date.parse(state.lastSeen), now);
  if (short === 'now') return 'Last seen just now';
  return `Last seen ${short.endsWith('min') ? `${short} ago` : short}`;
}

/** A person's status as one line, with its emoji; empty without one, or when its time is over. */
export function statusLine(user: UserSummary | undefined, now: number): string {
  if (user === undefined) return '';
  if (user.statusUntil !== undefined && Date.parse(user.statusUntil) <= now) return '';
  return [user.statusEmoji, user.status].filter((part) => part !== undefined && part !== '').join(' ');
}

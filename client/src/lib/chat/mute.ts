import { loudness } from '../../../../shared/wire/prefs.ts';
import type { PatchPrefs, Room } from '../../../../shared/wire/rest.ts';
import type { Dates } from './dates.ts';

const HOUR = 3_600_000;
/** A mute until tomorrow ends when people are at their desks. */
const MORNING = 8;

export interface MuteChoice {
  readonly text: string;
  readonly me: PatchPrefs;
}

/** For how long one may be left in peace by a conversation. */
export function muteChoices(now: number): readonly MuteChoice[] {
  const morning = new Date(now);
  morning.setDate(morning.getDate() + 1);
  morning.setHours(MORNING, 0, 0, 0);
  const until = (text: string, at: number): MuteChoice => ({
    text,
    me: { mutedUntil: new Date(at).toISOString() },
  });
  return [
    until('For 1 hour', now + HOUR),
    until('For 8 hours', now + 8 * HOUR),
    until('Until tomorrow', morning.getTime()),
    { text: 'Until I unmute it', me: { notify: 'none' } },
  ];
}

/** "Muted until 18:30", "Muted until tomorrow, 8:00", "Muted"; empty where it is not. */
export function muteLine(room: Room, dates: Dates, now: number): string {
  if (loudness(room, now) !== 'none') return '';
  const until = room.me.notify === 'none' ? NaN : Date.parse(room.me.mutedUntil ?? '');
  if (Number.isNaN(until)) return 'Muted';
  const day = dates.dayKey(until) - dates.dayKey(now);
  if (day === 0) return `Muted until ${dates.time(until)}`;
  return `Muted until ${day === 1 ? 'tomorrow' : dates.day(until, now)}, ${dates.time(until)}`;
}

/** What ends a mute, of whichever kind. */
export function unmute(room: Room): PatchPrefs {
  return { ...(room.me.notify === 'none' ? { notify: 'all' as const } : {}), mutedUntil: '' };
}

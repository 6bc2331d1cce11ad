/** How times are worded. Pure: the locale, the zone and "now" come from outside. */
import { Bounded } from './bounded.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

export interface Dates {
  /** "10:32", "10:32 AM" */
  time(at: number): string;
  /** As `time`, without AM or PM: for a narrow margin. */
  bareTime(at: number): string;
  /** "Saturday, 21 November 2026, 10:32", for tooltips and assistive technology. */
  full(at: number): string;
  /** "Sat 21 Nov, 10:32": a time to come, where there is little room. */
  brief(at: number): string;
  /** "Today", "Yesterday", "Tuesday", "3 March", "3 March 2025". */
  day(at: number, now: number): string;
  /** The shortest telling form, for lists: "now", "5 min", "10:32", "Tue", "3 Mar", "3 Mar 2025". */
  short(at: number, now: number): string;
  /** Equal for two times on the same local day; ascending. */
  dayKey(at: number): number;
}

/** Formatters for one locale (default: the browser's) and zone (default: the system's). */
export function createDates(locale?: string, timeZone?: string): Dates {
  const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
    new Intl.DateTimeFormat(locale, timeZone === undefined ? options : { ...options, timeZone });
  const clock = format({ hour: 'numeric', minute: '2-digit' });
  const full = format({ dateStyle: 'full', timeStyle: 'short' });
  const brief = format({
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
  });
  const weekday = format({ weekday: 'long' });
  const shortWeekday = format({ weekday: 'short' });
  const monthDay = format({ day: 'numeric', month: 'long' });
  const shortMonthDay = format({ day: 'numeric', month: 'short' });
  const dated = format({ day: 'numeric', month: 'long', year: 'numeric' });
  const shortDated = format({ day: 'numeric', month: 'short', year: 'numeric' });
  const parts = new Intl.DateTimeFormat('en-CA', {
    ...(timeZone === undefined ? {} : { timeZone }),
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });

  const dayKey = (at: number): number => Math.round(Date.parse(parts.format(at)) / DAY);
  const sameYear = (a: number, b: number): boolean =>
    parts.format(a).slice(0, 4) === parts.format(b).slice(0, 4);

  return {
    time: byMinute((at) => clock.format(at)),
    bareTime: byMinute((at) =>
      clock
        .formatToParts(at)
        .filter((part) => part.type !== 'dayPeriod')
        .map((part) => part.value)
        .join('')
        .trim(),
    ),
    full: byMinute((at) => full.format(at)),
    brief: (at) => brief.format(at),
    dayKey,
    day(at, now) {
      const ago = dayKey(now) - dayKey(at);
      if (ago === 0) return 'Today';
      if (ago === 1) return 'Yesterday';
      if (ago > 1 && ago < 7) return weekday.format(at);
      return sameYear(at, now) ? monthDay.format(at) : dated.format(at);
    },
    short(at, now) {
      const since = now - at;
      if (since < MINUTE) return 'now';
      if (since < 60 * MINUTE) return `${String(Math.floor(since / MINUTE))} min`;
      const ago = dayKey(now) - dayKey(at);
      if (ago === 0) return clock.format(at);
      if (ago < 7) return shortWeekday.format(at);
      return sameYear(at, now) ? shortMonthDay.format(at) : shortDated.format(at);
    },
  };
}

/** Minutes whose words are kept. */
const KEPT = 500;

/** Words that tell no seconds, kept: those who write, write within minutes, and each of their messages has its time. */
function byMinute(word: (at: number) => string): (at: number) => string {
  const words = new Bounded<string>(KEPT);
  return (at) => words.get(String(Math.floor(at / MINUTE)), () => word(at));
}

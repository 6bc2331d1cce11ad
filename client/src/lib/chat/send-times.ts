/** Times that people send later at, in the browser's zone. Pure: "now" comes from outside. */

export interface SendTime {
  readonly label: string;
  readonly at: Date;
}

const MORNING = 9;
const EVENING = 18;
/** Monday, as `Date` counts days. */
const MONDAY = 1;

/** What is offered at this moment; each lies at least half an hour ahead. */
export function sendTimes(now: Date): readonly SendTime[] {
  const tomorrow = day(now, 1);
  const toMonday = (MONDAY - now.getDay() + 7) % 7 || 7;
  const times = [
    { label: 'In one hour', at: new Date(now.getTime() + 3_600_000) },
    { label: 'This evening', at: hour(now, EVENING) },
    { label: 'Tomorrow morning', at: hour(tomorrow, MORNING) },
    { label: 'Monday morning', at: hour(day(now, toMonday), MORNING) },
  ];
  // On Sunday, tomorrow is Monday.
  return times.filter(
    ({ at }, i) =>
      at.getTime() - now.getTime() >= 1_800_000 &&
      times.findIndex((other) => other.at.getTime() === at.getTime()) === i,
  );
}

/** A time as `<input type="datetime-local">` has it, and back; undefined for what is no time. */
export function toInput(at: Date): string {
  const two = (n: number): string => String(n).padStart(2, '0');
  const date = `${String(at.getFullYear())}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${date}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
export function fromInput(text: string): Date | undefined {
  const at = new Date(text);
  return Number.isNaN(at.getTime()) ? undefined : at;
}

function day(now: Date, ahead: number): Date {
  const at = new Date(now);
  at.setDate(at.getDate() + ahead);
  return at;
}

function hour(date: Date, hours: number): Date {
  const at = new Date(date);
  at.setHours(hours, 0, 0, 0);
  return at;
}

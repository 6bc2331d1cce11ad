const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'] as const;

/** "1 byte", "820 bytes", "1.4 MB", "12 MB": two digits that count, in the steps of 1,024 that file managers use. */
export function formatSize(bytes: number): string {
  if (bytes === 1) return '1 byte';
  let value = Math.max(0, bytes);
  let unit = 0;
  // What would be rounded to 1,024 belongs to the next unit already.
  while (Math.round(value) >= 1_024 && unit < UNITS.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  const digits = unit > 0 && value < 9.95 ? value.toFixed(1).replace(/\.0$/u, '') : String(Math.round(value));
  return `${digits} ${UNITS[unit] ?? ''}`;
}

/** "0:07", "12:40", "1:02:03". */
export function formatDuration(seconds: number): string {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  const two = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${String(minutes)}:${two(whole % 60)}`;
  return `${String(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(whole % 60)}`;
}

/**
 * A list that grows at both ends at once cannot be anchored in one go: history above is held from the end, new messages
 * below from the start. So one change becomes up to two steps, each of one kind.
 */
export interface Keyed {
  readonly key: string;
}
export interface Step<T extends Keyed> {
  readonly rows: readonly T[];
  /** Rows came (or went) at the start: hold the position from the end. */
  readonly shift: boolean;
}

/** The steps that lead from `before` to `after`. */
export function steps<T extends Keyed>(before: readonly T[], after: readonly T[]): readonly Step<T>[] {
  const first = before[0];
  const last = before.at(-1);
  if (first === undefined || last === undefined || after.length === 0) return [{ rows: after, shift: false }];
  const start = after.findIndex((row) => row.key === first.key);
  if (start === 0) return [{ rows: after, shift: false }];
  if (start === -1) return [{ rows: after, shift: after.at(-1)?.key === last.key }];
  const end = after.findLastIndex((row) => row.key === last.key);
  if (end === after.length - 1) return [{ rows: after, shift: true }];
  if (end === -1) return [{ rows: after, shift: false }];
  return [
    { rows: after.slice(0, end + 1), shift: true },
    { rows: after, shift: false },
  ];
}

/** What a list tells its rows apart by. */
export interface Keyed {
  readonly key: string;
}

/** Where the row `key` stands; looked for where it was first, since most changes are at the ends. */
export function indexOfKey(rows: readonly Keyed[], key: string, before: number): number {
  return rows[before]?.key === key ? before : rows.findIndex((row) => row.key === key);
}

import { TALLY_USERS, type Tally } from './log.ts';

/** What one person wrote in one thread. */
export interface Share {
  readonly root: number;
  readonly sender: string;
  readonly replies: number;
  readonly seq: number;
  readonly at: Date;
}

/** Threads by root, from what each person wrote in them. */
export function tally(shares: readonly Share[]): ReadonlyMap<number, Tally> {
  const threads = new Map<number, Share[]>();
  for (const share of shares) threads.set(share.root, [...(threads.get(share.root) ?? []), share]);
  return new Map([...threads].map(([root, all]) => [root, sum(all)]));
}

function sum(shares: readonly Share[]): Tally {
  const latest = shares.toSorted((a, b) => b.seq - a.seq);
  return {
    replies: shares.reduce((all, { replies }) => all + replies, 0),
    seq: latest[0]?.seq ?? 0,
    at: latest[0]?.at ?? new Date(0),
    users: [...new Set(latest.map(({ sender }) => sender))].slice(0, TALLY_USERS),
  };
}

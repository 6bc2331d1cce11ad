import type { Findings } from '../check/findings.ts';
import type { SeqBits } from '../check/seq-bits.ts';
import type { Member } from './member.ts';

type Acked = ReadonlyMap<string, SeqBits>;

/** Whether the socket has everything up to the last acknowledged message of each of its rooms. */
export function hasAll(member: Member, acked: Acked): boolean {
  for (const { room, view } of member.places) if (view.known < (acked.get(room)?.max ?? 0)) return false;
  return true;
}

/** Adds what the socket lacks of the acknowledged messages of its rooms. */
export function missing(member: Member, acked: Acked, findings: Findings): void {
  for (const { room, view } of member.places) {
    for (const seq of acked.get(room)?.all(view.known) ?? [])
      if (!view.has(seq))
        findings.add('lost', `${room} ${seq} is not in the view of socket ${member.seat.index}`);
  }
}

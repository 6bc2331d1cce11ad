import type { Broken } from '../options.ts';
import { between, type Random } from '../random.ts';
import type { PlannedFault } from '../schedule.ts';

/** ms between two of the faults that make a missing part show. */
const INTERVAL = 5_000;
/** ms at the end in which nothing is added. */
const CALM = 20_000;

/** A seed's own faults, and those besides that the switched-off part was there for. */
export function provoke(
  broken: Broken,
  random: Random,
  faults: readonly PlannedFault[],
  duration: number,
): readonly PlannedFault[] {
  const added: PlannedFault[] = [];
  for (let start = INTERVAL; start < duration - CALM; start += INTERVAL)
    for (const { at, fault } of provocations(broken, start, random)) added.push({ at: start + at, fault });
  return [...faults, ...added].sort((a, b) => a.at - b.at);
}

function provocations(broken: Broken, start: number, random: Random): readonly PlannedFault[] {
  switch (broken) {
    case 'idempotency':
      return [{ at: 0, fault: { kind: 'pause', process: 'api-1', ms: between(random, 2_000, 4_000) } }];
    case 'repair':
      // Away for so long that no gateway replays what was missed.
      return start % (6 * INTERVAL) === INTERVAL
        ? [{ at: 0, fault: { kind: 'link', of: 'clients', how: 'cut', ms: 20_000 } }]
        : [];
    case 'positioning':
      return [{ at: 0, fault: { kind: 'link', of: 'redis', how: 'cut', ms: between(random, 300, 1_500) } }];
    case 'deciding':
    case 'nothing':
      // Readers come back while numbers are open, and are away when these land.
      return [
        { at: 0, fault: { kind: 'drop', of: 'clients' } },
        { at: 3_000, fault: { kind: 'link', of: 'clients', how: 'cut', ms: 1_500 } },
      ];
  }
}

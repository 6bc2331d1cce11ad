/** Decides whether what was seen is what was promised. Pure, and shares nothing with the product's own code. */
import type { Evidence, FreshRead } from '../evidence.ts';
import { againstAnswers } from './answers.ts';
import { againstChanges } from './changes.ts';
import { late } from './delivery.ts';
import { overheard } from './membership.ts';
import { againstLanes, againstReads, wrongOrder } from './order.ts';
import { againstUnread } from './unread.ts';
import { againstView } from './views.ts';
import { violation, type Violation } from './violation.ts';

export type { About, Violation, ViolationKind } from './violation.ts';

/** Every violation, none when all is well. */
export function judge(evidence: Evidence): readonly Violation[] {
  const truth = new Map<string, FreshRead>();
  for (const read of evidence.reads) if (!truth.has(read.room)) truth.set(read.room, read);
  return [
    ...evidence.reads.flatMap((read) => wrongOrder(read.rows, `${read.room} by ${read.node}`, read.room)),
    ...againstReads(truth, evidence.reads),
    ...againstAnswers(truth, evidence),
    ...againstChanges(truth, evidence),
    ...againstLanes(truth, evidence.sends),
    ...evidence.views.flatMap((view) => againstView(view, truth.get(view.room)?.rows ?? [])),
    ...evidence.unread.flatMap((unread) => againstUnread(unread, truth.get(unread.room)?.rows ?? [], 'API')),
    ...late(evidence),
    ...overheard(evidence),
    ...evidence.stopped.map(({ device, reason }) => violation('stopped', device, reason)),
  ];
}

import type { FrameContract } from './frames.ts';

/** An error answer of the REST API. */
export interface Refusal {
  readonly call: string;
  readonly status: number;
  readonly type: string;
  readonly retryAfter: string | null;
  readonly body: unknown;
}

/** Refusals kept for the checks at the end; beyond that they repeat themselves. */
const MAX_REFUSALS = 2_000;

/** What one run of the suite has seen in all: frames by type, and every error answer. */
export class Observer {
  readonly contract: FrameContract;
  readonly frames = new Map<string, number>();
  readonly refusals: Refusal[] = [];

  constructor(contract: FrameContract) {
    this.contract = contract;
  }

  /** Counts a gateway's frame and gives what is wrong with it. */
  received(frame: unknown): readonly string[] {
    const type = (frame as { readonly type?: unknown } | null)?.type;
    if (typeof type === 'string') this.frames.set(type, (this.frames.get(type) ?? 0) + 1);
    return this.contract.complaints('toClient', frame);
  }

  refused(refusal: Refusal): void {
    if (this.refusals.length < MAX_REFUSALS) this.refusals.push(refusal);
  }
}

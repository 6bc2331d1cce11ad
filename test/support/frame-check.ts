/** Every frame that tests see or send is checked against docs/asyncapi.yaml: one that is not as it says fails the test. */
import { FrameContract, type Direction } from '../../conformance/contract/frames.ts';

const MAX_KEPT = 20;
const wrong: string[] = [];
let contract: FrameContract | undefined;

/** Notes what is wrong with a frame; the test that runs fails for it when it ends. */
export function checkFrame(direction: Direction, frame: unknown): void {
  contract ??= new FrameContract();
  for (const complaint of contract.complaints(direction, frame)) {
    if (wrong.length < MAX_KEPT) wrong.push(complaint);
  }
}

/** Gives what was noted, once. */
export function takeComplaints(): readonly string[] {
  return wrong.splice(0);
}

// Also imported outside mocha, where nobody asks; what is kept is bounded.
if (typeof afterEach === 'function') {
  afterEach('every frame is as docs/asyncapi.yaml says', () => {
    const complaints = takeComplaints();
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
  });
}

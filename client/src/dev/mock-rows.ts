import { ApiError } from '../../../shared/sdk/index.ts';
import { Value } from '../../../shared/sdk/observable.ts';
import type { SendState, Timeline, TimelineItem } from '../../../shared/sdk/types.ts';
import type { Message } from '../../../shared/wire/rest.ts';

/** The rows of an invented conversation, and how they change. */
export class MockRows {
  readonly timeline: Value<Timeline>;

  constructor(readSeqAtOpen: number) {
    this.timeline = new Value<Timeline>({
      items: [],
      atStart: false,
      detached: false,
      loadingOlder: false,
      loading: true,
      readSeqAtOpen,
    });
  }

  get(key: string): TimelineItem | undefined {
    return this.timeline.get().items.find((item) => item.key === key);
  }

  at(seq: number): TimelineItem | undefined {
    return this.timeline.get().items.find(({ message }) => 'seq' in message && message.seq === seq);
  }

  /** Gives a stored message other fields, as a change numbered `rev`. */
  change(seq: number, rev: number, fields: Partial<Message>): void {
    const item = this.at(seq);
    if (item === undefined) throw new ApiError('not_found', 'no such message');
    this.replace(item.key, { ...item, message: { ...item.message, ...fields, rev } });
  }

  patch(patch: Partial<Timeline>): void {
    this.timeline.set({ ...this.timeline.get(), ...patch });
  }

  append(item: TimelineItem): void {
    this.patch({ items: [...this.timeline.get().items, item] });
  }

  replace(key: string, next: TimelineItem): void {
    this.patch({ items: this.timeline.get().items.map((item) => (item.key === key ? next : item)) });
  }

  setState(key: string, state: SendState): void {
    const item = this.get(key);
    if (item !== undefined) this.replace(key, { ...item, state });
  }
}

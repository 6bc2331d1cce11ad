import { placeKey } from '../wire/writing.ts';
import type { Draft, DraftBody, PatchScheduledBody, Scheduled, ScheduleBody } from '../wire/rest.ts';
import type { Api } from './api.ts';
import { Value } from './observable.ts';

/** What of the API it needs. */
type WritingApi = Pick<
  Api,
  'drafts' | 'setDraft' | 'scheduled' | 'schedule' | 'changeScheduled' | 'cancelScheduled'
>;

/** What was written and not sent, as the server has it: read when the socket is ready, kept up by frames. */
export class Writing {
  /** By `placeKey`; one with an empty text has ended. */
  readonly drafts = new Value<ReadonlyMap<string, Draft>>(new Map());
  /** Whether the server's list is among `drafts`: one that is not there has ended. */
  readonly draftsRead = new Value(false);
  /** Soonest first. */
  readonly scheduled = new Value<readonly Scheduled[]>([]);
  readonly #api: WritingApi;
  readonly #warn: (message: string, error: unknown) => void;
  /** Grows when somebody else signs in: answers from before are not theirs. */
  #epoch = 0;

  constructor(api: WritingApi, warn: (message: string, error: unknown) => void) {
    this.#api = api;
    this.#warn = warn;
  }

  onReady(): void {
    this.#readDrafts().catch((error: unknown) => {
      this.#warn('the drafts could not be read', error);
    });
    this.onScheduled();
  }

  onDraft({ room, thread, text, replyTo, v, at }: Draft): void {
    const known = this.drafts.get();
    const place = { room, ...(thread === undefined ? {} : { thread }) };
    const key = placeKey(place);
    if ((known.get(key)?.v ?? 0) >= v) return;
    const draft = { ...place, text, ...(replyTo === undefined ? {} : { replyTo }), v, at };
    this.drafts.set(new Map(known).set(key, draft));
  }

  onScheduled(): void {
    this.#readScheduled().catch((error: unknown) => {
      this.#warn('the scheduled messages could not be read', error);
    });
  }

  async setDraft(room: string, body: DraftBody): Promise<Draft> {
    const epoch = this.#epoch;
    const draft = await this.#api.setDraft(room, body);
    if (epoch === this.#epoch) this.onDraft(draft);
    return draft;
  }

  async schedule(room: string, body: ScheduleBody): Promise<void> {
    await this.#api.schedule(room, body);
    await this.#readScheduled();
  }

  async changeScheduled(id: string, patch: PatchScheduledBody): Promise<void> {
    await this.#api.changeScheduled(id, patch);
    await this.#readScheduled();
  }

  async cancelScheduled(id: string): Promise<void> {
    await this.#api.cancelScheduled(id);
    await this.#readScheduled();
  }

  clear(): void {
    this.#epoch += 1;
    this.draftsRead.set(false);
    this.drafts.set(new Map());
    this.scheduled.set([]);
  }

  async #readDrafts(): Promise<void> {
    const epoch = this.#epoch;
    const before = this.drafts.get();
    const listed = await this.#api.drafts();
    if (epoch !== this.#epoch) return;
    const drafts = new Map(listed.map((draft) => [placeKey(draft), draft]));
    for (const [key, now] of this.drafts.get()) {
      const read = drafts.get(key);
      // What came while the list was read may be newer than it; what is not in it had ended.
      if (now !== before.get(key) && now.v > (read?.v ?? 0)) drafts.set(key, now);
      else if (read === undefined) drafts.set(key, { ...now, text: '' });
      else if (now.v > read.v) drafts.set(key, now);
    }
    this.draftsRead.set(true);
    this.drafts.set(drafts);
  }

  async #readScheduled(): Promise<void> {
    const epoch = this.#epoch;
    const scheduled = await this.#api.scheduled();
    if (epoch === this.#epoch) this.scheduled.set(scheduled);
  }
}

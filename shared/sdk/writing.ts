import { placeKey } from '../wire/writing.ts';
import type { Draft, DraftBody, PatchScheduledBody, Scheduled, ScheduleBody } from '../wire/rest.ts';
import type { Api } from './api.ts';
import { Value } from './observable.ts';
import { Reading } from './reading.ts';

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
  readonly #readDrafts: Reading<Read>;
  readonly #readScheduled: Reading<readonly Scheduled[]>;
  /** Grows when somebody else signs in: answers from before are not theirs. */
  #epoch = 0;

  constructor(api: WritingApi, warn: (message: string, error: unknown) => void, retry?: number) {
    this.#api = api;
    const patience = retry === undefined ? {} : { retry };
    this.#readDrafts = new Reading({
      fetch: async () => ({ before: this.drafts.get(), listed: await api.drafts() }),
      apply: (read) => {
        this.#onDrafts(read);
      },
      onError: (error) => {
        warn('the drafts could not be read yet', error);
      },
      ...patience,
    });
    this.#readScheduled = new Reading({
      fetch: () => api.scheduled(),
      apply: (scheduled) => {
        this.scheduled.set(scheduled);
      },
      onError: (error) => {
        warn('the scheduled messages could not be read yet', error);
      },
      ...patience,
    });
  }

  onReady(): void {
    void this.#readDrafts.start();
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
    void this.#readScheduled.start();
  }

  async setDraft(room: string, body: DraftBody): Promise<Draft> {
    const epoch = this.#epoch;
    const draft = await this.#api.setDraft(room, body);
    if (epoch === this.#epoch) this.onDraft(draft);
    return draft;
  }

  async schedule(room: string, body: ScheduleBody): Promise<void> {
    await this.#api.schedule(room, body);
    await this.#readScheduled.start();
  }

  async changeScheduled(id: string, patch: PatchScheduledBody): Promise<void> {
    await this.#api.changeScheduled(id, patch);
    await this.#readScheduled.start();
  }

  async cancelScheduled(id: string): Promise<void> {
    await this.#api.cancelScheduled(id);
    await this.#readScheduled.start();
  }

  clear(): void {
    this.#epoch += 1;
    this.#readDrafts.stop();
    this.#readScheduled.stop();
    this.draftsRead.set(false);
    this.drafts.set(new Map());
    this.scheduled.set([]);
  }

  #onDrafts({ before, listed }: Read): void {
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
}

/** The server's list, and what was known when it was asked for. */
interface Read {
  readonly before: ReadonlyMap<string, Draft>;
  readonly listed: readonly Draft[];
}

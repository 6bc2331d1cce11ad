import { notFound, ParleyError } from '../../shared/node/errors.ts';
import type { Scheduled, ScheduleBody, PatchScheduledBody } from '../../shared/wire/rest.ts';
import type { LogStore } from '../store/log.ts';
import type { ScheduledStore, StoredScheduled } from '../store/scheduled.ts';
import { checkReferences } from './references.ts';
import type { Senders } from './sends.ts';
import type { Signals } from './signals.ts';

/** Messages of one user that may wait. */
const MAX_WAITING = 100;
/** ms from now within which a time must lie. */
const FARTHEST = 366 * 24 * 3_600_000;

export interface ScheduledDeps {
  readonly store: ScheduledStore;
  readonly members: Senders;
  readonly log: Pick<LogStore, 'at'>;
  readonly signals: Pick<Signals, 'scheduled'>;
}

/** Messages to be sent later, as their writers see and change them. */
export class ScheduledMessages {
  readonly #deps: ScheduledDeps;

  constructor(deps: ScheduledDeps) {
    this.#deps = deps;
  }

  /** Soonest first. */
  async of(user: string): Promise<Scheduled[]> {
    return (await this.#deps.store.ofUser(user, MAX_WAITING)).map(shown);
  }

  /**
   * The same clientId again gives the first. Refused as sending it now would be; besides `invalid` (time), `conflict`
   * (too many).
   */
  async add(user: string, room: string, { at: time, ...draft }: ScheduleBody): Promise<Scheduled> {
    await this.#deps.members.requireWriter(user, room);
    const at = timeOf(time);
    const refers = draft.replyTo !== undefined || draft.thread !== undefined;
    if (refers) await checkReferences(this.#deps.log, room, draft);
    if ((await this.#deps.store.ofUser(user, MAX_WAITING)).length >= MAX_WAITING)
      throw new ParleyError('conflict', `No more than ${MAX_WAITING} messages can wait at a time.`);
    const added = await this.#deps.store.insert({ ...draft, user, room, at });
    await this.#deps.signals.scheduled(user);
    return shown(added);
  }

  /** Another text or time; one that had failed is tried again. Rejects `conflict` while it is being sent. */
  async change(user: string, id: string, patch: PatchScheduledBody): Promise<Scheduled> {
    const before = await this.#get(user, id);
    const at = patch.at === undefined ? before.at : timeOf(patch.at);
    const text = patch.text ?? before.text;
    const changed = await this.#deps.store.change(before, { text, at, due: at, claimed: false });
    if (changed === undefined) throw busy();
    await this.#deps.signals.scheduled(user);
    return shown(changed);
  }

  /** Rejects `conflict` while it is being sent. */
  async remove(user: string, id: string): Promise<void> {
    if (!(await this.#deps.store.delete(await this.#get(user, id)))) throw busy();
    await this.#deps.signals.scheduled(user);
  }

  async #get(user: string, id: string): Promise<StoredScheduled> {
    const found = await this.#deps.store.get(id, user);
    if (found === undefined) throw notFound('scheduled message');
    if (found.claimed === true) throw busy();
    return found;
  }
}

const busy = (): ParleyError => new ParleyError('conflict', 'The message is being sent at this moment.');

function timeOf(text: string): Date {
  const at = new Date(text);
  const ahead = at.getTime() - Date.now();
  if (ahead < 0) throw new ParleyError('invalid', 'at must lie in the future');
  if (ahead > FARTHEST) throw new ParleyError('invalid', 'at must lie within a year');
  return at;
}

function shown({ id, room, clientId, text, replyTo, thread, at, failed }: StoredScheduled): Scheduled {
  return {
    ...{ id, room, clientId, text, at: at.toISOString() },
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(thread === undefined ? {} : { thread }),
    ...(failed === undefined ? {} : { failed }),
  };
}

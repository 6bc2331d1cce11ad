import { Turnstile } from '../../shared/node/turnstile.ts';
import type { LogPage } from '../../shared/wire/rest.ts';
import type { Rest } from '../rest.ts';
import { pause } from '../clock.ts';
import type { Member } from './member.ts';
import type { Place } from './place.ts';
import type { Tally } from './tally.ts';

/** Reads of one process that are under way at once. */
const AT_ONCE = 8;
/** Answers without progress before it is left to the next hole's patience. */
const MAX_IDLE = 10;
const IDLE_PAUSE = 1_000;

/** Reads the log for sockets that were told they lack something. */
export class LogReader {
  readonly #rest: Rest;
  readonly #tally: Tally;
  readonly #token: (user: number) => string;
  readonly #turnstile = new Turnstile(AT_ONCE);

  constructor(rest: Rest, tally: Tally, token: (user: number) => string) {
    this.#rest = rest;
    this.#tally = tally;
    this.#token = token;
  }

  /** Until the socket has everything up to `to`, or is gone. Never rejects. */
  async read(member: Member, place: Place, to: number): Promise<void> {
    if (place.isReading) return;
    place.isReading = true;
    const leave = await this.#turnstile.enter();
    try {
      let idle = 0;
      while (place.view.known < to && member.isReady && idle < MAX_IDLE) {
        const after = place.view.known;
        await this.#page(member, place, after);
        if (place.view.known > after) continue;
        idle += 1;
        await pause(IDLE_PAUSE);
      }
    } finally {
      leave();
      place.isReading = false;
    }
  }

  async #page(member: Member, place: Place, after: number): Promise<void> {
    this.#tally.count.logReads += 1;
    try {
      const path = `/rooms/${place.room}/log`;
      const page = await this.#rest.as<LogPage>(this.#token(member.seat.user), 'GET', path, {
        query: { after },
      });
      // Frames that came meanwhile moved it on; numbers below were told by them.
      if (page.to > place.view.known) member.readPage(place, page);
    } catch {
      this.#tally.error('log read');
    }
  }
}

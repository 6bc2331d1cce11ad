import type { Bus } from '../../shared/node/bus.ts';
import { encodeEnvelope, Kind } from '../../shared/node/envelope.ts';
import { roomChannel, userChannel } from '../../shared/node/keys.ts';
import type { Logger } from '../../shared/node/logger.ts';
import {
  encodeFrame,
  type PrefsFrame,
  type ServerFrame,
  type ThreadFrame,
} from '../../shared/wire/protocol.ts';
import type { Draft, UserSummary } from '../../shared/wire/rest.ts';
import type { StoredRoom } from '../store/rooms.ts';
import type { RoomLists } from './room-lists.ts';
import { roomFrame } from './room-news.ts';
import type { RoomViews } from './room-views.ts';

/**
 * Tells gateways of changes of rooms, memberships, users and sessions, after they are stored and cached lists are
 * invalidated. Never fails a request: a signal that is lost is repaired by the gateways, which read the lists again.
 */
export class Signals {
  readonly #bus: Bus;
  readonly #views: RoomViews;
  readonly #lists: Pick<RoomLists, 'raiseVersion'>;
  readonly #logger: Logger;

  constructor(deps: {
    readonly bus: Bus;
    readonly views: RoomViews;
    readonly lists: Pick<RoomLists, 'raiseVersion'>;
    readonly logger: Logger;
  }) {
    this.#bus = deps.bus;
    this.#views = deps.views;
    this.#lists = deps.lists;
    this.#logger = deps.logger;
  }

  /** To all who are in the room, and to who comes back to it with an older list. */
  async roomChanged(room: StoredRoom): Promise<void> {
    await this.#lists.raiseVersion(room.id, room.v);
    await this.#attempt('room', async () => {
      const frame = await roomFrame(this.#views, room);
      await this.#bus.publish(roomChannel(room.id), encodeEnvelope(Kind.room, room.id, room.v, frame));
    });
  }

  /**
   * To each new member. The head is read here, after their membership was stored: what is at or below it they load,
   * what is above it reaches them live.
   */
  async joined(room: StoredRoom, users: readonly string[]): Promise<void> {
    await this.#attempt('joined', async () => {
      const view = await this.#views.shared(room);
      const publish = async (user: string) => {
        const peer = await this.#views.peer(room, user);
        const mine = peer === undefined ? view : { ...view, peer };
        const frame = encodeFrame({ type: 'room', room: mine, head: view.head });
        await this.#bus.publish(userChannel(user), encodeEnvelope(Kind.room, room.id, view.head, frame));
      };
      await Promise.all(users.map(publish));
    });
  }

  /** To each who is out. */
  async removed(room: string, v: number, users: readonly string[]): Promise<void> {
    const envelope = encodeEnvelope(Kind.removed, room, v, encodeFrame({ type: 'room.removed', room, v }));
    await this.#attempt('removed', () =>
      Promise.all(users.map((user) => this.#bus.publish(userChannel(user), envelope))),
    );
  }

  /** To the room as such: it is gone. */
  async roomGone(room: string, v: number): Promise<void> {
    await this.#attempt('gone', () =>
      this.#bus.publish(roomChannel(room), encodeEnvelope(Kind.removed, room, v, '')),
    );
  }

  /** To the user's own devices. */
  async prefs(user: string, room: string, me: PrefsFrame['me'], self?: number): Promise<void> {
    await this.#tellOwn(user, room, { type: 'prefs', room, me, ...(self === undefined ? {} : { self }) });
  }

  /** To the user's own devices. */
  async draft(user: string, draft: Draft): Promise<void> {
    await this.#tellOwn(user, draft.room, { type: 'draft', ...draft });
  }

  /** To the user's own devices: the list is to be read again. */
  async scheduled(user: string): Promise<void> {
    await this.#tellOwn(user, '', { type: 'scheduled' });
  }

  /** To the user's own devices. */
  async thread(user: string, frame: Omit<ThreadFrame, 'type'>): Promise<void> {
    await this.#tellOwn(user, frame.room, { type: 'thread', ...frame });
  }

  /** To the user's own devices: whom they blocked. */
  async blocks(user: string, users: readonly string[], self: number): Promise<void> {
    await this.#tellOwn(user, '', { type: 'blocks', users, self });
  }

  /** To the gateways with the user's devices: what they may see of whom has changed. */
  async lookAgain(user: string): Promise<void> {
    await this.#attempt('look again', () =>
      this.#bus.publish(userChannel(user), encodeEnvelope(Kind.prefs, '', 0, '')),
    );
  }

  /** To these rooms and to the user's own devices, which are told the version of it as well. */
  async userChanged(user: UserSummary, rooms: readonly string[], self: number): Promise<void> {
    const frame = encodeFrame({ type: 'user', user });
    const own = self === 0 ? frame : encodeFrame({ type: 'user', user, self });
    await this.#attempt('user', () =>
      Promise.all([
        this.#bus.publish(userChannel(user.id), encodeEnvelope(Kind.user, '', 0, own)),
        ...rooms.map((room) =>
          this.#bus.publish(roomChannel(room), encodeEnvelope(Kind.user, room, 0, frame)),
        ),
      ]),
    );
  }

  /** Closes the sockets of these sessions, or of all of the user's. */
  async sessionsEnded(user: string, sessions: readonly string[] | '*'): Promise<void> {
    const bodies = sessions === '*' ? ['*'] : sessions;
    await this.#attempt('session ended', () =>
      Promise.all(
        bodies.map((body) =>
          this.#bus.publish(userChannel(user), encodeEnvelope(Kind.sessionEnded, '', 0, body)),
        ),
      ),
    );
  }

  async #tellOwn(user: string, room: string, frame: ServerFrame): Promise<void> {
    const envelope = encodeEnvelope(Kind.prefs, room, 0, encodeFrame(frame));
    await this.#attempt(frame.type, () => this.#bus.publish(userChannel(user), envelope));
  }

  async #attempt(signal: string, publish: () => Promise<unknown>): Promise<void> {
    try {
      await publish();
    } catch (error) {
      this.#logger.warn({ err: error, signal }, 'a signal was not published');
    }
  }
}

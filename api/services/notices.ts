import type { Logger } from '../../shared/node/logger.ts';
import type { NoticeEvent, Role } from '../../shared/wire/rest.ts';
import type { StoredRoom } from '../store/rooms.ts';
import type { Directory } from './directory.ts';
import type { LogPort } from './ports.ts';

/** Names in one notice; the rest are counted. */
const MAX_NAMES = 5;
/** Ids in one notice. */
const MAX_IDS = 50;

/** Notices in a room's log of what happened to the room. One that cannot be written is logged, never more. */
export class Notices {
  readonly #log: LogPort;
  readonly #directory: Directory;
  readonly #logger: Logger;

  constructor(deps: { readonly log: LogPort; readonly directory: Directory; readonly logger: Logger }) {
    this.#log = deps.log;
    this.#directory = deps.directory;
    this.#logger = deps.logger;
  }

  async created(room: StoredRoom, by: string): Promise<void> {
    await this.#write(
      room.id,
      by,
      { name: 'created', value: room.name ?? '' },
      (names) => `${names(by)} created “${room.name ?? ''}”`,
    );
  }

  async joined(room: string, user: string): Promise<void> {
    await this.#write(room, user, { name: 'joined', users: [user] }, (names) => `${names(user)} joined`);
  }

  async joinedByInvite(room: string, user: string, inviter: string): Promise<void> {
    await this.#write(
      room,
      user,
      { name: 'joined', users: [user, inviter], value: 'invite' },
      (names) => `${names(user)} joined by an invite link of ${names(inviter)}`,
    );
  }

  async left(room: string, user: string): Promise<void> {
    await this.#write(room, user, { name: 'left', users: [user] }, (names) => `${names(user)} left`);
  }

  async added(room: string, by: string, users: readonly string[]): Promise<void> {
    await this.#write(room, by, { name: 'added', users }, (names) => `${names(by)} added ${names(...users)}`);
  }

  async removed(room: string, by: string, user: string): Promise<void> {
    await this.#write(
      room,
      by,
      { name: 'removed', users: [user] },
      (names) => `${names(by)} removed ${names(user)}`,
    );
  }

  async role(room: string, by: string, user: string, role: Role): Promise<void> {
    const text = { owner: 'the owner', admin: 'an admin', member: 'a member' }[role];
    await this.#write(
      room,
      by,
      { name: 'role', users: [user], value: role },
      (names) => `${names(by)} made ${names(user)} ${text}`,
    );
  }

  async renamed(room: string, by: string, value: string): Promise<void> {
    await this.#write(
      room,
      by,
      { name: 'renamed', value },
      (names) => `${names(by)} renamed the room to “${value}”`,
    );
  }

  async topic(room: string, by: string, value: string): Promise<void> {
    const what = value === '' ? 'cleared the topic' : `set the topic to “${value}”`;
    await this.#write(room, by, { name: 'topic', value }, (names) => `${names(by)} ${what}`);
  }

  async visibility(room: string, by: string, isPublic: boolean): Promise<void> {
    const value = isPublic ? 'public' : 'private';
    await this.#write(
      room,
      by,
      { name: 'visibility', value },
      (names) => `${names(by)} made the channel ${value}`,
    );
  }

  /** `value`: the message's seq. */
  async pinned(room: string, by: string, seq: number): Promise<void> {
    await this.#write(
      room,
      by,
      { name: 'pinned', value: String(seq) },
      (names) => `${names(by)} pinned a message`,
    );
  }

  async #write(
    room: string,
    by: string,
    event: NoticeEvent,
    text: (names: (...users: readonly string[]) => string) => string,
  ): Promise<void> {
    try {
      const known = await this.#directory.names([by, ...(event.users ?? []).slice(0, MAX_NAMES)]);
      const names = (...users: readonly string[]): string => {
        const shown = users.slice(0, MAX_NAMES).map((user) => known.get(user)?.displayName ?? '');
        return users.length > shown.length
          ? `${shown.join(', ')} and ${users.length - shown.length} more`
          : shown.join(', ');
      };
      const users = event.users === undefined ? {} : { users: event.users.slice(0, MAX_IDS) };
      await this.#log.notice(room, by, { ...event, ...users, by }, text(names));
    } catch (error) {
      this.#logger.warn({ err: error, room, event: event.name }, 'a notice was not written');
    }
  }
}

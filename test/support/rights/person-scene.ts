import { randomUUID } from 'node:crypto';
import type { Relation } from '../../../api/rights/people.ts';
import type { Room, Scheduled, Session, SessionInfo } from '../../../shared/wire/rest.ts';
import { digestOf } from './digest.ts';
import { newWord, type Answer, type Who, type World } from './world.ts';

/** Somebody who has everything one can have, and somebody who asks for it. */
export class PersonScene {
  readonly world: World;
  readonly relation: Relation;
  readonly subject: Who;
  /** Whom the subject blocked besides. */
  readonly third: Who;
  readonly #caller: Who | undefined;
  readonly email = `${newWord()}@example.org`;
  room = '';
  /** Of the caller, or of the subject where nobody calls. */
  callersRoom = '';
  scheduled = '';
  /** Another of the subject's sessions. */
  session = '';
  refreshToken = '';
  action = '';
  watching = false;
  changed = false;

  private constructor(world: World, relation: Relation, subject: Who, third: Who, caller: Who | undefined) {
    this.world = world;
    this.relation = relation;
    this.subject = subject;
    this.third = third;
    this.#caller = caller;
  }

  static async create(world: World, relation: Relation, password: string): Promise<PersonScene> {
    const register = (name: string): Promise<Who> => world.wire.register(name);
    const [subject, third, stranger] = await Promise.all([register('sue'), register('tom'), register('cal')]);
    const caller = { self: subject, other: stranger, blocked: stranger, anonymous: undefined }[relation];
    const scene = new PersonScene(world, relation, subject, third, caller);
    await scene.#fill(password);
    return scene;
  }

  /** Who asks; the subject where nobody does. */
  get caller(): Who {
    return this.#caller ?? this.subject;
  }

  async #fill(password: string): Promise<void> {
    const { subject, third, caller } = this;
    const by = <T>(method: string, path: string, body?: object): Promise<T> =>
      this.world.by<T>(subject, method, path, body);
    const create = async (who: Who): Promise<string> =>
      (await this.world.by<Room>(who, 'POST', '/rooms', { type: 'group', name: 'Own' })).id;
    await by('PATCH', '/users/me', { email: this.email });
    this.room = await create(subject);
    this.callersRoom = await create(caller);
    await by('PUT', `/rooms/${this.room}/draft`, { text: 'not yet' });
    const later = { clientId: randomUUID(), text: 'later', at: this.later };
    this.scheduled = (await by<Scheduled>('POST', `/rooms/${this.room}/scheduled`, later)).id;
    await by('PUT', `/users/me/blocks/${third.id}`);
    if (this.relation === 'blocked') await by('PUT', `/users/me/blocks/${caller.id}`);
    const login = { username: subject.username, password };
    const { refreshToken = '' } = await by<Session>('POST', '/auth/login', login);
    this.refreshToken = refreshToken;
    const { sessions } = await by<{ sessions: SessionInfo[] }>('GET', '/auth/sessions');
    this.session = sessions.find(({ current }) => !current)?.id ?? '';
  }

  get later(): string {
    return new Date(Date.now() + 86_400_000).toISOString();
  }

  /** A preparation by the subject, which must succeed; or how things stand. */
  by<T>(method: string, path: string, body?: object): Promise<T> {
    return this.world.by<T>(this.subject, method, path, body);
  }

  /** The caller's call whose right is tried. */
  async act(method: string, path: string, body?: unknown): Promise<Answer> {
    this.world.note(this.action, method, path);
    const before = this.watching ? await this.#digest() : '';
    const answer = await this.world.wire.call(method, path, {
      ...(this.#caller === undefined ? {} : { token: this.#caller.token }),
      ...(body === undefined ? {} : { body }),
    });
    this.changed = this.watching && (await this.#digest()) !== before;
    return answer;
  }

  #digest(): Promise<string> {
    const { db } = this.world;
    return digestOf(db, [this.room, this.callersRoom], [this.subject.id, this.caller.id]);
  }
}

import { randomUUID } from 'node:crypto';
import { mongo } from 'mongoose';
import type { Kind, Standing } from '../../../api/rights/standings.ts';
import type { Attachment, CreatedInvite, Message, Room } from '../../../shared/wire/rest.ts';
import { digestOf } from './digest.ts';
import { newWord, until, type Answer, type Who, type World } from './world.ts';

/** A room of one sort, and the kind whose rights hold in it. */
export interface Place {
  readonly name: string;
  readonly kind: Kind;
  readonly body: { readonly type: 'group' | 'channel' | 'dm'; readonly public?: boolean };
  /** Much like another one: only looking after it is tried. */
  readonly isTwin?: true;
}
/** What somebody is to it. */
export interface Spot {
  readonly place: Place;
  readonly standing: Standing;
}
export const PLACES: readonly Place[] = [
  { name: 'a group', kind: 'private', body: { type: 'group' } },
  { name: 'a private channel', kind: 'private', body: { type: 'channel', public: false }, isTwin: true },
  { name: 'a public channel', kind: 'public', body: { type: 'channel', public: true } },
  { name: 'a direct conversation', kind: 'dm', body: { type: 'dm' } },
];

/** What stands in a room before anything is tried there. */
export interface Made {
  /** By somebody else: the root of a thread, pinned, with a link and a reaction. */
  readonly first: number;
  readonly reply: number;
  readonly file: string;
  /** Where that stands. */
  readonly fileSeq: number;
  /** Uploaded by somebody else. */
  readonly unsent: string;
  /** The actor's own, where they were ever in the room. */
  readonly own?: number;
  readonly ownUnsent?: string;
  readonly ownInvite?: CreatedInvite;
}

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** One room, and one who is something to it. */
export class Scene implements Spot {
  readonly world: World;
  readonly place: Place;
  readonly standing: Standing;
  readonly name = newWord();
  readonly word = newWord();
  room = '';
  #made: Made | undefined;
  #last: { readonly preparations: number; readonly digest: string } | undefined;
  /** Under trial at the moment. */
  action = '';
  /** Whether what is tried is tried with a token. */
  isSignedIn = true;
  /** Whether a call must leave all as it was. */
  watching = false;
  changed = false;

  constructor(world: World, place: Place, standing: Standing) {
    this.world = world;
    this.place = place;
    this.standing = standing;
  }

  get actor(): Who {
    return this.world.cast.act;
  }
  get isDm(): boolean {
    return this.place.kind === 'dm';
  }
  get isIn(): boolean {
    return this.standing !== 'stranger' && this.standing !== 'removed';
  }
  /** Who may say everything there is to say about the room. */
  get owner(): Who {
    const { act, ann, col } = this.world.cast;
    if (this.standing === 'owner') return act;
    return this.standing === 'blocked' ? col : ann;
  }
  /** Somebody else, who is in the room. */
  get other(): Who {
    const { mia } = this.world.cast;
    return this.isDm && this.standing !== 'stranger' ? this.owner : mia;
  }
  get made(): Made {
    if (this.#made === undefined) throw new Error('an empty room');
    return this.#made;
  }

  /** The room, and in it who belongs there. */
  async open(): Promise<this> {
    const { ann, abe, mia, act } = this.world.cast;
    const wasIn = this.standing !== 'stranger' && this.standing !== 'owner';
    const body = this.isDm
      ? { type: 'dm', user: (this.standing === 'stranger' ? mia : act).id }
      : {
          ...this.place.body,
          name: this.name,
          members: [...(this.owner === ann ? [] : [ann]), abe, mia, ...(wasIn ? [act] : [])].map(
            ({ id }) => id,
          ),
        };
    this.room = (await this.world.by<Room>(this.owner, 'POST', '/rooms', body)).id;
    if (this.isDm) return this;
    await this.role(abe, 'admin');
    if (this.standing === 'admin') await this.role(act, 'admin');
    return this;
  }

  /** What it is about to hold; then who is out goes, and who is blocked is. */
  async fill(): Promise<this> {
    const byOthers = await this.#fillByOthers();
    const isKnown = this.standing !== 'stranger';
    this.#made = { ...byOthers, ...(isKnown ? await this.#fillByActor(byOthers.first) : {}) };
    await this.shut();
    return this;
  }

  /** The actor is out, or blocked, where they are to be. */
  async shut(): Promise<this> {
    const { act, col } = this.world.cast;
    if (this.standing === 'removed') await this.by(this.owner, 'DELETE', `/members/${act.id}`);
    if (this.standing !== 'blocked') return this;
    await this.world.by(col, 'PUT', `/users/me/blocks/${act.id}`);
    return this;
  }

  async #fillByOthers(): Promise<Pick<Made, 'first' | 'reply' | 'file' | 'fileSeq' | 'unsent'>> {
    const { word, other } = this;
    const { seq: first } = await this.say(other, `${word} https://example.invalid/ @${this.actor.username}`);
    const { seq: reply } = await this.say(other, `${word} reply`, { thread: first });
    await this.by(this.owner, 'PUT', `/messages/${first}/pin`);
    const [file, unsent] = [await this.uploadBy(other), await this.uploadBy(other)];
    const { seq: fileSeq } = await this.say(other, `${word} file`, { attachments: [file] });
    return { first, reply, file, fileSeq, unsent };
  }

  async #fillByActor(first: number): Promise<Pick<Made, 'own' | 'ownUnsent' | 'ownInvite'>> {
    const { seq: own } = await this.say(this.actor, `${this.word} own`, { thread: first });
    await this.by(this.actor, 'PUT', `/messages/${first}/reactions/${encodeURIComponent('🎉')}`);
    await until(async () => (await this.#following()).includes(this.room));
    const ownUnsent = await this.uploadBy(this.actor);
    return { own, ownUnsent, ...(this.isDm ? {} : { ownInvite: await this.ownInvite() }) };
  }

  async #following(): Promise<string[]> {
    const path = '/threads?following=true&limit=200';
    const { threads } = await this.world.by<{ threads: { room: string }[] }>(this.actor, 'GET', path);
    return threads.map(({ room }) => room);
  }

  /** The call whose right is tried. */
  act(method: string, path: string, body?: unknown): Promise<Answer> {
    const options = {
      ...(this.isSignedIn ? { token: this.actor.token } : {}),
      ...(body === undefined ? {} : { body }),
    };
    return this.try(method, path, () => this.world.wire.call(method, path, options));
  }

  /** The same as something else than JSON. */
  async try(method: string, path: string, run: () => Promise<Answer>): Promise<Answer> {
    this.world.note(this.action, method, path);
    const before = this.watching ? await this.#before() : '';
    const answer = await run();
    const after = this.watching ? await this.digest() : '';
    this.changed = after !== before;
    this.#last = this.watching ? { preparations: this.world.preparations, digest: after } : undefined;
    return answer;
  }

  /** What was left by the call before, where nothing was prepared since. */
  async #before(): Promise<string> {
    const isFresh = this.#last?.preparations === this.world.preparations;
    return isFresh && this.#last !== undefined ? this.#last.digest : this.digest();
  }

  async digest(): Promise<string> {
    const { ann, act } = this.world.cast;
    const stored = await digestOf(this.world.db, [this.room, this.world.home], [act.id, ann.id]);
    const { head } = await this.by<Room>(this.owner, 'GET', '');
    return `${head} ${stored}`;
  }

  path(rest: string): string {
    return `/rooms/${this.room}${rest}`;
  }

  /** A preparation in the room, which must succeed. */
  by<T>(who: Who, method: string, rest: string, body?: unknown): Promise<T> {
    return this.world.by<T>(who, method, this.path(rest), body);
  }

  say(who: Who, text: string, more: object = {}): Promise<Message> {
    return this.by<Message>(who, 'POST', '/messages', { clientId: randomUUID(), text, ...more });
  }

  /** A new message of the actor's, where they may write; else what they wrote before; else anybody's. */
  async mine(): Promise<number> {
    if (this.isIn && this.standing !== 'blocked') return (await this.say(this.actor, 'mine')).seq;
    return this.#made?.own ?? this.#made?.first ?? this.theirs();
  }

  /** A new message of somebody else's. */
  async theirs(): Promise<number> {
    return (await this.say(this.other, 'theirs')).seq;
  }

  /** Whether what was said here can be found by now. */
  async isIndexed(): Promise<boolean> {
    const path = `/search?q=${this.word}&room=${this.room}`;
    const { results } = await this.world.by<{ results: unknown[] }>(this.owner, 'GET', path);
    return results.length === (this.#made?.own === undefined ? 3 : 4);
  }

  /** As it now stands. */
  async message(seq: number): Promise<Message | undefined> {
    const page = await this.by<{ messages: Message[] }>(this.owner, 'GET', `/messages?seqs=${seq}`);
    return page.messages[0];
  }

  async members(): Promise<ReadonlyMap<string, { readonly role: string; readonly readSeq: number }>> {
    type Row = { user: { id: string }; role: string; readSeq: number };
    const { members } = await this.by<{ members: Row[] }>(this.owner, 'GET', '/members');
    return new Map(members.map(({ user, ...row }) => [user.id, row]));
  }

  async role(user: Who, role: string): Promise<void> {
    await this.by(this.owner, 'PATCH', `/members/${user.id}`, { role });
  }

  invite(by: Who): Promise<CreatedInvite> {
    return this.by<CreatedInvite>(by, 'POST', '/invites', {});
  }

  /** A link by the actor, who is an admin for that moment where it takes one. */
  async ownInvite(): Promise<CreatedInvite> {
    const needsRole = this.standing !== 'owner' && this.standing !== 'admin';
    if (needsRole) await this.role(this.actor, 'admin');
    const made = await this.invite(this.actor);
    if (needsRole) await this.role(this.actor, 'member');
    return made;
  }

  async uploadBy(who: Who): Promise<string> {
    const { status, body } = await this.world.wire.upload(who.token, this.#uploadQuery(), PIXEL);
    if (status !== 201) throw new Error(`an upload was answered with ${status}`);
    return (body as Attachment).id;
  }

  /** The actor's upload, as what is tried. */
  uploadAct(): Promise<Answer> {
    const { wire } = this.world;
    return this.try('POST', '/attachments', () =>
      wire.upload(this.isSignedIn ? this.actor.token : '', this.#uploadQuery(), PIXEL),
    );
  }

  /** A hundred more people in the room, told to nobody. */
  async crowd(): Promise<void> {
    const { ObjectId } = mongo;
    const rows = Array.from({ length: 100 }, () => ({
      room: new ObjectId(this.room),
      user: new ObjectId(),
      role: 'member',
      readSeq: 0,
      gotSeq: 0,
      joinedSeq: 0,
      notify: 'all',
      favourite: false,
    }));
    await this.world.db.collection('members').insertMany(rows);
    // Counts them all.
    await this.by(this.owner, 'POST', '/members', { users: [this.world.cast.out.id] });
  }

  #uploadQuery(): string {
    return `room=${this.room}&name=pixel.png`;
  }
}

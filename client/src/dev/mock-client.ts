import { ApiError } from '../../../shared/sdk/index.ts';
import { Value } from '../../../shared/sdk/observable.ts';
import type {
  AuthState,
  Client,
  ConnectionState,
  RefusedMessage,
  RoomHandle,
} from '../../../shared/sdk/types.ts';
import type { PresenceState } from '../../../shared/wire/protocol.ts';
import type {
  CreateRoomBody,
  Draft,
  LoginBody,
  Me,
  Message,
  PatchScheduledBody,
  PublicRoom,
  RegisterBody,
  Room,
  ScheduleBody,
  Scheduled,
  SearchResults,
  ServerConfig,
  SessionInfo,
  ThreadInfo,
  UserSummary,
} from '../../../shared/wire/rest.ts';
import { PEOPLE, PUBLIC_ROOMS, ROOMS, type RoomSeed } from './mock-data.ts';
import { mockOwn } from './mock-own.ts';
import { MockRoom, pause } from './mock-room.ts';

/**
 * An engine without a server, for work on screens. The address's query steers it: `mock` alone is a lively place,
 * `quiet` stops the chatter, `out` starts signed out, `empty` has no rooms, `slow` never finishes loading, `burst=100` sends so
 * many messages a second into the first room, `restoring` never gets an answer about a stored session, `refused` has a
 * message that was not taken, `connection=waiting|offline|catching-up|stopped|connecting` shows a state.
 */
export class MockClient implements Client {
  readonly auth = new Value<AuthState>({ name: 'restoring' });
  readonly connection = new Value<ConnectionState>({ name: 'online' });
  readonly rooms = new Value<readonly Room[]>([]);
  readonly roomsLoaded = new Value(false);
  readonly own = mockOwn();
  readonly refused = new Value<readonly RefusedMessage[]>([]);
  readonly threads = new Value<readonly ThreadInfo[]>([]);
  readonly threadsLoaded = new Value(true);
  readonly presence = new Value<ReadonlyMap<string, PresenceState>>(new Map());
  readonly drafts = new Value<ReadonlyMap<string, Draft>>(new Map());
  readonly draftsRead = new Value(false);
  readonly scheduled = new Value<readonly Scheduled[]>([]);
  readonly #handles = new Map<string, MockRoom>();
  readonly #query = new URLSearchParams(location.search);
  readonly #timers: ReturnType<typeof setInterval>[] = [];

  constructor() {
    if (this.#query.has('empty')) return;
    for (const seed of ROOMS) this.#add(seed);
  }

  async restore(): Promise<void> {
    await pause(60);
    if (this.#query.has('out')) this.auth.set({ name: 'signed-out' });
    else await this.#enter();
  }
  async register(body: RegisterBody): Promise<void> {
    await pause(400);
    if (body.username === 'mira') {
      throw new ApiError('conflict', 'this username is taken', { fields: { username: 'is taken' } });
    }
    await this.#enter();
  }
  async login(body: LoginBody): Promise<void> {
    await pause(400);
    if (body.password === 'wrong') throw new ApiError('unauthorized', 'username or password is wrong');
    await this.#enter();
  }
  async logout(): Promise<void> {
    await pause(100);
    this.auth.set({ name: 'signed-out' });
  }
  logoutEverywhere(): Promise<void> {
    return this.logout();
  }
  async changePassword(currentPassword: string): Promise<void> {
    await pause(300);
    if (currentPassword === 'wrong') {
      throw new ApiError('invalid', 'invalid', { fields: { currentPassword: 'is wrong' } });
    }
  }
  async resetPassword(token: string): Promise<void> {
    await pause(300);
    if (token === 'dead') throw new ApiError('unauthorized', 'This link is no longer valid.');
  }
  async deleteAccount(password: string): Promise<void> {
    await pause(300);
    if (password === 'wrong') throw new ApiError('forbidden', 'Wrong password.', { status: 403 });
    this.auth.set({ name: 'signed-out', reason: 'account deleted' });
  }
  async updateMe(patch: Partial<Pick<Me, 'displayName' | 'status' | 'email'>>): Promise<void> {
    await pause(300);
    const auth = this.auth.get();
    if (auth.name === 'signed-in') this.auth.set({ ...auth, me: { ...auth.me, ...patch } });
  }
  async sessions(): Promise<readonly SessionInfo[]> {
    await pause(200);
    const at = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();
    const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
    const phone =
      'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1';
    return [
      {
        id: 's1',
        userAgent: navigator.userAgent,
        ip: '192.0.2.14',
        createdAt: at(300),
        lastUsedAt: at(0),
        current: true,
      },
      {
        id: 's2',
        userAgent: phone,
        ip: '198.51.100.7',
        createdAt: at(900),
        lastUsedAt: at(5),
        current: false,
      },
      {
        id: 's3',
        userAgent: firefox,
        ip: '203.0.113.90',
        createdAt: at(2_000),
        lastUsedAt: at(400),
        current: false,
      },
    ];
  }
  async endSession(): Promise<void> {
    await pause(200);
  }
  async config(): Promise<ServerConfig> {
    return { files: { maxBytes: 50 * 1024 * 1024 } };
  }
  async search(): Promise<SearchResults> {
    await pause(120);
    return { results: [] };
  }
  messages(): readonly Message[] {
    return [];
  }
  async mentions(): Promise<SearchResults> {
    await pause(120);
    return { results: [] };
  }
  async user(ref: string): Promise<UserSummary> {
    await pause(120);
    const found = PEOPLE.find(({ id, username }) => id === ref || username === ref);
    if (found === undefined) throw new ApiError('not_found', 'No such user.', { status: 404 });
    return found;
  }
  async searchUsers(query: string): Promise<readonly UserSummary[]> {
    await pause(120);
    const wanted = query.toLowerCase();
    return PEOPLE.filter(
      (p) => p.username.startsWith(wanted) || p.displayName.toLowerCase().startsWith(wanted),
    );
  }
  async publicRooms(query: string): Promise<readonly PublicRoom[]> {
    await pause(150);
    return PUBLIC_ROOMS.filter((room) => room.name.includes(query.toLowerCase()));
  }
  async createRoom(body: CreateRoomBody): Promise<string> {
    await pause(250);
    if (body.type === 'dm') {
      const known = this.rooms.get().find((room) => room.type === 'dm' && room.peer?.id === body.user);
      if (known !== undefined) return known.id;
    }
    const id = `r-${crypto.randomUUID()}`;
    const base = { id, type: body.type, messages: 0, unread: 0, minutesAgo: 0 };
    this.#add(
      body.type === 'dm'
        ? { ...base, with: [body.user] }
        : { ...base, name: body.name, public: body.public ?? true, with: body.members ?? [] },
    );
    this.#list();
    return id;
  }
  async joinRoom(id: string): Promise<void> {
    await pause(200);
    const found = PUBLIC_ROOMS.find((room) => room.id === id);
    if (found === undefined) throw new ApiError('not_found', 'no such channel');
    this.#add({
      id,
      type: 'channel',
      name: found.name,
      public: true,
      with: PEOPLE.slice(1, 5).map((p) => p.id),
      messages: 120,
      unread: 0,
      minutesAgo: 30,
    });
    this.#list();
  }
  room(id: string): RoomHandle {
    const seed: RoomSeed = { id, type: 'channel', with: [], messages: 0, unread: 0, minutesAgo: 0 };
    return this.#handles.get(id) ?? new MockRoom(seed, () => undefined);
  }
  onArrival(): () => void {
    return () => undefined;
  }
  watch(users: readonly string[]): void {
    const online = (user: string): boolean => user.length % 2 === 0;
    this.presence.set(new Map(users.map((user) => [user, { user, online: online(user) }])));
  }
  setAway(): void {
    /* nobody sees it */
  }
  async setDraft(): Promise<void> {
    await Promise.resolve();
  }
  async schedule(room: string, message: Omit<ScheduleBody, 'clientId'>): Promise<void> {
    const id = String(this.scheduled.get().length + 1).padStart(24, '0');
    this.scheduled.set([...this.scheduled.get(), { id, clientId: id, room, ...message }]);
    await Promise.resolve();
  }
  async changeScheduled(id: string, patch: PatchScheduledBody): Promise<void> {
    this.scheduled.set(this.scheduled.get().map((one) => (one.id === id ? { ...one, ...patch } : one)));
    await Promise.resolve();
  }
  async cancelScheduled(id: string): Promise<void> {
    this.scheduled.set(this.scheduled.get().filter((one) => one.id !== id));
    await Promise.resolve();
  }
  wake(): void {
    if (this.connection.get().name === 'waiting') this.connection.set({ name: 'online' });
  }
  rest(): void {
    // Nothing is held back here.
  }
  close(): void {
    for (const timer of this.#timers) clearInterval(timer);
  }

  async #enter(): Promise<void> {
    const [first] = PEOPLE;
    if (first === undefined) return;
    const me: Me = {
      ...first,
      email: 'mira@parley.test',
      role: 'user',
      createdAt: new Date(0).toISOString(),
    };
    if (this.#query.has('restoring')) {
      this.auth.set({ name: 'restoring', me });
      return;
    }
    this.auth.set({ name: 'signed-in', me });
    if (this.#query.has('refused')) this.refused.set([REFUSED]);
    if (this.#query.has('slow')) return;
    await pause(80);
    this.#list();
    this.roomsLoaded.set(true);
    this.#showConnection(this.#query.get('connection'));
    if (!this.#query.has('quiet')) this.#chatter();
    const burst = Number(this.#query.get('burst') ?? 0);
    if (burst > 0) this.#every(1_000 / burst, () => this.#handles.get('r-harbour')?.receive());
  }
  #showConnection(name: string | null): void {
    if (name === 'offline') this.connection.set({ name });
    if (name === 'connecting') this.connection.set({ name, attempt: 3 });
    if (name === 'catching-up') this.connection.set({ name, rooms: 3 });
    if (name === 'waiting') this.connection.set({ name, attempt: 3, at: Date.now() + 20_000 });
    if (name === 'stopped') this.connection.set({ name, reason: 'this session was ended on another device' });
  }
  #chatter(): void {
    const rooms = [...this.#handles.values()];
    const any = (): MockRoom | undefined => rooms[Math.floor(Math.random() * Math.min(5, rooms.length))];
    this.#every(4_000, () => any()?.receive());
    this.#every(3_000, () => any()?.someoneTypes());
  }
  #every(ms: number, run: () => void): void {
    this.#timers.push(setInterval(run, ms));
  }
  #add(seed: RoomSeed): void {
    this.#handles.set(
      seed.id,
      new MockRoom(seed, () => {
        this.#list();
      }),
    );
  }
  #list(): void {
    const rooms = [...this.#handles.values()].flatMap((handle) => handle.info.get() ?? []);
    const at = (room: Room): string => room.lastMessage?.at ?? '';
    this.rooms.set(rooms.toSorted((a, b) => at(b).localeCompare(at(a))));
  }
}

const REFUSED: RefusedMessage = {
  key: 'k1',
  room: 'r-gone',
  text: 'I can bring the ladder on Saturday, if nobody else has one.',
  at: new Date().toISOString(),
  code: 'not_found',
  reason: 'there is no such room',
};

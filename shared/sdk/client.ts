import { Backoff } from '../wire/backoff.ts';
import type {
  CreateRoomBody,
  DraftBody,
  LoginBody,
  Message,
  PatchScheduledBody,
  PublicRoom,
  RegisterBody,
  Room,
  ScheduleBody,
  SearchQuery,
  SearchResults,
  ServerConfig,
  SessionInfo,
  UserSummary,
} from '../wire/rest.ts';
import { Api } from './api.ts';
import { Auth } from './auth.ts';
import { ApiError } from './errors.ts';
import { Http } from './http.ts';
import { randomId } from './random-id.ts';
import { SignedIn, type Ending } from './session.ts';
import { memoryStorage } from './storage.ts';
import { alone, browserTabs } from './tabs.ts';
import { Timer } from './timer.ts';
import { DEFAULT_TIMING } from './timing.ts';
import type { Arrival, AuthState, Client, ClientOptions, RoomHandle, Socket } from './types.ts';

/** The engine as a user interface sees it; see index.ts for an example. */
export class ParleyClient implements Client {
  readonly auth: Client['auth'];
  readonly connection: Client['connection'];
  readonly rooms: Client['rooms'];
  readonly roomsLoaded: Client['roomsLoaded'];
  readonly refused: Client['refused'];
  readonly presence: Client['presence'];
  readonly threads: Client['threads'];
  readonly threadsLoaded: Client['threadsLoaded'];
  readonly own: Client['own'];
  readonly drafts: Client['drafts'];
  readonly draftsRead: Client['draftsRead'];
  readonly scheduled: Client['scheduled'];
  readonly #http: Http;
  readonly #auth: Auth;
  readonly #api: Api;
  readonly #session: SignedIn;
  readonly #warn: (message: string, error: unknown) => void;
  readonly #restoring: Backoff;
  /** What ends the wait for another try at restoring. */
  #again: (() => void) | undefined;
  #forget = false;
  #closed = false;

  constructor(options: ClientOptions) {
    const { origin, cookies = false, storage = memoryStorage(), random = Math.random } = options;
    const timing = { ...DEFAULT_TIMING, ...options.timing };
    this.#warn = options.warn ?? (() => undefined);
    const warn = this.#warn;
    this.#http = new Http({
      origin,
      fetch: options.fetch ?? globalThis.fetch.bind(globalThis),
      credentials: cookies ? 'same-origin' : 'omit',
      timeout: timing.request,
      sendBytes: options.sendBytes,
    });
    this.#auth = new Auth({ http: this.#http, storage, cookies, random, warn });
    this.#api = new Api(this.#http, this.#auth);
    this.#restoring = new Backoff({ random });
    this.#session = new SignedIn({
      ...{ origin, storage, timing, random, warn, auth: this.#auth, api: this.#api },
      apiOf: (user) => new Api(this.#http, this.#auth.boundTo(user)),
      connect: options.connect ?? webSocket,
      cache: options.cache,
      parting: options.parting,
      tabs: options.tabs ?? (cookies ? browserTabs() : alone()),
      onOtherUser: () => {
        this.#switchUser();
      },
    });
    this.auth = this.#auth.state;
    this.connection = this.#session.state;
    this.rooms = this.#session.rooms.list;
    this.roomsLoaded = this.#session.rooms.loaded;
    this.refused = this.#session.refused;
    this.presence = this.#session.presence.states;
    this.threads = this.#session.threads.list;
    this.threadsLoaded = this.#session.threads.loaded;
    this.own = this.#session.own;
    this.drafts = this.#session.writing.drafts;
    this.draftsRead = this.#session.writing.draftsRead;
    this.scheduled = this.#session.writing.scheduled;
    this.#auth.state.subscribe((state) => {
      this.#onAuth(state);
    });
    this.#auth.onToken = (token) => {
      this.#session.authenticate(token);
    };
  }

  async restore(): Promise<void> {
    while (!this.#closed) {
      try {
        await this.#auth.restore();
        return;
      } catch (error) {
        // No answer is no sign-out: a session is given up only when the server says so.
        if (this.#auth.signedIn) return;
        this.#warn('the session could not be restored, trying again', error);
        await this.#pause(this.#restoring.next(error instanceof ApiError ? error.retryAfterMs : undefined));
      }
    }
  }

  register(body: RegisterBody): Promise<void> {
    return this.#auth.register(body);
  }

  login(body: LoginBody): Promise<void> {
    return this.#auth.login(body);
  }

  logout(): Promise<void> {
    return this.#leave(() => this.#api.logout());
  }

  logoutEverywhere(): Promise<void> {
    return this.#leave(() => this.#api.logoutAll());
  }

  changePassword(currentPassword: string, newPassword: string): Promise<void> {
    return this.#api.changePassword(currentPassword, newPassword);
  }

  resetPassword(token: string, newPassword: string): Promise<void> {
    return this.#auth.resetPassword(token, newPassword);
  }

  async updateMe(patch: Parameters<Client['updateMe']>[0]): Promise<void> {
    await this.#auth.setMe(await this.#api.updateMe(patch));
  }

  async deleteAccount(password: string): Promise<void> {
    // Before the answer comes, the socket may say that the session is over: what is kept here goes then already.
    this.#forget = true;
    try {
      await this.#api.deleteMe(password);
    } catch (error) {
      this.#forget = false;
      throw error;
    }
    await this.#auth.signOut('account deleted');
  }

  sessions(): Promise<readonly SessionInfo[]> {
    return this.#api.sessions();
  }

  endSession(id: string): Promise<void> {
    return this.#api.endSession(id);
  }

  config(): Promise<ServerConfig> {
    return this.#api.config();
  }

  search(query: SearchQuery): Promise<SearchResults> {
    return this.#api.search(query);
  }

  messages(): readonly Message[] {
    return this.#session.rooms.messages();
  }

  mentions(cursor?: string): Promise<SearchResults> {
    return this.#api.mentions(cursor);
  }

  onArrival(listener: (arrival: Arrival) => void): () => void {
    return this.#session.rooms.arrivals.add(listener);
  }

  user(ref: string): Promise<UserSummary> {
    return this.#api.user(ref);
  }

  async searchUsers(query: string): Promise<readonly UserSummary[]> {
    return (await this.#api.searchUsers(query)).users;
  }

  publicRooms(query: string): Promise<readonly PublicRoom[]> {
    return this.#api.publicRooms(query);
  }

  async createRoom(body: CreateRoomBody): Promise<string> {
    return (await this.#enter(this.#api.createRoom(body))).id;
  }

  async joinRoom(id: string): Promise<void> {
    await this.#enter(this.#api.joinRoom(id));
  }

  room(id: string): RoomHandle {
    return this.#session.rooms.handle(id);
  }

  watch(users: readonly string[]): void {
    this.#session.presence.watch(users);
  }

  setAway(away: boolean): void {
    this.#session.presence.setAway(away);
  }

  async setDraft(room: string, draft: DraftBody): Promise<void> {
    await this.#session.writing.setDraft(room, draft);
  }

  schedule(room: string, message: Omit<ScheduleBody, 'clientId'>): Promise<void> {
    return this.#session.writing.schedule(room, { ...message, clientId: randomId() });
  }

  changeScheduled(id: string, patch: PatchScheduledBody): Promise<void> {
    return this.#session.writing.changeScheduled(id, patch);
  }

  cancelScheduled(id: string): Promise<void> {
    return this.#session.writing.cancelScheduled(id);
  }

  wake(): void {
    this.#restoring.reset();
    this.#again?.();
    this.#auth.wake();
    this.#session.wake();
  }

  rest(isGoing = false): void {
    this.#session.rest(isGoing);
  }

  close(): void {
    this.#closed = true;
    this.#again?.();
    this.#auth.close();
    this.#end('close');
    this.#http.close();
  }

  /** Shows a room one is in now, unless somebody else is signed in when that is known. */
  async #enter(entering: Promise<Room>): Promise<Room> {
    const { user } = this.#session;
    const room = await entering;
    if (this.#session.user === user) this.#session.rooms.entered(room);
    return room;
  }

  /** An ended session is as good as logged out; an unreachable server is not, its cookie would live on. */
  async #leave(call: () => Promise<void>): Promise<void> {
    try {
      await call();
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
    }
    this.#forget = true;
    await this.#auth.signOut();
  }

  #onAuth(state: AuthState): void {
    if (this.#closed) return;
    const me = state.name === 'signed-out' ? undefined : state.me;
    if (this.#session.user !== undefined && this.#session.user !== me?.id) {
      this.#end(state.name === 'signed-out' && this.#forget ? 'forget' : 'leave');
    }
    if (me !== undefined && this.#session.user === undefined) this.#session.begin(me);
    if (state.name === 'signed-in') this.#session.connect();
    this.#forget = false;
  }

  #end(how: Ending): void {
    this.#session.end(how).catch((error: unknown) => {
      this.#warn('what was kept could not be thrown away', error);
    });
  }

  /** Another tab signed in as somebody else, and the cookie is theirs now. */
  #switchUser(): void {
    this.restore().catch((error: unknown) => {
      this.#warn('the session could not be restored', error);
    });
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = new Timer(() => {
        this.#again = undefined;
        resolve();
      });
      this.#again = () => {
        timer.stop();
        this.#again = undefined;
        resolve();
      };
      timer.set(ms);
    });
  }
}

function webSocket(url: string, protocol: string): Socket {
  // Its handlers take more than `Socket` promises to pass; the engine sets ones that need no more.
  return new WebSocket(url, protocol) as unknown as Socket;
}

import type {
  Attachment,
  Invite,
  Member,
  Message,
  MessageVersion,
  Room,
  RoomMe,
  SessionInfo,
  ThreadInfo,
  UserSummary,
} from '../../../shared/wire/rest.ts';
import type { Scene, Spot } from './scene.ts';
import type { Answer } from './world.ts';

/** What acts look for in answers; each knows which of it is there. */
export interface Body {
  readonly id: string;
  readonly token: string;
  readonly name: string;
  readonly room: string;
  readonly text: string;
  readonly role: string;
  readonly topic: string;
  readonly public: boolean;
  readonly seq: number;
  readonly thread?: number;
  readonly readSeq: number;
  readonly following: boolean;
  readonly me: RoomMe;
  readonly at: string;
  readonly rooms: readonly Room[];
  readonly members: readonly Member[];
  readonly messages: readonly Message[];
  readonly versions: readonly MessageVersion[];
  readonly results: readonly Message[];
  readonly threads: readonly ThreadInfo[];
  readonly invites: readonly Invite[];
  readonly users: readonly UserSummary[];
  readonly sessions: readonly SessionInfo[];
  readonly mentions?: readonly string[];
  readonly attachments?: readonly Attachment[];
  readonly reactions?: Message['reactions'];
  readonly forwardedFrom?: object;
  readonly pinnedAt?: string;
  readonly deletedAt?: string;
}

/** One real call by which a right is tried. */
export interface Act {
  /** Tells the acts of one right apart. */
  readonly as?: string;
  /** Prepares what it needs, then makes the actor's call by `scene.act`. Valid, whoever makes it. */
  readonly run: (scene: Scene) => Promise<Answer>;
  /** Whether the call did, or shows, what it is for. */
  readonly worked: (scene: Scene, body: Body) => boolean | Promise<boolean>;
  /** Where allowed, the room is another afterwards: it gets one of its own. */
  readonly once?: true;
  /** Always in a room of its own with more than a hundred people. */
  readonly crowd?: true;
  /** Not in every scene. */
  readonly where?: (spot: Spot) => boolean;
}

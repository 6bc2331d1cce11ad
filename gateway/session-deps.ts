import type { Logger } from '../shared/node/logger.ts';
import type { AccessClaims, TokenProblem } from '../shared/node/token.ts';
import type { Cursors } from './cursors.ts';
import type { Flusher } from './flusher.ts';
import type { GatewayLimits } from './limits.ts';
import type { HeadReader } from './heads.ts';
import type { Hub } from './hub.ts';
import type { GatewayMetrics } from './metrics.ts';
import type { Presence } from './presence.ts';
import type { Resume } from './resume.ts';
import type { RoomLists } from './room-lists.ts';
import type { Typing } from './typing.ts';
import type { Turnstile } from '../shared/node/turnstile.ts';
import type { Uplink } from './uplink.ts';

/** What all sessions of a gateway share. */
export interface SessionDeps {
  readonly hub: Hub;
  readonly lists: RoomLists;
  readonly hellos: Turnstile;
  readonly heads: HeadReader;
  readonly resume: Resume;
  readonly uplink: Uplink;
  readonly cursors: Cursors;
  readonly typing: Typing;
  readonly presence: Presence;
  readonly flusher: Flusher;
  /** Without them nothing is limited. */
  readonly limits?: GatewayLimits | undefined;
  readonly metrics: GatewayMetrics;
  readonly logger: Logger;
  readonly verify: (token: string) => AccessClaims | TokenProblem;
  /** Monotonic, ms. */
  readonly now: () => number;
  /** Seconds within which a client hears something. */
  readonly heartbeat: number;
  /** ms; LIMITS.helloTimeout unless given. */
  readonly helloTimeout?: number;
}

import type { ErrorCode } from '../../shared/wire/rest.ts';
import type { JsonSchema } from './schema.ts';

/** What the document says of a route beside what its joi schemas say. */
export interface Operation {
  readonly summary: string;
  readonly description?: string;
  /** By status; null where there is nothing to say. A name is one of the components. */
  readonly answers: Readonly<Record<number, string | JsonSchema | null>>;
  /** Beside `invalid`, `unauthorized`, `rate_limited` and 503, which any call may be answered with. */
  readonly errors?: readonly ErrorCode[];
  /** A call that succeeds; tests make it. Absent only where a call needs what no document can hold. */
  readonly example?: Example;
  /** Media types of a body that is not JSON, or not JSON alone. */
  readonly bodyTypes?: readonly string[];
  /** Media type of an answer that is not JSON. */
  readonly answerType?: string;
}
export interface Example {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: Readonly<Record<string, unknown>>;
}
/** By method and path as in the list of routes: `GET /rooms/:room`. */
export type Operations = Readonly<Record<string, Operation>>;

/** Who and what the examples are about; a test puts real ones in their place. */
export const SAMPLE = {
  room: '6920c5e1f3a4b2d7c8e90a11',
  publicRoom: '6920c5e1f3a4b2d7c8e90a12',
  /** One the caller is in, but does not own. */
  joinedRoom: '6920c5e1f3a4b2d7c8e90a13',
  /** A message of the caller's in the room; message 3 is bob's. */
  seq: 2,
  foreignSeq: 3,
  invite: '6920c5e1f3a4b2d7c8e90d01',
  inviteToken: 'INVITE_TOKEN_OF_THE_LINK',
  scheduled: '6920c5e1f3a4b2d7c8e90c01',
  attachment: '6920c5e1f3a4b2d7c8e90f01',
  session: '6920c5e1f3a4b2d7c8e90b01',
  user: 'ann',
  member: 'bob',
  stranger: 'cho',
  password: 'correct horse battery',
  refreshToken: 'REFRESH_TOKEN',
} as const;

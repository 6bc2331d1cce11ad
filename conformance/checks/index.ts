import type { Check } from '../check.ts';
import { changes, reactions } from './changes.ts';
import { connection, violations } from './connection.ts';
import { errors, frames, inAll } from './errors.ts';
import { hello, ready } from './hello.ts';
import { log, pages } from './history.ts';
import { idempotency } from './idempotency.ts';
import { liveness, resuming } from './liveness.ts';
import { joining, removal, settings } from './membership.ts';
import { own } from './own.ts';
import { presence, receipts, unread } from './receipts.ts';
import { sending } from './sending.ts';
import { auth, tokens } from './sessions.ts';

/** Every fact that is checked. */
export const CHECKS: readonly Check[] = [
  ...connection,
  ...violations,
  ...hello,
  ...ready,
  ...sending,
  ...idempotency,
  ...liveness,
  ...resuming,
  ...joining,
  ...removal,
  ...settings,
  ...own,
  ...receipts,
  ...unread,
  ...presence,
  ...auth,
  ...tokens,
  ...pages,
  ...log,
  ...changes,
  ...reactions,
  ...errors,
  ...inAll,
  ...frames,
];

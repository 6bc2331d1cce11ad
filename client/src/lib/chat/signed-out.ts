import { sentence } from './problems.ts';

/** What the servers and the engine say when they close the door; for people, what happened and what to do. */
const KNOWN: ReadonlyMap<string, string> = new Map([
  [
    'session ended',
    'You were signed out from another device, or your password was changed. Sign in to go on.',
  ],
  ['account deleted', 'Your account is deleted. What you wrote stays, shown as written by “Deleted user”.'],
  ['token not accepted', 'Your session is not valid any more. Sign in to go on.'],
]);

/** Why one is signed out, as one plain sentence. */
export function signedOutText(reason: string): string {
  return KNOWN.get(reason) ?? sentence(reason);
}

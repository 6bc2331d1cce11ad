import { RESET_SECONDS, type ResetTokens } from '../services/reset-tokens.ts';
import type { User, UserStore } from '../store/users.ts';

/** Makes a user an administrator of the server; gives a line that says so. Throws where there is no such user. */
export async function grant(users: UserStore, name: string): Promise<string> {
  const user = await find(users, name);
  await users.setRole(user.id, 'admin');
  return `${user.username} is an administrator now.`;
}

/** The opposite. */
export async function revoke(users: UserStore, name: string): Promise<string> {
  const user = await find(users, name);
  await users.setRole(user.id, 'user');
  return `${user.username} is no administrator any more.`;
}

/** A link with which the user sets a new password. */
export async function resetLink(
  users: UserStore,
  tokens: ResetTokens,
  origin: string,
  name: string,
): Promise<string> {
  const user = await find(users, name);
  const minutes = RESET_SECONDS / 60;
  // Behind a #: it reaches no server, no proxy and no log.
  return `Good once, for ${minutes} minutes:\n${origin.replace(/\/$/, '')}/reset#token=${tokens.create(user)}`;
}

async function find(users: UserStore, name: string): Promise<User> {
  const user = name.includes('@')
    ? await users.byEmail(name.toLowerCase())
    : await users.byUsername(name.toLowerCase());
  if (user === undefined) throw new Error(`There is no user "${name}".`);
  return user;
}

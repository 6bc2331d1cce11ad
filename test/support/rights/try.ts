/** Tries one cell of the table: the call, what it is answered with, and what it left behind. */
import { expect } from 'chai';
import type { Standing, Verdict } from '../../../api/rights/standings.ts';
import { ERROR_STATUS, type ErrorCode, type Problem } from '../../../shared/wire/rest.ts';
import type { Answer } from './world.ts';

/** Where something is tried. */
interface Trial {
  action: string;
  watching: boolean;
  changed: boolean;
}

/** Before the name of a room. */
export const WHO: Readonly<Record<Standing, string>> = {
  stranger: 'a stranger to',
  removed: 'who was removed from',
  blocked: 'who is blocked in',
  member: 'a member of',
  admin: 'an admin of',
  owner: 'the owner of',
};

export const isRefusal = (verdict: Verdict): verdict is ErrorCode => verdict in ERROR_STATUS;

/** `title` as a fact about somebody. */
export function sentence(title: string, as: string | undefined, verdict: Verdict): string {
  const what = `${title.charAt(0).toLowerCase()}${title.slice(1)}${as === undefined ? '' : ` (${as})`}`;
  if (verdict === 'yes') return `may ${what}`;
  if (verdict === 'hidden') return `is not shown it, who tries to ${what}`;
  return verdict === 'ignored' ? `may not ${what}: it has no effect` : `may not ${what}: ${verdict}`;
}

/** Fails unless the call ends as the table says. A refused one must leave everything as it was. */
export async function tryCell<T extends Trial, B>(
  scene: T,
  action: string,
  verdict: Verdict,
  act: {
    readonly run: (scene: T) => Promise<Answer>;
    readonly worked: (scene: T, body: B) => boolean | Promise<boolean>;
  },
): Promise<void> {
  scene.action = action;
  scene.watching = isRefusal(verdict);
  const { status, body } = await act.run(scene);
  const told = `${status} ${JSON.stringify(body)?.slice(0, 300)}`;
  if (isRefusal(verdict)) {
    expect((body as Partial<Problem> | undefined)?.code, told).to.equal(verdict);
    expect(status, told).to.equal(ERROR_STATUS[verdict]);
    expect(scene.changed, 'what is stored has changed').to.equal(false);
    return;
  }
  expect(status, told).to.be.below(400);
  expect(await act.worked(scene, body as B), told).to.equal(verdict === 'yes');
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createApp } from '../../../api/app.ts';
import { kindOf, KINDS, STANDINGS, verdictOf } from '../../../api/rights/standings.ts';
import {
  OF_PEOPLE,
  personRight,
  ROOM_RIGHTS,
  roomRight,
  type PersonAction,
  type RoomAction,
} from '../../../api/rights/table.ts';
import { mayDo, requireRight } from '../../../api/rights/require.ts';
import { ROUTES } from '../../../api/routes/schemas/index.ts';
import type { Services } from '../../../api/services/index.ts';
import { rightsPage } from '../../../docs/rights-page.ts';
import { ParleyError } from '../../../shared/node/errors.ts';
import { createLogger } from '../../../shared/node/logger.ts';
import { API_PREFIX } from '../../../shared/wire/rest.ts';
import { routesOf } from '../../support/express-routes.ts';
import { FRAME_ACTS } from '../../support/rights/frame-acts.ts';
import { PEOPLE_ACTS } from '../../support/rights/people-acts.ts';
import { PERSON_FRAME_ACTS } from '../../support/rights/person-frame-acts.ts';
import { ROOM_ACTS } from '../../support/rights/room-acts.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const ACTIONS = Object.keys(ROOM_RIGHTS) as RoomAction[];
const PERSON_ACTIONS = Object.keys(OF_PEOPLE) as PersonAction[];
const RIGHTS = [...ACTIONS.map(roomRight), ...PERSON_ACTIONS.map(personRight)];
const calls: ReadonlySet<string> = new Set(RIGHTS.flatMap((right) => right.calls ?? []));
const frames: ReadonlySet<string> = new Set(RIGHTS.flatMap((right) => right.frames ?? []));
const named = ROUTES.map(({ method, path }) => `${method.toUpperCase()} ${path}`);

/** Nothing is called while routes are made. */
const services = new Proxy({}, { get: () => new Proxy({}, { get: () => () => undefined }) }) as Services;
const application = () =>
  createApp({
    config: { TRUSTED_HOPS: 0, allowedOrigins: [] },
    logger: createLogger({ name: 'test', level: 'silent' }),
    services,
    readiness: () => Promise.reject(new Error('nobody asks')),
  });

describe('the table of rights', () => {
  it('has a row for every call that Express answers', () => {
    const routes = routesOf(application)
      .filter((route) => route.includes(`${API_PREFIX}/`))
      .map((route) => route.replace(API_PREFIX, ''));
    expect(routes.filter((route) => !calls.has(route))).to.deep.equal([]);
    expect(named.filter((route) => !calls.has(route))).to.deep.equal([]);
  });

  it('has a row for every frame of a client', () => {
    const source = readFileSync(join(ROOT, 'gateway/frames.ts'), 'utf8');
    const known = [...source.matchAll(/^ {2}\['(\w+)', /gm)].map((match) => match[1] ?? '');
    expect(known).to.include.members(['hello', 'send', 'ping']);
    expect(known.filter((frame) => !frames.has(frame))).to.deep.equal([]);
    expect([...frames].filter((frame) => !known.includes(frame))).to.deep.equal([]);
  });

  it('names no call that there is not', () => {
    expect([...calls].filter((call) => !named.includes(call))).to.deep.equal([]);
  });

  it('says of every row how it is tried, with a call and with a frame where there are any', () => {
    const untried = [
      ...ACTIONS.filter((one) => roomRight(one).calls !== undefined && ROOM_ACTS[one] === undefined),
      ...ACTIONS.filter((one) => roomRight(one).frames !== undefined && FRAME_ACTS[one] === undefined),
      ...PERSON_ACTIONS.filter(
        (one) => personRight(one).calls !== undefined && PEOPLE_ACTS[one] === undefined,
      ),
      ...PERSON_ACTIONS.filter(
        (one) => personRight(one).frames !== undefined && PERSON_FRAME_ACTS[one] === undefined,
      ),
    ];
    expect(untried).to.deep.equal([]);
  });

  it('leaves no cell of a row open, but for rooms that have no such thing', () => {
    for (const action of ACTIONS)
      for (const kind of KINDS) {
        const { cells } = roomRight(action);
        const open = STANDINGS[kind].filter((standing) => verdictOf(cells, kind, standing) === undefined);
        expect(open.length, `${action} in ${kind}`).to.be.oneOf([0, STANDINGS[kind].length]);
      }
  });

  it('gives strangers nothing of private rooms', () => {
    const given = ACTIONS.filter((action) => {
      const { cells } = roomRight(action);
      return (
        verdictOf(cells, 'private', 'stranger') === 'yes' || verdictOf(cells, 'dm', 'stranger') === 'yes'
      );
    });
    // Whoever has a link was let in by somebody who may.
    expect(given).to.deep.equal(['invite.look', 'invite.join']);
  });

  it('never gives a role less than the one below it, but the owner the right to leave', () => {
    for (const action of ACTIONS)
      for (const kind of ['private', 'public'] as const) {
        const may = (['member', 'admin', 'owner'] as const).map(
          (role) => verdictOf(roomRight(action).cells, kind, role) === 'yes',
        );
        if (action !== 'room.leave') expect(may, `${action} in ${kind}`).to.deep.equal(may.toSorted());
      }
  });

  it('stands in docs/rights.md as it is; `npm run docs:rights` writes it', () => {
    expect(readFileSync(join(ROOT, 'docs', 'rights.md'), 'utf8')).to.equal(rightsPage());
  });
});

describe('a right that is required', () => {
  const group = { type: 'group', public: false } as const;
  const open = { type: 'channel', public: true } as const;
  const dm = { type: 'dm', public: false } as const;
  const refusal = (run: () => void): string | undefined => {
    try {
      run();
      return undefined;
    } catch (error) {
      return error instanceof ParleyError ? `${error.code}: ${error.message}` : 'something else';
    }
  };

  it('is that of the kind of room', () => {
    expect(kindOf(group)).to.equal('private');
    expect(kindOf({ type: 'channel', public: false })).to.equal('private');
    expect(mayDo('message.pin', group, 'member')).to.be.true;
    expect(mayDo('message.pin', open, 'member')).to.be.false;
    expect(mayDo('message.pin', dm, 'member')).to.be.true;
  });

  it('is refused in the words of the table', () => {
    expect(refusal(() => requireRight('room.delete', group, 'owner'))).to.equal(undefined);
    expect(refusal(() => requireRight('room.delete', group, 'admin'))).to.equal(
      'forbidden: Only the owner may delete the room.',
    );
    expect(refusal(() => requireRight('room.delete', dm, 'member'))).to.equal(
      'conflict: A direct conversation cannot be deleted.',
    );
    expect(refusal(() => requireRight('room.leave', group, 'owner'))).to.equal(
      'conflict: Make somebody else the owner first, or delete the room.',
    );
  });

  it('is refused, too, where there is no such thing', () => {
    expect(refusal(() => requireRight('member.removeAdmin', dm, 'member'))).to.match(/^forbidden/);
    expect(refusal(() => requireRight('mention.largeRoom', group, 'member'))).to.match(/^forbidden/);
  });
});

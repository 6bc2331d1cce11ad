import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { PresenceState } from '../../shared/wire/protocol.ts';
import type { PresenceList } from '../../shared/wire/rest.ts';
import type { Person } from '../support/person.ts';
import type { RawSocket } from '../support/raw-socket.ts';
import { sideBySide } from '../support/side-by-side.ts';
import { useCluster } from '../support/use-cluster.ts';

describe('what people see of each other, over two gateways', function () {
  const on = useCluster();
  const also = sideBySide(180_000);

  /** Waits until the socket is told this of the user, and nothing else is. */
  const told = (socket: RawSocket, user: Person, like: Partial<PresenceState>): Promise<unknown> =>
    socket.next(
      'presence',
      ({ users }) =>
        users.some(
          (state) => state.user === user.id && state.online === like.online && state.away === like.away,
        ),
      30_000,
    );
  const statesOf = (socket: RawSocket, user: Person): PresenceState[] =>
    socket.all('presence').flatMap(({ users }) => users.filter((state) => state.user === user.id));
  /** Frames are taken in order, and sent so. */
  const answers = async (socket: RawSocket): Promise<void> => {
    socket.send({ type: 'ping' });
    await socket.next('pong');
  };
  const overRest = async (viewer: Person, user: Person): Promise<PresenceState | undefined> =>
    (await viewer.call<PresenceList>('GET', `/presence?users=${user.id}`)).presence[0];

  describe('away', () => {
    also('is who is at none of their devices, wherever those are connected', async () => {
      const [ann, bob, cleo] = await on.people('ann', 'bob', 'cleo');
      const [watcher, control] = [await on.connect(ann, 0), await on.connect(ann, 0)];
      const [desk, phone, hers] = [
        await on.connect(bob, 0),
        await on.connect(bob, 1),
        await on.connect(cleo, 0),
      ];
      watcher.send({ type: 'watch', users: [bob.id] });
      control.send({ type: 'watch', users: [cleo.id] });
      await Promise.all([told(watcher, bob, { online: true }), told(control, cleo, { online: true })]);
      desk.send({ type: 'away', away: true });
      await answers(desk);
      hers.send({ type: 'away', away: true });
      // Of Cleo by the same readings: what there was to tell of Bob is told.
      await told(control, cleo, { online: true, away: true });
      await answers(watcher);
      expect(statesOf(watcher, bob), 'at the phone still').to.deep.equal([{ user: bob.id, online: true }]);
      phone.send({ type: 'away', away: true });
      await told(watcher, bob, { online: true, away: true });
      expect(await overRest(ann, bob)).to.deep.equal({ user: bob.id, online: true, away: true });
      desk.send({ type: 'away', away: false });
      await told(watcher, bob, { online: true });
      expect(await overRest(ann, bob)).to.deep.equal({ user: bob.id, online: true });
    });

    also('is told to who begins to watch, and ends with a new device', async () => {
      const [ann, bob] = await on.people('ann', 'bob');
      const phone = await on.connect(bob, 1);
      phone.send({ type: 'away', away: true });
      const watcher = await on.connect(ann, 0);
      watcher.send({ type: 'watch', users: [bob.id] });
      await told(watcher, bob, { online: true, away: true });
      await on.connect(bob, 0);
      await told(watcher, bob, { online: true });
    });

    also('wants a yes or no; anything else is refused, and the socket stays', async () => {
      const [ann, bob] = await on.people('ann', 'bob');
      const phone = await on.connect(bob, 1);
      for (const away of [undefined, null, 'true', 1, {}, [true]]) {
        phone.ws.send(JSON.stringify({ type: 'away', away }));
        expect(await phone.next('error')).to.include({ code: 'invalid', retry: false });
      }
      phone.ws.send(JSON.stringify({ type: 'away', away: true, until: 'tomorrow' }));
      expect((await phone.next('error')).code).to.equal('invalid');
      phone.send({ type: 'ping' });
      await phone.next('pong');
      let state = await overRest(ann, bob);
      while (state?.online !== true) state = await overRest(ann, bob);
      expect(state).to.deep.equal({ user: bob.id, online: true });
    });
  });

  describe('who hides', () => {
    also('is in no presence frame as here, also after either side came back, and sees nobody', async () => {
      const [ann, bob, cleo] = await on.people('ann', 'bob', 'cleo');
      const hide = await bob.call('PATCH', '/users/me', { hidePresence: true });
      expect(hide).to.include({ hidePresence: true });
      for (const [his, hers] of [
        [0, 1],
        [1, 0],
      ] as const) {
        const hidden = await on.connect(bob, his);
        const watcher = await on.connect(ann, hers);
        const other = await on.connect(cleo, his);
        const wanted = [ann.id, bob.id, cleo.id];
        for (const socket of [watcher, hidden]) socket.send({ type: 'watch', users: wanted });
        // Cleo is told on the same gateways by the same readings: what there was to tell of Bob is told.
        await told(watcher, cleo, { online: true });
        hidden.send({ type: 'away', away: true });
        await sleep(7_000);
        expect(statesOf(watcher, bob).filter(({ online, away }) => online || away)).to.deep.equal([]);
        expect(statesOf(hidden, ann).filter(({ online }) => online)).to.deep.equal([]);
        expect(statesOf(hidden, cleo).filter(({ online }) => online)).to.deep.equal([]);
        expect(await overRest(ann, bob)).to.deep.equal({ user: bob.id, online: false });
        for (const socket of [hidden, watcher, other]) {
          socket.close();
          await socket.closed;
        }
      }
    });

    also('vanishes at once from those who watch, and is back once they show themselves', async () => {
      const [ann, bob] = await on.people('ann', 'bob');
      await on.connect(bob, 0);
      const watcher = await on.connect(ann, 1);
      watcher.send({ type: 'watch', users: [bob.id] });
      await told(watcher, bob, { online: true });
      await bob.call('PATCH', '/users/me', { hidePresence: true });
      await told(watcher, bob, { online: false });
      expect(statesOf(watcher, bob).at(-1), 'nor when').to.deep.equal({ user: bob.id, online: false });
      expect(await overRest(ann, bob)).to.deep.equal({ user: bob.id, online: false });
      await bob.call('PATCH', '/users/me', { hidePresence: false });
      await told(watcher, bob, { online: true });
    });
  });
});

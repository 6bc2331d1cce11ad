import { expect } from 'chai';
import { chat, idOf } from '../../support/gateway-harness.ts';

const [alice, room] = [idOf('a'), idOf('1')] as const;

describe('gateway heartbeat', () => {
  it('beats with the rooms that moved since the last one, behind their frames', async () => {
    const t = chat();
    const { session, socket } = await t.ready(alice);
    t.gateway.heartbeat.add(session);
    t.clock += 10;
    await t.cluster.post(room, 'one');
    t.clock += 10;
    t.gateway.heartbeat.tick();
    await socket.until(() => socket.ofType('beat').length > 0);
    expect(socket.frames.slice(1).map(({ type }) => type)).to.deep.equal(['message', 'beat']);
    expect(socket.ofType('beat')[0]).to.deep.equal({ type: 'beat', rooms: { [room]: 1 } });
    for (let i = 0; i < 25; i++) t.gateway.heartbeat.tick();
    await socket.until(() => socket.ofType('beat').length === 2);
    expect(socket.ofType('beat')[1]).to.deep.equal({ type: 'beat' });
    expect(socket.pings).to.equal(2);
  });

  it('tells with the next beat what it could not speak for at this one', async () => {
    const t = chat();
    const { session, socket } = await t.ready(alice);
    t.gateway.heartbeat.add(session);
    t.clock += 10;
    await t.cluster.post(room, 'one');
    t.clock += 10;
    session.catchingUp.add(room);
    t.gateway.heartbeat.tick();
    await socket.until(() => socket.ofType('beat').length === 1);
    expect(socket.ofType('beat')[0]).to.deep.equal({ type: 'beat' });
    session.catchingUp.delete(room);
    for (let i = 0; i < 25; i++) t.gateway.heartbeat.tick();
    await socket.until(() => socket.ofType('beat').length === 2);
    expect(socket.ofType('beat')[1]).to.deep.equal({ type: 'beat', rooms: { [room]: 1 } });
  });

  it('closes with 4002 who is silent for two and a half heartbeats', async () => {
    const t = chat();
    const { session, socket } = await t.ready(alice);
    t.gateway.heartbeat.add(session);
    t.clock += 62_501;
    t.gateway.heartbeat.tick();
    expect(socket.closed?.code).to.equal(4002);
  });
});

import { expect } from 'chai';
import { chat, idOf } from '../../support/gateway-harness.ts';

const [alice, room] = [idOf('a'), idOf('1')] as const;

describe('gateway sends', () => {
  const hanging = async () => {
    const t = chat();
    const device = await t.ready(alice);
    t.cluster.send = () => new Promise(() => undefined);
    const send = (clientId: string): void =>
      device.session.onText(JSON.stringify({ type: 'send', clientId, room, text: 'hello' }));
    return { ...device, send };
  };

  it('are each answered before a planned close, with retry where the outcome is unknown', async () => {
    const { session, socket, send } = await hanging();
    send('one');
    send('two');
    session.close(1012, 'draining', 500);
    const [, one, two, bye] = socket.frames;
    expect(one).to.include({ type: 'error', clientId: 'one', code: 'unavailable', retry: true });
    expect(two).to.include({ type: 'error', clientId: 'two', code: 'unavailable', retry: true });
    expect(bye).to.deep.equal({ type: 'bye', retryAfterMs: 500, reason: 'draining' });
    expect(session.unanswered).to.equal(0);
  });

  it('are refused with retry once the socket is to leave, while those before are waited for', async () => {
    const { session, socket, send } = await hanging();
    send('before');
    session.refuseSends();
    send('after');
    await socket.until(() => socket.ofType('error').length > 0);
    expect(socket.ofType('error')[0]).to.include({ clientId: 'after', code: 'unavailable', retry: true });
    expect(session.unanswered).to.equal(1);
    session.close(1000, 'end');
  });
});

import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { expect } from 'chai';
import { startInternalServer } from '../../../shared/node/internal-server.ts';
import { createRegistry } from '../../../shared/node/metrics.ts';

describe('the internal server', () => {
  it('answers what is under way when it closes, and takes nothing new', async () => {
    const calls = new EventTarget();
    let call: ServerResponse | undefined;
    const server = await startInternalServer({
      host: '127.0.0.1',
      port: 0,
      registry: createRegistry('test'),
      readiness: () => ({ status: 'ready', reasons: [] }),
      fallback: (_request, response) => {
        call = response;
        calls.dispatchEvent(new Event('call'));
      },
    });
    const url = `http://127.0.0.1:${server.port}/internal/sends`;
    const taken = once(calls, 'call');
    const answered = fetch(url).then((response) => response.text());
    await taken;
    const closed = server.close();
    expect(await fetch(url).catch(() => 'refused')).to.equal('refused');
    call?.end('done');
    expect(await answered).to.equal('done');
    await closed;
  });
});

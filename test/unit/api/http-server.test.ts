import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import express from 'express';
import { createAppServer } from '../../../api/http-server.ts';

describe('the HTTP server of an Express application', () => {
  it('makes requests and responses that Express need not give another prototype', async () => {
    const app = express();
    app.get('/', (req, res) => {
      res.json({ path: req.path, app: req.app === app });
    });
    const server = createAppServer(app);
    const early: unknown[] = [];
    server.prependListener('request', (req, res) => {
      early.push(Object.getPrototypeOf(req), Object.getPrototypeOf(res));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const { port } = server.address() as AddressInfo;
      const answer = await fetch(`http://127.0.0.1:${port}/`);
      expect(await answer.json()).to.deep.equal({ path: '/', app: true });
      expect(early[0]).to.equal(app.request);
      expect(early[1]).to.equal(app.response);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

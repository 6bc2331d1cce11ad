/** The floor for fan-out: `ws`, a room as a Set, and a loop. No tokens, no order, nothing kept. */
import { createServer } from 'node:http';
import { Redis } from 'ioredis';
import { WebSocketServer, type WebSocket } from 'ws';
import { port, required } from './env.ts';

const rooms = new Map<string, Set<WebSocket>>();
const subscriber = new Redis(required('REDIS_URL'));
const http = createServer((_req, res) => res.end('ok'));
const server = new WebSocketServer({ server: http });

server.on('connection', (client) => {
  client.once('message', (data) => {
    for (const room of JSON.parse(String(data)).rooms) {
      const clients = rooms.get(room) ?? new Set();
      rooms.set(room, clients.add(client));
      client.on('close', () => clients.delete(client));
    }
    client.send('{"type":"ready"}');
  });
});

subscriber.on('pmessage', (_pattern, channel, text) => {
  for (const client of rooms.get(channel.slice('bare:'.length)) ?? []) client.send(text);
});

await subscriber.psubscribe('bare:*');
http.listen(port(), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));

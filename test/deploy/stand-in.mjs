/** Stands in for an API node or a gateway where only what surrounds them is tested: answers, says who it is, ends on SIGTERM. */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

const { NODE_NAME, API_PORT, API_INTERNAL_PORT, GATEWAY_PORT, GATEWAY_INTERNAL_PORT } = process.env;
const isApi = API_PORT !== undefined;

const front = createServer((request, response) => {
  const { url, method, headers } = request;
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ node: NODE_NAME, pid: process.pid, url, method, headers }));
});
front.on('upgrade', (request, socket) => {
  socket.on('error', () => socket.destroy());
  const accept = createHash('sha1')
    .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nX-Node: ${NODE_NAME}\r\n\r\n`,
  );
});
front.listen(Number(isApi ? API_PORT : GATEWAY_PORT), '127.0.0.1');
createServer((_request, response) => response.end('{"status":"ready"}')).listen(
  Number(isApi ? API_INTERNAL_PORT : GATEWAY_INTERNAL_PORT),
  '127.0.0.1',
);
process.on('SIGTERM', () => process.exit(0));

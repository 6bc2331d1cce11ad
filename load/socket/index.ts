/** A lean WebSocket client for thousands of sockets in one process; it speaks to any WebSocket server. */
export { connectRaw, type ConnectOptions } from './connect.ts';
export { HandshakeError } from './handshake.ts';
export type { RawSocket, SocketHandler } from './raw-socket.ts';
export { Trust, type TrustOptions } from './trust.ts';

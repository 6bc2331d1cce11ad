/** The baseline for fan-out: a Socket.IO node with its Redis adapter, as its documentation says to write one. */
import { createServer } from 'node:http';
import { createAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import jwt from 'jsonwebtoken';
import mongoose from 'mongoose';
import { Server } from 'socket.io';
import { port, required } from './env.ts';

const secret = required('JWT_SECRET');
const members = mongoose.model(
  'Member',
  new mongoose.Schema(
    { room: mongoose.Schema.Types.ObjectId, user: mongoose.Schema.Types.ObjectId },
    { autoIndex: false, autoCreate: false },
  ),
);
await mongoose.connect(required('MONGODB_URL'));

const publisher = new Redis(required('REDIS_URL'));
const subscriber = publisher.duplicate();
const http = createServer((_req, res) => res.end('ok'));
const io = new Server(http, {
  transports: ['websocket'],
  adapter: createAdapter(publisher, subscriber),
});

io.use((socket, next) => {
  try {
    const claims = jwt.verify(String(socket.handshake.auth['token']), secret);
    socket.data.user = claims.sub;
    next();
  } catch {
    next(new Error('unauthorized'));
  }
});

io.on('connection', async (socket) => {
  const mine = await members.find({ user: socket.data.user }).lean();
  await socket.join(mine.map(({ room }) => String(room)));
  socket.emit('ready');
});

http.listen(port(), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));

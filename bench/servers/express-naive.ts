/** The baseline for sends: one Express process that does the obvious thing for each message. */
import express from 'express';
import { Redis } from 'ioredis';
import Joi from 'joi';
import jwt from 'jsonwebtoken';
import mongoose from 'mongoose';
import { port, required } from './env.ts';

const secret = required('JWT_SECRET');
const { ObjectId } = mongoose.Schema.Types;

const messageSchema = new mongoose.Schema(
  { room: ObjectId, sender: ObjectId, text: String, clientId: String },
  { timestamps: true },
);
messageSchema.index({ room: 1, createdAt: 1 });
if (process.env['TEXT_INDEX'] !== 'no') messageSchema.index({ text: 'text' });
const Message = mongoose.model('Message', messageSchema);
const Room = mongoose.model(
  'Room',
  new mongoose.Schema({ name: String, members: [ObjectId], lastActivity: Date }),
);

await mongoose.connect(required('MONGODB_URL'), { autoIndex: false });
for (const model of [Room, Message]) await model.createIndexes();

const redis = new Redis(required('REDIS_URL'));
const body = Joi.object({
  clientId: Joi.string().max(64).required(),
  text: Joi.string().min(1).max(8_000).required(),
});

const app = express();
app.get('/healthz', (_req, res) => void res.send('ok'));
app.use(express.json());

app.use((req, res, next) => {
  try {
    const token = (req.headers.authorization ?? '').replace('Bearer ', '');
    res.locals['user'] = jwt.verify(token, secret).sub;
    next();
  } catch {
    res.status(401).json({ error: 'unauthorized' });
  }
});

app.post('/rooms/:room/messages', async (req, res) => {
  const { error, value } = body.validate(req.body);
  if (error !== undefined) return void res.status(400).json({ error: error.message });
  const room = await Room.findById(req.params.room);
  if (room === null) return void res.status(404).json({ error: 'not found' });
  if (!room.members.some((member) => String(member) === res.locals['user']))
    return void res.status(403).json({ error: 'forbidden' });
  const message = await Message.create({ ...value, room: room.id, sender: res.locals['user'] });
  room.lastActivity = new Date();
  await room.save();
  await redis.publish(`room:${room.id}`, JSON.stringify(message));
  res.status(201).json(message);
});

app.listen(port(), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));

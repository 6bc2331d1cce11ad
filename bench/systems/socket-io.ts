import { createAdapter } from '@socket.io/redis-adapter';
import { Server } from 'socket.io';
import { baselineSpec, launch, type Launch, type Measured } from '../stage/processes.ts';
import type { Stage } from '../stage/stage.ts';
import { messageOf } from './message.ts';
import { PARLEY_DATABASE } from './parley.ts';
import { stopAll, type FanOutSystem, type Publisher } from './system.ts';

/** Socket.IO nodes with the Redis adapter, over the same members in the same store. */
export async function startSocketIo(
  stage: Stage,
  { nodes: count, ...options }: Launch & { readonly nodes: number },
): Promise<FanOutSystem> {
  const nodes: Measured[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const port = await stage.ports.take();
      const env = { MONGODB_URL: stage.databaseUrl(PARLEY_DATABASE) };
      const spec = { ...options, name: `socket-io-${i + 1}`, script: 'socket-io.js', port, env };
      nodes.push(await launch(stage, baselineSpec(stage, spec), port));
    }
    const publisher = publisherOf(stage);
    const stop = async (): Promise<void> => {
      await publisher.close();
      await stopAll(nodes);
    };
    return { name: 'Socket.IO', dialect: 'socket-io', nodes, publisher, stop };
  } catch (error) {
    await stopAll(nodes);
    throw error;
  }
}

/** A Socket.IO server without clients that emits into rooms, as a process that only publishes does. */
function publisherOf(stage: Stage): Publisher {
  const [commands, subscriber] = [stage.redis.duplicate(), stage.redis.duplicate()];
  const io = new Server({ adapter: createAdapter(commands, subscriber) });
  return {
    prepare: async (rooms) => rooms.map(() => 1),
    publish: (message) => void io.to(message.room).emit('message', messageOf(message)),
    close: async () => {
      commands.disconnect();
      subscriber.disconnect();
    },
  };
}

import { encodeFrame } from '../../shared/wire/protocol.ts';
import { baselineSpec, launch } from '../stage/processes.ts';
import type { Stage } from '../stage/stage.ts';
import { messageOf } from './message.ts';
import type { FanOutSystem } from './system.ts';

/** One process that loops over the sockets of a room. */
export async function startBareWs(stage: Stage): Promise<FanOutSystem> {
  const port = await stage.ports.take();
  const spec = baselineSpec(stage, { name: 'bare-ws', script: 'bare-ws.js', port, env: {} });
  const node = await launch(stage, spec, port);
  return {
    name: 'bare ws',
    dialect: 'bare-ws',
    nodes: [node],
    publisher: {
      prepare: async (rooms) => rooms.map(() => 1),
      publish: (message) =>
        void stage.redis.publish(
          `bare:${message.room}`,
          encodeFrame({ type: 'message', ...messageOf(message) }),
        ),
      close: async () => undefined,
    },
    stop: () => node.stop(),
  };
}

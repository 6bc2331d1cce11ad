import { writeAtomically } from '../../local/files.ts';
import {
  apiNodesText,
  apiSpec,
  entriesOf,
  gatewaySpec,
  type NodePorts,
  type NodeSettings,
} from '../../local/nodes.ts';
import { encodeEnvelope, Kind } from '../../shared/node/envelope.ts';
import { counterKey, roomChannel } from '../../shared/node/keys.ts';
import { encodeFrame } from '../../shared/wire/protocol.ts';
import { launch, nodeArguments, type Launch, type Measured } from '../stage/processes.ts';
import type { Stage } from '../stage/stage.ts';
import { messageOf } from './message.ts';
import { stopAll, type FanOutSystem, type Publisher } from './system.ts';

/** The database all Parley nodes of a run use. */
export const PARLEY_DATABASE = 'parley';

export interface ParleyOptions extends Launch {
  readonly api?: number;
  readonly gateways: number;
}

export interface Parley extends FanOutSystem {
  readonly api: readonly Measured[];
}

/** API nodes and gateways from the compiled build, with the environment production gives them. */
export async function startParley(stage: Stage, options: ParleyOptions): Promise<Parley> {
  const settings = settingsOf(stage, options);
  const started: Measured[] = [];
  const ports = async (): Promise<NodePorts> => ({
    port: await stage.ports.take(),
    internalPort: await stage.ports.take(),
  });
  try {
    const apiPorts = await Promise.all(Array.from({ length: options.api ?? 1 }, ports));
    const api: Measured[] = [];
    for (const [i, given] of apiPorts.entries())
      api.push(track(started, await launch(stage, apiSpec(`api-${i + 1}`, given, settings), given.port)));
    await writeAtomically(stage.paths.apiNodes, apiNodesText(apiPorts));
    const nodes: Measured[] = [];
    for (let i = 0; i < options.gateways; i++) {
      const given = await ports();
      nodes.push(
        track(started, await launch(stage, gatewaySpec(`gateway-${i + 1}`, given, settings), given.port)),
      );
    }
    const stop = (): Promise<void> => stopAll(started);
    return { name: 'Parley', dialect: 'parley', api, nodes, publisher: publisherOf(stage), stop };
  } catch (error) {
    await stopAll(started);
    throw error;
  }
}

function track(list: Measured[], node: Measured): Measured {
  list.push(node);
  return node;
}

function settingsOf(stage: Stage, options: ParleyOptions): NodeSettings {
  const { api, gateway } = entriesOf('built');
  const extra = nodeArguments(options);
  return {
    paths: stage.paths,
    secrets: stage.secrets,
    mongodbUrl: stage.databaseUrl(PARLEY_DATABASE),
    redisUrl: stage.redisUrl,
    origin: 'https://localhost',
    allowedOrigins: ['https://localhost'],
    maxSockets: 18_000,
    entries: { api: [...extra, ...api], gateway: [...extra, ...gateway] },
    env: {},
  };
}

/**
 * What an API node publishes, and as it does: the counter raised, then the envelope on the room's channel. Straight to
 * Redis, because storing 300 messages a second would take the CPU that the gateway and the client are measured on.
 */
function publisherOf({ redis }: Stage): Publisher {
  return {
    // A room that was ever written to has a counter; without one each hello would ask the store.
    prepare: async (rooms) => {
      const pipeline = redis.pipeline();
      for (const room of rooms) pipeline.setnx(counterKey(room), 0).get(counterKey(room));
      const answers = (await pipeline.exec()) ?? [];
      return rooms.map((_, i) => Number(answers[i * 2 + 1]?.[1]) + 1);
    },
    publish: (message) => {
      const { room, seq } = message;
      const frame = encodeFrame({ type: 'message', ...messageOf(message) });
      void redis
        .pipeline()
        .set(counterKey(room), seq)
        .publish(roomChannel(room), encodeEnvelope(Kind.log, room, seq, frame))
        .exec();
    },
    close: async () => undefined,
  };
}

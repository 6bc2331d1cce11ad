import { randomUUID } from 'node:crypto';
import type { SendResult } from '../../shared/node/internal.ts';
import type { TestCluster } from './cluster.ts';
import type { Person } from './person.ts';

/** Messages at once. */
const BATCH = 100;

/**
 * Says all of it in this order, as gateways bring what comes over sockets: for the hundreds of messages that lead up to a
 * test, at a fraction of what as many calls cost.
 */
export async function sayMany(
  { cluster }: TestCluster,
  room: string,
  said: readonly { readonly by: Person; readonly text: string }[],
): Promise<void> {
  for (let from = 0; from < said.length; from += BATCH) {
    let left = said
      .slice(from, from + BATCH)
      .map(({ by, text }) => ({ user: by.id, room, clientId: randomUUID(), text }));
    while (left.length > 0) {
      const results = await send(cluster, left);
      const refused = results.find((result) => 'code' in result && !result.retry);
      if (refused !== undefined) throw new Error(`refused: ${JSON.stringify(refused)}`);
      left = left.filter((_, at) => 'code' in (results[at] ?? {}));
    }
  }
}

async function send(
  cluster: TestCluster['cluster'],
  sends: readonly object[],
): Promise<readonly SendResult[]> {
  const answer = await fetch(`http://127.0.0.1:${cluster.apiNodes[0]?.internalPort}/internal/sends`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${cluster.secrets.INTERNAL_SECRET}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ sends }),
  });
  if (!answer.ok) throw new Error(`sends: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { results: readonly SendResult[] }).results;
}

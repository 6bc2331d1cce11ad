import type { Fleet } from './fleet.ts';

/**
 * Starts every node of `fleets` again, one after the other, each out of service meanwhile. Where a node is the only one
 * of its kind, another serves in its place and goes when it is back. `announce` tells those who send to the nodes which of
 * them serve. Rejects at the first node that does not come back; the ones behind it are left as they are, and a stand-in
 * stays.
 */
export async function roll(
  fleets: readonly Fleet[],
  announce: () => Promise<void>,
  onDone: (name: string) => void,
): Promise<void> {
  for (const fleet of fleets) {
    const nodes = [...fleet.serving];
    const isAlone = nodes.length === 1;
    if (isAlone) await fleet.grow(1);
    try {
      for (const node of nodes) {
        fleet.withdraw(node);
        // The one before comes back into service with the same step.
        await announce();
        try {
          await node.process.restart();
        } finally {
          // One that fails now is tried again by its supervisor, and must find its place then.
          fleet.restore(node);
        }
        onDone(node.name);
      }
    } catch (error) {
      await announce();
      throw error;
    }
    const spare = fleet.retire(isAlone ? 1 : 0);
    await announce();
    await fleet.end(spare);
  }
}

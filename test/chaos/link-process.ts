/** A process of its own that holds links: what the nodes need must not wait until the checker has a turn. */
import { Link, type LinkState } from './link.ts';

export type Order = { readonly id: number; readonly link: string } & (
  | { readonly do: 'open' }
  | { readonly do: 'lead'; readonly host: string; readonly port: number }
  | { readonly do: 'set'; readonly state: LinkState }
  | { readonly do: 'drop'; readonly n: number }
);
export interface Done {
  readonly id: number;
  readonly port: number;
}

const links = new Map<string, Link>();

async function obey(order: Order): Promise<void> {
  const link = links.get(order.link) ?? (await Link.open());
  links.set(order.link, link);
  if (order.do === 'lead') link.leadTo(order.host, order.port);
  if (order.do === 'set') link.set(order.state);
  if (order.do === 'drop') link.drop(order.n);
  process.send?.({ id: order.id, port: link.port } satisfies Done);
}

// One order after the other, as they came.
let turn = Promise.resolve();
process.on('message', (order: Order) => {
  turn = turn.then(() => obey(order));
});
process.on('disconnect', () => process.exit());

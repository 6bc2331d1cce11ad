import ipaddr from 'ipaddr.js';

/** The key by which an address is counted; of IPv6 the network, since one person has billions of addresses in it. */
export function networkOf(text: string | undefined): string {
  if (text === undefined || !ipaddr.isValid(text)) return 'unknown';
  const address = ipaddr.process(text);
  if (address.kind() === 'ipv4') return address.toString();
  return ipaddr.fromByteArray([...address.toByteArray().slice(0, 8), 0, 0, 0, 0, 0, 0, 0, 0]).toString();
}

/** Who asks, seen through `hops` proxies of ours, each of which appended whom it heard to `forwarded`: further left anybody can write. */
export function addressBehind(
  hops: number,
  remote: string | undefined,
  forwarded: string | undefined,
): string | undefined {
  const seen = [remote, ...(forwarded ?? '').split(',').toReversed()].map((one) => one?.trim());
  return seen
    .filter((one) => one !== '')
    .slice(0, hops + 1)
    .at(-1);
}

import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';

/** Public by its range and not for us all the same: where a cloud tells its machines their secrets. */
const RESERVED = new Set(['168.63.129.16']);
/** IPv6 of the open internet: the rest is not given out, or leads into other networks. */
const GLOBAL: [ipaddr.IPv6, number] = [ipaddr.IPv6.parse('2000::'), 3];

/**
 * Whether `ip` belongs to the open internet. Everything else is refused: loopback, private, link-local, shared, multicast,
 * reserved, and every IPv6 address that carries an IPv4 address inside.
 */
export function isPublicAddress(ip: string): boolean {
  // Shorter spellings are not for us to guess at.
  if (isIP(ip) === 0 || ip.includes('%')) return false;
  const address = ipaddr.parse(ip);
  if (address.range() !== 'unicast') return false;
  if (address instanceof ipaddr.IPv6) return address.match(GLOBAL);
  return !RESERVED.has(address.toString());
}

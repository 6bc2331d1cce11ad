import { expect } from 'chai';
import { isPublicAddress } from '../../../../api/services/previews/address.ts';
import { Forbidden, Gate } from '../../../../api/services/previews/gate.ts';

describe('the guard of link previews', () => {
  const RANGES: Readonly<Record<string, readonly string[]>> = {
    'this network': ['0.0.0.0', '0.1.2.3', '::'],
    loopback: ['127.0.0.1', '127.255.255.254', '::1'],
    private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd12:3456::1'],
    'link-local': ['169.254.1.1', 'fe80::1', 'fe80::1%eth0', 'febf::1'],
    'shared (carrier-grade NAT)': ['100.64.0.1', '100.127.255.255'],
    'clouds’ metadata': ['169.254.169.254', '100.100.100.200', '168.63.129.16', 'fd00:ec2::254'],
    multicast: ['224.0.0.1', '239.255.255.255', 'ff02::1'],
    broadcast: ['255.255.255.255'],
    'reserved, documentation, benchmarks': [
      ...['192.0.0.1', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '240.0.0.1'],
      ...['2001:db8::1', '100::1', '2001:2::1', 'fec0::1', '4000::1'],
    ],
    'IPv4 inside IPv6': [
      ...['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:7f00:1', '::127.0.0.1', '64:ff9b::7f00:1'],
      ...['2002:7f00:1::', '2001:0:7f00:1::', '64:ff9b:1::1'],
    ],
    'no address': ['', 'localhost', '127.1', '0x7f.1', '1.2.3', '8.8.8.8/8'],
  };
  for (const [name, addresses] of Object.entries(RANGES))
    it(`refuses ${name}`, () => {
      for (const address of addresses) expect(isPublicAddress(address), address).to.equal(false);
    });
  it('lets the open internet through', () => {
    for (const address of ['8.8.8.8', '1.1.1.1', '172.32.0.1', '2606:4700::1111', '2a00:1450:4001::1'])
      expect(isPublicAddress(address), address).to.equal(true);
  });

  const gate = new Gate();
  const refuses = (url: string): void => {
    expect(() => gate.check(new URL(url)), url).to.throw(Forbidden);
  };
  it('refuses other schemes, other ports, and passwords', () => {
    for (const url of ['ftp://a.example', 'file:///etc/passwd', 'gopher://a.example', 'ws://a.example'])
      refuses(url);
    for (const url of ['http://a.example:22', 'https://a.example:80', 'http://a.example:6379']) refuses(url);
    for (const url of ['http://me:secret@a.example', 'http://me@a.example']) refuses(url);
    for (const url of ['http://a.example', 'https://a.example:443/x']) gate.check(new URL(url));
  });
  it('refuses addresses in every way they can be written', () => {
    for (const host of ['127.0.0.1', '2130706433', '0x7f000001', '017700000001', '127.1', '[::1]', '０x7f.1'])
      refuses(`http://${host}/`);
    for (const host of ['[::ffff:127.0.0.1]', '[::ffff:a9fe:a9fe]', '169.254.169.254', '①②⑦.⓪.⓪.①'])
      refuses(`http://${host}/`);
  });

  const lookedUp = (addresses: readonly string[], all = true): Promise<unknown> => {
    const resolve = () =>
      Promise.resolve(addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })));
    const lookup = new Gate({ resolve }).lookupFor(new URL('http://a.example'));
    return new Promise((done, fail) => {
      lookup('a.example', { all }, (error, found) => (error === null ? done(found) : fail(error)));
    });
  };
  const rejected = async (work: Promise<unknown>): Promise<void> => {
    const outcome = await work.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(outcome).to.be.instanceOf(Forbidden);
  };
  it('refuses a name when one of its addresses is forbidden, wherever it stands', async () => {
    await rejected(lookedUp(['127.0.0.1']));
    await rejected(lookedUp(['8.8.8.8', '10.0.0.1']));
    await rejected(lookedUp(['2606:4700::1111', '::1']));
    await rejected(lookedUp(['10.0.0.1', '8.8.8.8'], false));
    await rejected(lookedUp([]));
  });
  it('gives the connection the very addresses it has judged', async () => {
    expect(await lookedUp(['8.8.8.8', '1.1.1.1'])).to.deep.equal([
      { address: '8.8.8.8', family: 4 },
      { address: '1.1.1.1', family: 4 },
    ]);
    expect(await lookedUp(['8.8.8.8'], false)).to.equal('8.8.8.8');
  });
});

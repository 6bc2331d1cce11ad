import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ApiNodes } from '../../../gateway/api-nodes.ts';
import { InternalClient } from '../../../gateway/internal-client.ts';
import { HttpUplink } from '../../../gateway/uplink.ts';
import { MemoryBroker } from '../../../shared/node/bus-memory.ts';
import { createLogger } from '../../../shared/node/logger.ts';
import { FakeApiServer, FakeCluster } from '../../support/fake-uplink.ts';
import { idOf } from '../../support/gateway-harness.ts';

const secret = 's'.repeat(32);
const [alice, bob, room] = [idOf('a'), idOf('b'), idOf('1')] as const;

describe('gateway uplink', () => {
  const logger = createLogger({ name: 'test', level: 'silent' });
  const servers: FakeApiServer[] = [];
  const lists: ApiNodes[] = [];
  let cluster: FakeCluster;

  beforeEach(() => {
    cluster = new FakeCluster(new MemoryBroker().connect());
    cluster.join(alice, room);
  });
  afterEach(async () => {
    for (const nodes of lists.splice(0)) await nodes.stop();
    for (const server of servers.splice(0)) await server.close();
  });

  const serve = async (): Promise<[FakeApiServer, string]> => {
    const server = new FakeApiServer(cluster, secret);
    servers.push(server);
    return [server, await server.listen()];
  };
  const uplinkTo = async (config: string): Promise<[HttpUplink, ApiNodes]> => {
    const nodes = new ApiNodes(config, logger, () => performance.now());
    lists.push(nodes);
    await nodes.start();
    return [new HttpUplink(new InternalClient(nodes, secret, logger)), nodes];
  };
  const send = (clientId: string) => ({ user: alice, room, clientId, text: 'hello' });

  it('answers each of many concurrent sends its own result', async () => {
    const [, origin] = await serve();
    const [uplink] = await uplinkTo(origin);
    const results = await Promise.all(Array.from({ length: 700 }, (_, i) => uplink.send(send(`${i}`))));
    const seqs = results.map((result) => ('seq' in result ? result.seq : 0));
    expect(new Set(seqs).size).to.equal(700);
    expect(JSON.parse(cluster.log_.get(room)![seqs[123]! - 1]!)).to.include({ clientId: '123' });
  });

  it('repeats a failed batch once on another node, which answers what the first stored', async () => {
    const [[first, a], [second, b]] = [await serve(), await serve()];
    const [uplink, nodes] = await uplinkTo(`${a},${b}`);
    first.failures = 1;
    second.failures = 0;
    const results = await Promise.all([uplink.send(send('x')), uplink.send(send('x'))]);
    expect(results[0]).to.include({ seq: 1 });
    expect(results[1]).to.include({ seq: 1 });
    expect(nodes.size).to.equal(2);
  });

  it('passes over a node that is gone', async () => {
    const [[gone, a], [, b]] = [await serve(), await serve()];
    const [uplink] = await uplinkTo(`${a},${b}`);
    await gone.close();
    for (let i = 0; i < 10; i++) expect(await uplink.send(send(`${i}`))).to.include({ seq: i + 1 });
  });

  it('says unavailable, with retry, when all nodes fail', async () => {
    const [server, origin] = await serve();
    const [uplink] = await uplinkTo(origin);
    server.failures = 2;
    const error = await uplink.send(send('x')).catch((reason: unknown) => reason);
    expect(error).to.include({ code: 'unavailable', retry: true });
  });

  it('takes a refused request for its own fault, not for a dead node', async () => {
    const [server, origin] = await serve();
    const [uplink, nodes] = await uplinkTo(origin);
    Object.assign(server, { failures: 1, failure: 413, code: 'too_large' });
    const error = await uplink.send(send('x')).catch((reason: unknown) => reason);
    expect(error).to.include({ code: 'invalid', retry: false });
    expect(nodes.healthy).to.equal(1);
    expect(await uplink.send(send('y'))).to.include({ seq: 1 });
  });

  it('passes over a program that has taken the place of a node', async () => {
    const [[stranger, a], [, b]] = [await serve(), await serve()];
    const [uplink] = await uplinkTo(`${a},${b}`);
    Object.assign(stranger, { failures: 100, failure: 404, code: 'not_found' });
    for (let i = 0; i < 10; i++) expect(await uplink.send(send(`${i}`))).to.include({ seq: i + 1 });
  });

  it('does not call refused what a node that failed may have stored', async () => {
    const [[first, a], [second, b]] = [await serve(), await serve()];
    const [uplink, nodes] = await uplinkTo(`${a},${b}`);
    const one = nodes.pick()!;
    // The busy one is asked second.
    (one.origin === b ? one : nodes.pick(one)!).inFlight = 10;
    [first.failures, first.failure] = [1, 500];
    Object.assign(second, { failures: 1, failure: 413, code: 'too_large' });
    const error = await uplink.send(send('x')).catch((reason: unknown) => reason);
    expect(error).to.include({ code: 'unavailable', retry: true });
  });

  it('passes over a node for longer each time it fails in a row', async () => {
    const [, origin] = await serve();
    let clock = 0;
    const nodes = new ApiNodes(origin, logger, () => clock);
    lists.push(nodes);
    await nodes.start();
    const node = nodes.pick()!;
    const downFor = (): number => {
      nodes.markDown(node);
      const since = clock;
      while (nodes.healthy === 0) clock += 1_000;
      return clock - since;
    };
    expect([downFor(), downFor(), downFor(), downFor(), downFor()]).to.deep.equal([
      2_000, 4_000, 8_000, 16_000, 16_000,
    ]);
    nodes.markUp(node);
    expect(downFor()).to.equal(2_000);
  });

  it('reads the nodes from a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-'));
    const [[, a], [, b]] = [await serve(), await serve()];
    await writeFile(join(folder, 'nodes'), `${a}\n${b}\n`);
    const [uplink, nodes] = await uplinkTo(`@${join(folder, 'nodes')}`);
    expect(nodes.size).to.equal(2);
    expect(await uplink.send(send('x'))).to.include({ seq: 1 });
    await rm(folder, { recursive: true });
  });

  it('looks into the file again before it gives up, as the nodes named there may have changed meanwhile', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-'));
    const [[gone, a], [, b]] = [await serve(), await serve()];
    await writeFile(join(folder, 'nodes'), `${a}\n`);
    const [uplink] = await uplinkTo(`@${join(folder, 'nodes')}`);
    await writeFile(join(folder, 'nodes'), `${b}\n`);
    await gone.close();
    expect(await uplink.send(send('x'))).to.include({ seq: 1 });
    await rm(folder, { recursive: true });
  });

  it('gathers lists, heads and slices of many sessions into few calls', async () => {
    const [, origin] = await serve();
    const [uplink] = await uplinkTo(origin);
    cluster.join(bob, room);
    for (let i = 0; i < 5; i++) await cluster.post(room, `${i}`);
    cluster.ended.add(idOf('d'));
    const answers = await Promise.all([
      uplink.roomList(alice, idOf('e')),
      uplink.roomList(alice, idOf('d')),
      uplink.roomList(bob, idOf('f')),
    ]);
    expect(answers[1].ended).to.deep.equal([idOf('d')]);
    expect(answers[2].rooms).to.have.property(room);
    const heads = await Promise.all(Array.from({ length: 3_000 }, () => uplink.heads([room])));
    for (const head of heads) expect(head).to.deep.equal({ [room]: 5 });
    const [small, large] = await Promise.all([
      uplink.log({ room, after: 3, to: 4 }),
      uplink.log({ room, after: 1, to: 5 }),
    ]);
    expect(small).to.deep.equal(large);
    expect(large?.entries.map(([seq]) => seq)).to.deep.equal([2, 3, 4, 5]);
    expect(cluster.calls).to.deep.equal(['room-lists', 'heads', 'log']);
  });
});

import { request } from 'node:http';
import { expect } from 'chai';
import { mongo } from 'mongoose';
import { startTestCluster, type TestCluster } from '../support/cluster.ts';
import type { Person } from '../support/person.ts';

/** ms until a lease has ended and a sweep has come by. */
const PATIENCE = 90_000;

describe('an upload whose API node is killed', () => {
  let parley: TestCluster;
  let client: mongo.MongoClient;
  let ann: Person;
  before(async function () {
    this.timeout(300_000);
    parley = await startTestCluster();
    client = new mongo.MongoClient(parley.cluster.mongodbUrl);
    ann = await parley.register('ann');
  });
  after(async function () {
    this.timeout(60_000);
    await client?.close();
    await parley?.stop();
  });

  const pieces = (): Promise<number> => client.db().collection('attachments.chunks').countDocuments({});
  const until = async (isSo: () => Promise<boolean>, what: string): Promise<void> => {
    const deadline = Date.now() + PATIENCE;
    while (!(await isSo())) {
      if (Date.now() > deadline) expect.fail(what);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };

  it('leaves no piece of the file behind', async function () {
    this.timeout(3 * PATIENCE);
    const room = (await ann.createRoom({ type: 'group', name: 'Files' })).id;
    const upload = request(`${parley.api(0)}/api/v1/attachments?room=${room}&name=half.bin`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ann.token}`, 'content-length': 5_000_000 },
    });
    const broken = new Promise((resolve) => upload.once('error', resolve));
    upload.write(Buffer.alloc(1_500_000, 7));
    await until(async () => (await pieces()) > 2, 'no piece was stored');
    await parley.cluster.kill('api-1', 'SIGKILL');
    await broken;
    expect(await pieces()).to.be.above(2);
    await until(async () => (await pieces()) === 0, 'pieces stay');
  });
});

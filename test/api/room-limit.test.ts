import { expect } from 'chai';
import { mongo } from 'mongoose';
import { MAX_ROOMS } from '../../api/services/create-room.ts';
import type { CreatedInvite, Room } from '../../shared/wire/rest.ts';
import type { Account, ApiNode } from '../support/api-node.ts';
import { useScene } from '../support/scene.ts';

describe('the number of rooms one is in', () => {
  let api: ApiNode;
  let client: mongo.MongoClient;
  let ann: Account;
  let bob: Account;
  useScene((scene) => {
    ({ api, ann, bob } = scene);
    client = new mongo.MongoClient(scene.servers.mongodbUrl);
  });
  before(async () => {
    const { ObjectId } = mongo;
    const user = new ObjectId(bob.id);
    const plain = { role: 'member', readSeq: 0, gotSeq: 0, joinedSeq: 0, notify: 'all', favourite: false };
    const rows = Array.from({ length: MAX_ROOMS }, () => ({ room: new ObjectId(), user, ...plain }));
    await client.db().collection('members').insertMany(rows);
  });
  after(() => client?.close());

  it('has a limit, whichever way one comes in', async () => {
    const create = (by: Account, body: object) => api.call<Room>('POST', '/rooms', { token: by.token, body });
    const { id } = (await create(ann, { type: 'channel', name: 'One too many' })).body;
    const link = { token: ann.token, body: {} };
    const { token } = (await api.call<CreatedInvite>('POST', `/rooms/${id}/invites`, link)).body;
    const full = { token: bob.token };
    expect((await api.refused('POST', `/rooms/${id}/join`, full)).code).to.equal('conflict');
    expect((await api.refused('POST', `/invites/${token}/join`, full)).code).to.equal('conflict');
    expect((await create(bob, { type: 'group', name: 'My own' })).status).to.equal(409);
    expect((await api.call<Room>('GET', `/rooms/${id}`, { token: ann.token })).body.members).to.equal(1);
  });
});

import { expect } from 'chai';
import type { Attachment, Message, Problem, Room, ServerConfig } from '../../shared/wire/rest.ts';
import { startApi, type Account, type ApiNode } from '../support/api-node.ts';

describe('space for files', () => {
  let api: ApiNode;
  let ann: Account;
  let room: string;
  before(async function () {
    this.timeout(240_000);
    const env = { ATTACHMENT_MAX_BYTES: '3000', ATTACHMENT_USER_BYTES: '5000' };
    api = await startApi({ env });
    ann = await api.register('ann');
    const body = { type: 'group', name: 'Files' };
    room = (await api.call<Room>('POST', '/rooms', { token: ann.token, body })).body.id;
  });
  after(() => api?.stop());

  const post = async (bytes: number, by = ann) => {
    const init = {
      method: 'POST',
      headers: { authorization: `Bearer ${by.token}` },
      body: new Uint8Array(bytes),
    };
    const response = await fetch(`${api.origin}/api/v1/attachments?room=${room}&name=x`, init);
    return { status: response.status, body: (await response.json()) as Attachment & Problem };
  };
  const config = async (by = ann) =>
    (await api.call<ServerConfig>('GET', '/config', { token: by.token })).body;

  it('is told beforehand, and fills', async () => {
    expect(await config()).to.deep.equal({ files: { maxBytes: 3_000, quota: { bytes: 5_000, used: 0 } } });
    expect((await post(3_001)).body.code).to.equal('too_large');
    const first = await post(3_000);
    expect(first.status).to.equal(201);
    const second = await post(2_001);
    expect([second.status, second.body.code]).to.deep.equal([413, 'quota_exceeded']);
    expect(second.body.detail).to.include('4.8 KiB');
    expect((await post(2_000)).status).to.equal(201);
    expect((await post(1)).body.code).to.equal('quota_exceeded');
    expect((await config()).files.quota?.used).to.equal(5_000);
  });

  it('is there again once a message with a file is deleted', async () => {
    const bob = await api.register('bob');
    await api.call('POST', `/rooms/${room}/members`, { token: ann.token, body: { users: [bob.id] } });
    const mine = await post(3_000, bob);
    const said = await api.call<Message>('POST', `/rooms/${room}/messages`, {
      token: bob.token,
      body: { clientId: 'c', text: '', attachments: [mine.body.id] },
    });
    expect((await post(3_000, bob)).body.code).to.equal('quota_exceeded');
    await api.call('DELETE', `/rooms/${room}/messages/${said.body.seq}`, { token: bob.token });
    expect((await config(bob)).files.quota?.used).to.equal(0);
    expect((await post(3_000, bob)).status).to.equal(201);
  });

  it('is nobody else’s business', async () => {
    expect((await api.refused('GET', '/config')).code).to.equal('unauthorized');
  });
});

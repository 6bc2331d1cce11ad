import { expect } from 'chai';
import type { Me, Message, Problem, Room } from '../../shared/wire/rest.ts';
import { PASSWORD, type Account, type ApiNode } from '../support/api-node.ts';
import { useScene } from '../support/scene.ts';

/** Nothing of them is seen. */
const BLANK = ['\u200b', ' \u2060\ufeff', '\u202e\u202c', '\u3164', '\u2800\u00ad', '\u0001\u200d\ufe0f'];

describe('what can be seen of names and texts, over REST', () => {
  let api: ApiNode;
  let ann: Account;
  let room: string;
  useScene((scene) => ({ api, ann } = scene));
  beforeEach(async () => {
    const body = { type: 'group', name: 'Seen' };
    room = (await api.call<Room>('POST', '/rooms', { token: ann.token, body })).body.id;
  });

  let sent = 0;
  const as = (method: string, path: string, body: object) =>
    api.call<Problem>(method, path, { token: ann.token, body });
  const send = (text: string) =>
    api.call<Message>('POST', `/rooms/${room}/messages`, {
      token: ann.token,
      body: { clientId: `v${++sent}`, text },
    });
  const at = new Date(Date.now() + 3_600_000).toISOString();

  for (const [what, ask] of Object.entries({
    'a display name': (text: string) => as('PATCH', '/users/me', { displayName: text }),
    'a display name at registering': (text: string) =>
      as('POST', '/auth/register', { username: `blank-${++sent}`, password: PASSWORD, displayName: text }),
    'a status': (text: string) => as('PATCH', '/users/me', { status: text }),
    'a new room’s name': (text: string) => as('POST', '/rooms', { type: 'group', name: text }),
    'a room’s name': (text: string) => as('PATCH', `/rooms/${room}`, { name: text }),
    'a topic': (text: string) => as('PATCH', `/rooms/${room}`, { topic: text }),
    'a message': send,
    'a scheduled message': (text: string) =>
      as('POST', `/rooms/${room}/scheduled`, { clientId: `s${++sent}`, text, at }),
  }))
    it(`is asked of ${what}`, async () => {
      for (const text of BLANK) {
        const { status, body } = await ask(text);
        expect(status, escape(text)).to.equal(400);
        expect(body).to.include({ code: 'invalid' });
      }
    });

  it('is asked of a message’s new text, which stays as it was', async () => {
    const { seq } = (await send('first')).body;
    for (const text of [...BLANK, ' \n'])
      expect((await as('PATCH', `/rooms/${room}/messages/${seq}`, { text })).body.code).to.equal('invalid');
    const { body } = await api.call<{ messages: Message[] }>('GET', `/rooms/${room}/messages?seqs=${seq}`, {
      token: ann.token,
    });
    expect(body.messages[0]).to.deep.include({ text: 'first', rev: seq });
  });

  it('is nothing in a message of spaces', async () => {
    for (const text of ['', ' ', '\n\t ', '\u00a0\u2003'])
      expect((await send(text)).status, escape(text)).to.equal(400);
  });

  it('keeps emojis and every script as they were written, in texts and names', async () => {
    for (const text of ['👩‍💻', '❤️', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '1️⃣', 'می‌خواهم', 'क्‍ष', 'ශ්‍රී', ' \u202e!']) {
      expect((await send(text)).body.text).to.equal(text);
      if (text.trim() !== text) continue;
      const { body } = await api.call<Room>('PATCH', `/rooms/${room}`, {
        token: ann.token,
        body: { name: text },
      });
      expect(body.name).to.equal(text);
    }
  });

  it('is all there is in a name: what is hidden is left out, and two public channels cannot look alike', async () => {
    const { body } = await api.call<Me>('PATCH', '/users/me', {
      token: ann.token,
      body: { displayName: '\u202enimda\u202c \u200bAnn\n', status: 'a\u00adway' },
    });
    expect(body).to.include({ displayName: 'nimda Ann', status: 'away' });
    const create = (name: string) => as('POST', '/rooms', { type: 'channel', name });
    expect((await create('looks-alike')).status).to.equal(201);
    for (const name of ['looks\u200b-alike', 'l\u200dooks-alike\ufe0f', '\u2067looks-alike\u2069'])
      expect((await create(name)).body, escape(name)).to.deep.include({ code: 'conflict' });
  });
});

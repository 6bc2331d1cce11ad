import { expect } from 'chai';
import { SAMPLE, type Example } from '../../api/openapi/operation.ts';
import { OPERATIONS } from '../../api/openapi/operations/index.ts';
import { ROUTES } from '../../api/routes/schemas/index.ts';
import type {
  Attachment,
  CreatedInvite,
  Message,
  Room,
  Scheduled,
  Session,
  SessionInfo,
} from '../../shared/wire/rest.ts';
import type { ApiNode } from '../support/api-node.ts';
import { useScene } from '../support/scene.ts';

/** A file that an answer can be read as. */
const FILE = '"soup"';

/** The words of the examples, and what stands for them in one world. */
type Cast = ReadonlyMap<string, string>;

describe('the API’s documentation', () => {
  let api: ApiNode;
  useScene((scene) => ({ api } = scene));

  it('is served to everybody as OpenAPI 3.1', async () => {
    const { status, headers, body } = await api.call<{ openapi: string }>('GET', '/openapi.json');
    expect({ status, openapi: body.openapi }).to.deep.equal({ status: 200, openapi: '3.1.0' });
    expect(headers.get('content-security-policy')).to.include("default-src 'none'");
  });

  it('has the socket protocol as AsyncAPI beside it', async () => {
    const { status, headers, body } = await api.call<string>('GET', '/asyncapi.yaml');
    expect({ status, type: headers.get('content-type') }).to.deep.equal({
      status: 200,
      type: 'application/yaml',
    });
    expect(body).to.match(/^asyncapi: 3\.1\.0/);
  });

  it('can be read and tried as a page whose policy lets nothing foreign run', async () => {
    const page = await fetch(`${api.origin}/api/docs`);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).to.include("script-src 'self';").and.include("default-src 'none'");
    const html = await page.text();
    expect(html).not.to.match(/<script>|onload=|https?:/);
    for (const [, path = ''] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      const file = await fetch(api.origin + path);
      expect(file.status, path).to.equal(200);
      expect(file.headers.get('content-type'), path).to.match(/javascript|css|png/);
      await file.arrayBuffer();
    }
  });

  it('is nowhere else: a file beside it is not found', async () => {
    for (const path of ['/api/docs/package.json', '/api/docs/../package.json', '/api/docs/index.html'])
      expect((await fetch(api.origin + path)).status, path).to.equal(404);
  });

  for (const { method, path, open } of ROUTES) {
    const name = `${method.toUpperCase()} ${path}`;
    const example = OPERATIONS[name]?.example;
    if (example === undefined) continue;
    it(`has an example of ${name} that works as it stands`, async () => {
      const { cast, token } = await world(api);
      const call = staged(example, cast);
      const { status } = await api.call(method.toUpperCase(), addressOf(path, call), {
        ...(open === true ? {} : { token }),
        ...(call.body === undefined ? {} : { body: call.body }),
        // Any bytes are a file.
        ...(OPERATIONS[name]?.bodyTypes?.includes('application/octet-stream') ? { body: FILE } : {}),
      });
      const answers = Object.keys(OPERATIONS[name]?.answers ?? {}).map(Number);
      expect(status).to.be.oneOf(answers).and.below(300);
    });
  }
});

/** Ann, who makes the calls; her room with bob, messages 2 (hers) and 3 (his); a public channel of cho's; a session elsewhere. */
async function world(api: ApiNode): Promise<{ readonly cast: Cast; readonly token: string }> {
  const [ann, bob, cho, dora] = await Promise.all(
    ['ann', 'bob', 'cho', 'dora'].map((name) => register(api, name)),
  );
  const { body: room } = await api.call<Room>('POST', '/rooms', {
    token: ann!.token,
    body: { type: 'group', name: 'Kitchen', members: [bob!.username] },
  });
  for (const [who, text] of [
    [ann, 'Lunch?'],
    [bob, 'Lunch!'],
  ] as const)
    await api.call<Message>('POST', `/rooms/${room.id}/messages`, {
      token: who!.token,
      body: { clientId: text, text },
    });
  const { body: channel } = await api.call<Room>('POST', '/rooms', {
    token: cho!.token,
    body: { type: 'channel', name: `General ${cho!.username}` },
  });
  const { body: scheduled } = await api.call<Scheduled>('POST', `/rooms/${room.id}/scheduled`, {
    token: ann!.token,
    body: { clientId: 'later', text: 'Dinner?', at: new Date(Date.now() + 86_400_000).toISOString() },
  });
  const { body: invite } = await api.call<CreatedInvite>('POST', `/rooms/${room.id}/invites`, {
    token: ann!.token,
    body: {},
  });
  const { body: joined } = await api.call<Room>('POST', '/rooms', {
    token: cho!.token,
    body: { type: 'group', name: 'Trips', members: [ann!.username] },
  });
  await api.call('POST', '/auth/login', { body: { username: ann!.username, password: SAMPLE.password } });
  const { body } = await api.call<{ sessions: SessionInfo[] }>('GET', '/auth/sessions', {
    token: ann!.token,
  });
  const { body: file } = await api.call<Attachment>('POST', `/attachments?room=${room.id}&name=menu.txt`, {
    token: ann!.token,
    body: FILE,
  });
  const cast = new Map<string, string>([
    [SAMPLE.room, room.id],
    [SAMPLE.publicRoom, channel.id],
    [SAMPLE.joinedRoom, joined.id],
    [SAMPLE.invite, invite.id],
    [SAMPLE.inviteToken, invite.token],
    [SAMPLE.scheduled, scheduled.id],
    [SAMPLE.attachment, file.id],
    [SAMPLE.session, body.sessions.find(({ current }) => !current)?.id ?? ''],
    [SAMPLE.user, ann!.username],
    [SAMPLE.member, bob!.username],
    [SAMPLE.stranger, cho!.username],
    ['dora', `${dora!.username}-2`],
    [SAMPLE.refreshToken, ann!.refreshToken],
  ]);
  return { cast, token: ann!.token };
}

async function register(api: ApiNode, prefix: string) {
  const username = `${prefix}-${Math.random().toString(36).slice(2, 10)}`;
  const { body } = await api.call<Session>('POST', '/auth/register', {
    body: { username, password: SAMPLE.password },
  });
  return { username, token: body.accessToken, refreshToken: body.refreshToken ?? '' };
}

/** The example with this world's people and rooms in it. */
function staged<T>(value: T, cast: Cast): T {
  if (typeof value === 'string')
    return value
      .split(',')
      .map((word) => cast.get(word) ?? word)
      .join(',') as T;
  if (Array.isArray(value)) return value.map((one: unknown) => staged(one, cast)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, staged<unknown>(one, cast)]),
  ) as T;
}

function addressOf(path: string, { params = {}, query = {} }: Example): string {
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams(Object.entries(query).map(([key, value]) => [key, String(value)]));
  return search.size === 0 ? filled : `${filled}?${search.toString()}`;
}

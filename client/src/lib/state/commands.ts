import { durationOf, namesIn, type CommandName } from '../chat/commands.ts';
import { splitLeadingEmoji } from '../chat/emoji.ts';
import { plural } from '../chat/names.ts';
import { codeOf } from '../chat/problems.ts';
import type { App } from './app.svelte.ts';
import type { Conversation } from './conversation.svelte.ts';

interface Scene {
  readonly app: App;
  readonly conversation: Conversation;
  readonly rest: string;
}
/** Gives what to tell when it is done; undefined where one sees it anyway. */
type Run = (scene: Scene) => Promise<string | undefined>;

/** Does what a command says. Rejects with what went wrong; nothing has changed then. */
export function runCommand(name: CommandName, scene: Scene): Promise<string | undefined> {
  return RUNS[name](scene);
}

/** Something is missing behind the command. */
const missing = (text: string): never => {
  throw new Error(text);
};

function requireRoom({ conversation }: Scene, what: string): void {
  if (conversation.info?.type === 'dm') missing(`A conversation of two has no ${what}.`);
}

const RUNS: Readonly<Record<CommandName, Run>> = {
  topic: async (scene) => {
    requireRoom(scene, 'topic');
    await scene.conversation.handle.update({ topic: scene.rest });
    return undefined;
  },
  rename: async (scene) => {
    requireRoom(scene, 'name of its own');
    if (scene.rest === '') missing('Say the new name as well: /rename Garden');
    await scene.conversation.handle.update({ name: scene.rest });
    return undefined;
  },
  invite: async (scene) => {
    requireRoom(scene, 'other members');
    const names = namesIn(scene.rest);
    if (names.length === 0) missing('Say whom to add: /invite @name');
    const { app, conversation } = scene;
    const people = await Promise.all(names.map((name) => userNamed(app, name)));
    await conversation.handle.addMembers(people);
    return `Added ${plural(people.length, 'person', 'people')}`;
  },
  leave: async (scene) => {
    requireRoom(scene, 'way out');
    const { app, conversation } = scene;
    await conversation.handle.leave().catch((error: unknown) => {
      if (codeOf(error) !== 'conflict') throw error;
      missing('You own this conversation. Make someone else its owner first, or delete it.');
    });
    app.router.go({ name: 'home' }, { replace: true });
    return undefined;
  },
  mute: async ({ conversation, rest }) => {
    const ms =
      rest === '' ? undefined : (durationOf(rest) ?? missing('Say for how long: /mute 30m, 8h or 2d'));
    const until = ms === undefined ? undefined : new Date(Date.now() + ms);
    await conversation.handle.update({
      me: until === undefined ? { notify: 'none' } : { mutedUntil: until.toISOString() },
    });
    return until === undefined ? 'Muted' : `Muted for ${rest}`;
  },
  unmute: async ({ conversation }) => {
    const isOff = conversation.info?.me.notify === 'none';
    await conversation.handle.update({
      me: { ...(isOff ? { notify: 'all' as const } : {}), mutedUntil: '' },
    });
    return 'Not muted any more';
  },
  archive: async ({ conversation }) => {
    await conversation.handle.update({ me: { archived: true } });
    return 'Archived';
  },
  status: async ({ app, rest }) => {
    const { emoji, rest: status } = splitLeadingEmoji(rest);
    await app.client.updateMe({ status, statusEmoji: emoji });
    return rest === '' ? 'Status cleared' : 'Status set';
  },
  dm: async ({ app, rest }) => {
    const [name] = namesIn(rest);
    const user = await userNamed(app, name ?? missing('Say with whom: /dm @name'));
    app.openRoom(await app.client.createRoom({ type: 'dm', user }));
    return undefined;
  },
  search: async ({ app, conversation, rest }) => {
    await Promise.resolve();
    app.search(conversation.id, rest);
    return undefined;
  },
  // With words it is a message.
  me: () => Promise.reject(new Error('Say something as well: /me waves')),
  shrug: () => Promise.resolve(undefined),
};

/** The id of somebody; who is not there is named. */
async function userNamed(app: App, name: string): Promise<string> {
  try {
    return (await app.client.user(name)).id;
  } catch (error) {
    if (codeOf(error) === 'not_found' || codeOf(error) === 'invalid') missing(`Nobody is called @${name}.`);
    throw error;
  }
}

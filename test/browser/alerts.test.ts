import { expect } from 'chai';
import type { Room } from '../../shared/wire/rest.ts';
import { cutOff, preparedToCut, putThrough } from '../support/cut-off.ts';
import { lookAway, notifications, shown, tells, type Window } from './notifications.ts';
import { stage, type Actor } from './stage.ts';

/** As text: see notifications. Stands for what a headless browser neither shows nor plays. */
const SENSES = `${notifications()}
  globalThis.sounds = 0;
  globalThis.AudioContext = class extends AudioContext {
    constructor() {
      super();
      sounds += 1;
    }
  };`;

describe('notifications in the browser', function () {
  this.timeout(120_000);
  const on = stage();

  async function set(person: Window, name: RegExp, isOn: boolean): Promise<void> {
    const { page } = person;
    await page.getByRole('button', { name: 'Settings' }).click();
    await page.getByRole('switch', { name }).setChecked(isOn);
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  }

  /** Ann, who wants to be told, has a page with nothing open; Bob speaks over REST, as any client of his would. */
  async function listening(): Promise<{ ann: Actor; bob: Actor; room: Room }> {
    const [ann, bob] = await Promise.all([on.enrol('Ann'), on.enrol('Bob')]);
    const members = [ann.username];
    const room = await bob.rest.createRoom({ type: 'group', name: 'Garden', members });
    await ann.context.addInitScript({ content: SENSES });
    await preparedToCut(ann);
    await ann.enter();
    await ann.roomLink('Garden').waitFor();
    await set(ann, /^Notifications/, true);
    return { ann, bob, room };
  }
  const onlyMentions = ({ rest }: Actor, { id }: Room): Promise<unknown> =>
    rest.call('PATCH', `/rooms/${id}`, { me: { notify: 'mentions' } });

  it('tell of mentions alone where one chose so, among whatever comes with them', async () => {
    const { ann, bob, room } = await listening();
    await ann.openRoom('Garden');
    await ann.page
      .getByRole('region', { name: 'Details' })
      .getByLabel('Notifications')
      .selectOption('mentions');
    await lookAway(ann);
    await bob.rest.say(room.id, 'the roses are out');
    await ann.sees('the roses are out');
    await bob.rest.say(room.id, `@${ann.username} look`);
    await bob.rest.say(room.id, 'and the bees');
    const mention = `${bob.fullName} in Garden: @${ann.username} look`;
    await tells(ann, mention);
    await ann.sees('and the bees');
    await bob.rest.say(room.id, '@room tea?');
    await tells(ann, `${bob.fullName} in Garden: @room tea?`);
    expect(await shown(ann)).to.deep.equal([mention, `${bob.fullName} in Garden: @room tea?`]);
  });

  it('tell after an absence of the mention that stands before other lines, once', async () => {
    const { ann, bob, room } = await listening();
    await onlyMentions(ann, room);
    const other = await bob.rest.createRoom({ type: 'group', name: 'Shed', members: [ann.username] });
    await ann.roomLink('Shed').waitFor();
    await onlyMentions(ann, other);
    await lookAway(ann);
    await cutOff(ann);
    for (const text of [`@${ann.username} come down`, 'it is warm', 'and dry'])
      await bob.rest.say(room.id, text);
    await bob.rest.say(other.id, 'nothing for Ann');
    await putThrough(ann);
    const mention = `${bob.fullName} in Garden: @${ann.username} come down`;
    await tells(ann, mention);
    await ann.roomLink('Shed').getByText('1 unread').waitFor();
    await cutOff(ann);
    await putThrough(ann);
    await bob.rest.say(room.id, `@${ann.username} still there?`);
    const last = `${bob.fullName} in Garden: @${ann.username} still there?`;
    await tells(ann, last);
    expect(await shown(ann)).to.deep.equal([mention, last]);
  });

  it('tell of a direct conversation that begins with the message', async () => {
    const { ann } = await listening();
    const eve = await on.enrol('Eve');
    await lookAway(ann);
    const dm = await eve.rest.createRoom({ type: 'dm', user: ann.username });
    await eve.rest.say(dm.id, 'We have not met');
    await tells(ann, `${eve.fullName}: We have not met`);
    expect(await shown(ann)).to.have.length(1);
  });

  it('tell of replies only in threads that one follows', async () => {
    const { ann, bob, room } = await listening();
    const eve = await on.enrol('Eve');
    await bob.rest.call('POST', `/rooms/${room.id}/members`, { users: [eve.username] });
    const reply = (by: Actor, text: string, thread: number): Promise<unknown> =>
      by.rest.call('POST', `/rooms/${room.id}/messages`, { clientId: `${text} ${room.id}`, text, thread });
    const theirs = await bob.rest.say(room.id, 'who waters today?');
    const hers = await ann.rest.say(room.id, 'where is the hose?');
    await ann.roomLink('Garden').getByText('where is the hose?').waitFor();
    await lookAway(ann);
    await reply(eve, 'I do', theirs.seq);
    await reply(bob, 'behind the shed', hers.seq);
    await tells(ann, `${bob.fullName} in Garden: behind the shed`);
    expect(await shown(ann)).to.deep.equal([`${bob.fullName} in Garden: behind the shed`]);
  });

  it('come once from several windows, and from none while one looks at another', async () => {
    const { ann, bob, room } = await listening();
    const second = await ann.context.newPage();
    await second.goto('/');
    const other = { page: second };
    await second.getByRole('link', { name: 'Garden' }).first().waitFor();
    await lookAway(other);
    await bob.rest.say(room.id, 'while she looks at the first');
    await second.getByText('while she looks at the first').first().waitFor();
    await lookAway(ann);
    await bob.rest.say(room.id, 'while she looks at none');
    const both = async (): Promise<string[]> => [...(await shown(ann)), ...(await shown(other))];
    await Promise.race(
      [ann, other].map((one) => tells(one, `${bob.fullName} in Garden: while she looks at none`)),
    );
    await bob.rest.say(room.id, 'and once more');
    await Promise.race([ann, other].map((one) => tells(one, `${bob.fullName} in Garden: and once more`)));
    expect(await both()).to.have.members(
      ['while she looks at none', 'and once more'].map((text) => `${bob.fullName} in Garden: ${text}`),
    );
  });

  it('come with a sound where one wants it, with one for all that comes at once, and without where not', async () => {
    const { ann, bob, room } = await listening();
    const sounds = (): Promise<number> => ann.page.evaluate('sounds');
    await set(ann, /^A sound/, true);
    // A sample, as it is turned on.
    expect(await sounds()).to.equal(1);
    await lookAway(ann);
    await bob.rest.say(room.id, 'heard');
    await tells(ann, `${bob.fullName} in Garden: heard`);
    expect(await sounds()).to.equal(2);
    await set(ann, /^A sound/, false);
    await bob.rest.say(room.id, 'in silence');
    await tells(ann, `${bob.fullName} in Garden: in silence`);
    expect(await sounds()).to.equal(2);
    await set(ann, /^Notifications/, false);
    await set(ann, /^A sound/, true);
    await bob.rest.say(room.id, 'heard, not seen');
    await ann.page.waitForFunction(() => (globalThis as unknown as { sounds: number }).sounds === 4);
    expect(await shown(ann)).to.have.length(2);
  });
});

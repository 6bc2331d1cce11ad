import { expect } from 'chai';
import { stage } from './stage.ts';

describe('keys', function () {
  this.timeout(120_000);
  const on = stage();

  it('go from conversation to conversation, to the next unread one, and are listed under ?', async () => {
    const ann = await on.join('Ann');
    const bob = await on.parley.register('bob');
    for (const name of ['Third', 'Second', 'First']) {
      const room = await bob.createRoom({ type: 'group', name, members: [ann.username] });
      await bob.say(room.id, `words in ${name}`);
    }
    const { keyboard } = ann.page;
    const isOpen = (name: string): Promise<void> =>
      ann.page.getByRole('heading', { name, level: 1, exact: true }).waitFor();
    for (const name of ['First', 'Second']) {
      await ann.openRoom(name);
      await ann.roomLink(name).getByText('1 unread').waitFor({ state: 'detached' });
    }
    await keyboard.press('Alt+ArrowUp');
    await isOpen('First');
    await keyboard.press('Shift+Alt+ArrowDown');
    await isOpen('Third');
    await keyboard.press('Alt+ArrowUp');
    await isOpen('Second');
    await ann.page.getByTestId('messages').focus();
    await keyboard.press('?');
    const help = ann.page.getByRole('dialog');
    await help.getByText('Go anywhere').waitFor();
    expect(await ann.violations(), 'axe').to.deep.equal([]);
    await keyboard.press('Escape');
    await help.waitFor({ state: 'detached' });
  });
});

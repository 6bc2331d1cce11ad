import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { ROOT } from '../../local/paths.ts';
import { stage } from './stage.ts';

describe('accounts in the browser', function () {
  this.timeout(180_000);
  const on = stage();

  const resetLink = async (username: string): Promise<string> => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'local/admin.ts', '--reset', username, '--data', on.parley.cluster.paths.data],
      { cwd: ROOT },
    );
    return /https:\S+#token=\S+/.exec(stdout)?.[0] ?? stdout;
  };

  it('asks the server nothing on a first visit', async () => {
    const ann = await on.open();
    const asked: string[] = [];
    ann.page.on('request', (request) => asked.push(request.url()));
    await ann.page.reload();
    await ann.page.getByRole('link', { name: 'Create an account' }).waitFor();
    expect(asked.filter((url) => url.includes('/api/'))).to.deep.equal([]);
  });

  it('sets a new password by a link, whose token leaves the address bar and works once', async () => {
    const ann = await on.join('Ann');
    const other = await on.open();
    const link = await resetLink(ann.username);
    await other.page.goto(link);
    const field = other.page.getByRole('textbox', { name: 'New password' });
    await field.waitFor();
    expect(other.page.url()).to.equal(`${on.parley.place.origin}/reset`);
    expect(await other.violations()).to.deep.equal([]);
    await field.fill('short');
    await other.page.getByRole('button', { name: 'Set password' }).click();
    await other.page.getByText('Use at least 8 characters.').waitFor();
    await field.fill('a new beginning');
    await other.page.getByRole('button', { name: 'Set password' }).click();
    await other.page.getByRole('heading', { name: 'Your new password is set' }).waitFor();
    await ann.page.getByRole('button', { name: 'Sign in' }).waitFor();
    await other.page.getByRole('button', { name: 'Sign in' }).click();
    await other.signIn(ann.username, 'a new beginning');

    const late = await on.open();
    await late.page.goto(link);
    await late.page.getByRole('textbox', { name: 'New password' }).fill('another new one');
    await late.page.getByRole('button', { name: 'Set password' }).click();
    await late.page.getByRole('heading', { name: 'This link is no longer valid' }).waitFor();
    await late.page.getByRole('button', { name: 'Go to sign-in' }).click();
    await late.page.getByRole('button', { name: 'Sign in' }).waitFor();
  });

  it('says that a link without its token is not whole', async () => {
    const ann = await on.open();
    await ann.page.goto('/reset');
    await ann.page.getByRole('heading', { name: 'Open your link once more' }).waitFor();
  });

  it('keeps the chosen theme over a reload, and the connection over the choice', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await on.meet(ann, bob);
    const theme = (): Promise<string | undefined> =>
      ann.page.evaluate(() => document.documentElement.dataset['theme']);
    await ann.page.getByRole('button', { name: 'Settings' }).click();
    await ann.page.getByRole('radio', { name: 'Dark' }).check();
    expect(await theme()).to.equal('dark');
    await ann.page.getByRole('button', { name: 'Close', exact: true }).click();
    await ann.say('written in the dark');
    await bob.openRoom(ann.fullName);
    await bob.sees('written in the dark');
    await ann.page.reload();
    await ann.sees('written in the dark');
    expect(await theme()).to.equal('dark');
  });

  it('follows the system from light to dark while it runs, and stays connected', async () => {
    const [ann, bob] = await Promise.all([on.join('Ann'), on.join('Bob')]);
    await on.meet(ann, bob);
    await ann.page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
    await ann.page.locator('html[data-theme="dark"]').waitFor();
    await ann.say('after sunset');
    await bob.openRoom(ann.fullName);
    await bob.sees('after sunset');
  });

  it('says in plain words that it was signed out from another device', async () => {
    const ann = await on.join('Ann');
    const other = await on.device(ann);
    await ann.page.getByRole('button', { name: 'Settings' }).click();
    const sessions = ann.page.getByRole('list', { name: 'Sessions' });
    await sessions.getByRole('button', { name: /^Sign out/ }).click();
    await other.page.getByText(/^You were signed out from another device/).waitFor();
    expect(await other.page.getByText('session ended').count()).to.equal(0);
  });

  it('signs out for good', async () => {
    const ann = await on.join('Ann');
    await ann.page.getByRole('button', { name: 'Settings' }).click();
    await ann.page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await ann.page.getByRole('button', { name: 'Sign in' }).waitFor();
    await ann.page.reload();
    await ann.page.getByRole('button', { name: 'Sign in' }).waitFor();
    await ann.page.goBack().catch(() => null);
    await ann.page.goto('/');
    await ann.page.getByRole('button', { name: 'Sign in' }).waitFor();
  });
});

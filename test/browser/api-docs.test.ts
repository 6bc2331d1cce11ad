import { expect } from 'chai';
import { stage } from './stage.ts';

describe('the API documentation in the browser', function () {
  this.timeout(180_000);
  const on = stage();

  it('lists the calls, signs in with a name and a password, and makes a call', async () => {
    const ann = await on.join('Ann');
    const { page } = ann;
    const failed: string[] = [];
    page.on('response', (response) => {
      if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`);
    });
    page.on('requestfailed', (request) => {
      if (request.url().includes('/api/docs')) failed.push(request.url());
    });
    await page.goto('/api');
    expect(new URL(page.url()).pathname).to.equal('/api/docs');
    const call = page.locator('#operations-users-get-users-me');
    const answer = call.locator('.live-responses-table');

    // Without a token the server says so.
    await call.locator('.opblock-summary-control').click();
    await call.getByRole('button', { name: 'Execute' }).click();
    await answer.filter({ hasText: '401' }).waitFor();
    expect(failed.splice(0)).to.have.length(1);

    await page.getByRole('button', { name: 'Authorize' }).first().click();
    const dialog = page.locator('.dialog-ux');
    await dialog.locator('#oauth_username').fill(ann.username);
    await dialog.locator('#oauth_password').fill('correct horse battery');
    await dialog.getByRole('button', { name: 'Apply given OAuth2 credentials' }).click();
    await dialog.getByRole('button', { name: 'Remove authorization' }).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).last().click();

    await call.getByRole('button', { name: 'Execute' }).click();
    await answer.filter({ hasText: `"${ann.username}"` }).waitFor();
    expect(failed, 'what the page could not load').to.deep.equal([]);
  });
});

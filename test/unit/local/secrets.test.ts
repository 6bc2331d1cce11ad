import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { loadSecrets } from '../../../local/secrets.ts';

describe('secrets', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'parley-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('are made once and kept, readable by the owner only', async () => {
    const path = join(folder, 'deep', 'secrets.json');
    const first = await loadSecrets(path);
    expect(await loadSecrets(path)).to.deep.equal(first);
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    expect(new Set(Object.values(first)).size).to.equal(4);
    for (const secret of Object.values(first)) expect(secret).to.match(/^[\w-]{48}$/);
  });

  it('that are missing or short are made anew, the others stay', async () => {
    const path = join(folder, 'secrets.json');
    const first = await loadSecrets(path);
    await writeFile(path, JSON.stringify({ ...first, REFRESH_SECRET: 'short' }));
    const second = await loadSecrets(path);
    expect(second.JWT_SECRET).to.equal(first.JWT_SECRET);
    expect(second.REFRESH_SECRET).to.have.length(48);
    expect(JSON.parse(await readFile(path, 'utf8'))).to.deep.equal(second);
  });

  it('survive a file that is no JSON by starting over', async () => {
    const path = join(folder, 'secrets.json');
    await writeFile(path, '{ "JWT_SECRET": ');
    expect((await loadSecrets(path)).JWT_SECRET).to.have.length(48);
  });
});

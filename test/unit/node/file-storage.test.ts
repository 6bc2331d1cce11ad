import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileStorage } from '../../../shared/node/file-storage.ts';

const MODULE = new URL('../../../shared/node/file-storage.ts', import.meta.url).href;
/** Writes ever larger values and says so, until it is killed. */
const WRITER = `
  const { fileStorage } = await import(${JSON.stringify(MODULE)});
  const storage = fileStorage(process.argv[1]);
  for (let n = 1; ; n += 1) {
    await storage.set('n', String(n) + ':' + 'x'.repeat(200_000 + n));
    process.stdout.write(n + '\\n');
  }
`;

describe('fileStorage', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-file-storage-'));
    path = join(folder, 'deeper', 'session.json');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('gives back what was kept, also to the next process', async () => {
    const storage = fileStorage(path);
    expect(await storage.get('a')).to.equal(undefined);
    await storage.set('a', '1');
    await storage.set('b', '2');
    await storage.set('b', '3');
    await storage.delete('a');
    for (const each of [storage, fileStorage(path)]) {
      expect([await each.get('a'), await each.get('b')]).to.deep.equal([undefined, '3']);
    }
  });

  it('loses none of many changes made at once', async () => {
    const storage = fileStorage(path);
    await Promise.all(Array.from({ length: 30 }, (_, i) => storage.set(`key ${i}`, String(i))));
    const next = fileStorage(path);
    for (let i = 0; i < 30; i += 1) expect(await next.get(`key ${i}`)).to.equal(String(i));
  });

  it('is readable by its owner alone', async () => {
    await fileStorage(path).set('session', 'secret');
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
  });

  it('holds the state before when a crash cut a write short', async () => {
    await fileStorage(path).set('a', '1');
    await writeFile(`${path}.new`, '{"a":"2","b":');
    const storage = fileStorage(path);
    expect(await storage.get('a')).to.equal('1');
    await storage.set('b', '2');
    expect(JSON.parse(await readFile(path, 'utf8'))).to.deep.equal({ a: '1', b: '2' });
    expect(await readdir(join(folder, 'deeper'))).to.deep.equal(['session.json']);
  });

  it('holds a whole state, not older than the last one confirmed, when its process is killed while it writes', async () => {
    for (const writes of [1, 4]) {
      const args = ['--import=tsx', '--input-type=module', '-e', WRITER, path];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      let confirmed = 0;
      for await (const chunk of child.stdout) {
        confirmed = Number(String(chunk).trim().split('\n').at(-1));
        if (confirmed >= writes) break;
      }
      const closed = child.exitCode === null ? once(child, 'exit') : undefined;
      child.kill('SIGKILL');
      await closed;
      const [n = '', text = ''] = ((await fileStorage(path).get('n')) ?? '').split(':');
      expect(Number(n)).to.be.at.least(confirmed);
      expect(text).to.have.length(200_000 + Number(n));
    }
  }).timeout(30_000);

  it('rejects a file that holds something else, and leaves it as it is', async () => {
    const other = join(folder, 'notes.txt');
    for (const text of ['not JSON', '[1]', '{"a":1}']) {
      await writeFile(other, text);
      const storage = fileStorage(other);
      for (const call of [() => storage.get('a'), () => storage.set('a', '1')]) {
        const error: unknown = await call().catch((e: unknown) => e);
        expect(error).to.be.an('error').with.property('message').that.includes('something else');
      }
      expect(await readFile(other, 'utf8')).to.equal(text);
    }
  });
});

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { takeLock } from '../../../local/files.ts';
import { identify, isAlive } from '../../../local/identity.ts';
import { pathsOf, type Paths } from '../../../local/paths.ts';
import { claim, endLeftovers, noteProcesses } from '../../../local/state.ts';

describe('left-overs of a killed supervisor', () => {
  let paths: Paths;
  const children: ChildProcess[] = [];

  beforeEach(async () => (paths = pathsOf(await mkdtemp(join(tmpdir(), 'parley-')))));
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await rm(paths.data, { recursive: true });
  });

  const sleeper = async () => {
    const child = spawn(process.execPath, ['-e', 'console.log("up"); setInterval(() => {}, 1e6)']);
    children.push(child);
    await once(child.stdout, 'data');
    const identity = await identify(child.pid ?? 0);
    if (identity === undefined) throw new Error('no identity');
    return { child, identity, gone: once(child, 'exit') };
  };

  it('are ended by the next start', async () => {
    const { identity, gone } = await sleeper();
    await noteProcesses(paths, [{ name: 'redis', ...identity }]);
    expect(await endLeftovers(paths)).to.deep.equal(['redis']);
    await gone;
    expect(await isAlive(identity)).to.equal(false);
  });

  it('are told from later processes with the same pid', async () => {
    const { identity } = await sleeper();
    await noteProcesses(paths, [{ name: 'redis', pid: identity.pid, started: 'earlier' }]);
    expect(await endLeftovers(paths)).to.deep.equal([]);
    expect(await isAlive(identity)).to.equal(true);
  });

  it('are none where the note is missing or broken', async () => {
    expect(await endLeftovers(paths)).to.deep.equal([]);
    await noteProcesses(paths, []);
    await writeFile(join(paths.run, 'cluster.json'), '{"processes": [{"pid": "1"}, 7, null]}');
    expect(await endLeftovers(paths)).to.deep.equal([]);
  });
});

describe('the claim of a data folder', () => {
  let paths: Paths;
  beforeEach(async () => (paths = pathsOf(await mkdtemp(join(tmpdir(), 'parley-')))));
  afterEach(() => rm(paths.data, { recursive: true }));

  it('is refused while another holds it, and free after the release', async () => {
    const release = await claim(paths);
    const refused = await claim(paths).then(
      () => 'taken',
      (error: Error) => error.message,
    );
    expect(refused).to.include('already runs').and.include(String(process.pid));
    await release();
    await (
      await claim(paths)
    )();
  });

  it('passes over from the dead', async () => {
    await claim(paths);
    await writeFile(
      join(paths.run, 'lock'),
      JSON.stringify({ pid: process.pid, started: 'before this boot' }),
    );
    await (
      await claim(paths)
    )();
  });

  it('goes to exactly one of many who ask at once', async () => {
    const locks = await Promise.all(Array.from({ length: 8 }, () => takeLock(join(paths.run, 'one'))));
    expect(locks.filter((lock) => 'release' in lock)).to.have.length(1);
  });
});

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { mirrorOf } from '../../local/documentdb/apt.ts';
import { DocumentDbUnavailable } from '../../local/documentdb/errors.ts';
import { installDocumentDB } from '../../local/documentdb/install.ts';
import { holdLock } from '../../local/documentdb/lock.ts';
import { quiet, rejection, temporaryData } from './store.ts';

describe('installing', () => {
  it('uses the mirror that the machine’s own sources name, in either style', () => {
    const deb822 = 'Types: deb\nURIs: http://mirror.example/debian\nSuites: stable\n';
    const oneLine =
      '# deb http://old.example/debian x main\ndeb [signed-by=/k] https://m.example/pub/debian/ stable main\n';
    expect(mirrorOf(deb822)).to.equal('http://mirror.example/debian');
    expect(mirrorOf(oneLine)).to.equal('https://m.example/pub/debian/');
  });

  it('takes no other vendor’s mirror and none for security updates', () => {
    expect(mirrorOf('deb http://archive.example/ubuntu noble main')).to.equal(undefined);
    expect(mirrorOf('URIs: http://mirror.example/debian-security')).to.equal(undefined);
  });

  it('never touches a directory that is not its own', async function () {
    if (process.geteuid?.() !== 0) this.skip();
    const { dir, remove } = await temporaryData();
    const root = join(dir, 'root');
    await mkdir(join(root, 'precious'), { recursive: true });
    const error = await rejection(installDocumentDB({ root, log: quiet }));
    expect(error).to.be.instanceOf(DocumentDbUnavailable);
    expect(error.message).to.include('is not a root made by Parley');
    await remove();
  });

  it('lets one go on after the other', async () => {
    const { dir, remove } = await temporaryData();
    const path = join(dir, 'lock');
    const order: string[] = [];
    const unlock = await holdLock(path);
    const second = holdLock(path).then((release) => {
      order.push('second');
      release();
    });
    order.push('first');
    unlock();
    await second;
    expect(order).to.deep.equal(['first', 'second']);
    await remove();
  });
});

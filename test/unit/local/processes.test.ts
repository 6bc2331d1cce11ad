import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { SetupError } from '../../../local/errors.ts';
import { isAlive } from '../../../local/identity.ts';
import { Supervised, type ProcessSpec } from '../../../local/processes.ts';

describe('a supervised process', () => {
  let folder: string;
  let item: Supervised | undefined;
  let troubles: string[];
  let onTrouble: () => void;
  let changed: () => void;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-'));
    troubles = [];
    onTrouble = changed = () => undefined;
  });
  afterEach(async () => {
    await item?.stop();
    await rm(folder, { recursive: true });
  });

  const create = (script: string, spec: Partial<ProcessSpec> = {}): Supervised => {
    const log = join(folder, 'child.log');
    item = new Supervised(
      {
        name: 'child',
        program: process.execPath,
        args: ['-e', script],
        log,
        isReady: async () => (await readFile(log, 'utf8')).includes('up'),
        grace: 5_000,
        ...spec,
      },
      {
        onChange: () => changed(),
        onTrouble: (_name, text) => {
          troubles.push(text);
          onTrouble();
        },
      },
    );
    return item;
  };
  const STEADY = 'console.log("up"); setInterval(() => {}, 1e6)';
  const failure = (promise: Promise<unknown>): Promise<Error> =>
    promise.then(
      () => new Error('it did not fail'),
      (error: Error) => error,
    );

  it('is running once it says so', async () => {
    const child = create(STEADY);
    await child.start();
    expect(child.isRunning).to.equal(true);
  });

  it('that ends at once is told with its own complaint', async () => {
    const error = await failure(
      create('console.error("Error: no such thing"); process.exit(3)', {
        isReady: async () => false,
      }).start(),
    );
    expect(error).to.be.instanceOf(SetupError);
    expect(error.message).to.include('no such thing').and.include('child.log');
  });

  it('that does not exist is told', async () => {
    const error = await failure(create('', { program: '/no/such/program' }).start());
    expect(error).to.be.instanceOf(SetupError);
  });

  it('that stays silent is given up', async () => {
    const error = await failure(create(STEADY, { isReady: async () => false, readyTimeout: 100 }).start());
    expect(error.message).to.include('does not answer');
    expect(item?.identity).to.equal(undefined);
  });

  it('that is killed is started again, as another process', async () => {
    const child = create(STEADY);
    await child.start();
    const before = child.identity;
    const again = new Promise<void>((resolve) => {
      changed = () => {
        if (child.identity !== undefined && child.identity.pid !== before?.pid) resolve();
      };
    });
    await child.kill('SIGKILL');
    await again;
    expect(troubles[0]).to.include('SIGKILL');
  });

  it('takes what it started with it when it dies', async () => {
    const script = `
      const { spawn } = require('node:child_process');
      const helper = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)']);
      helper.once('spawn', () => { console.log('helper ' + helper.pid); console.log('up'); });
      setInterval(() => {}, 1e6);`;
    const child = create(script);
    await child.start();
    const pid = Number(/helper (\d+)/.exec(await readFile(join(folder, 'child.log'), 'utf8'))?.[1]);
    const trouble = new Promise<void>((resolve) => (onTrouble = resolve));
    await child.kill('SIGKILL');
    await trouble;
    await child.stop();
    for (;;) {
      const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ' Z ');
      if (/ [ZX] /.test(state)) break;
    }
  });

  it('that is stopped stays away', async () => {
    const child = create(STEADY);
    await child.start();
    const { identity } = child;
    await child.stop();
    expect(identity !== undefined && (await isAlive(identity))).to.equal(false);
    expect(troubles).to.deep.equal([]);
  });

  it('that ignores SIGTERM is killed after its grace', async () => {
    const child = create(`process.on('SIGTERM', () => {}); ${STEADY}`, { grace: 100 });
    await child.start();
    await child.stop();
    expect(child.identity).to.equal(undefined);
  });

  it('that was killed says when it runs again', async () => {
    const child = create(STEADY);
    await child.start();
    const twice = new Promise<void>((resolve) => (onTrouble = () => troubles.length === 2 && resolve()));
    await child.kill('SIGKILL');
    await twice;
    expect(troubles[1]).to.equal('runs again');
    expect(child.isRunning).to.equal(true);
  });

  it('that is restarted is another process, and its end no trouble', async () => {
    const child = create(STEADY);
    await child.start();
    const before = child.identity;
    await child.restart();
    expect(child.isRunning).to.equal(true);
    expect(before !== undefined && (await isAlive(before))).to.equal(false);
    expect(troubles).to.deep.equal([]);
  });

  it('that does not come back from a restart is tried again', async () => {
    let isReady = true;
    const child = create(STEADY, { isReady: async () => isReady, readyTimeout: 100 });
    await child.start();
    isReady = false;
    expect((await failure(child.restart())).message).to.include('does not answer');
    const back = new Promise<void>((resolve) => {
      onTrouble = () => troubles.includes('runs again') && resolve();
    });
    isReady = true;
    await back;
    expect(child.isRunning).to.equal(true);
  });

  it('can be started again after a stop', async () => {
    const child = create(STEADY);
    await child.start();
    await child.stop();
    await child.start();
    expect(child.isRunning).to.equal(true);
  });
});

import { expect } from 'chai';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastComplaint, LogFile } from '../../../local/logfile.ts';

describe('what a dead process complained of', () => {
  it('is its last error, not a line of the stack below', () => {
    const lines = [
      'Error [TransformError]: Transform failed with 1 error:',
      'gateway/main.ts:109:7: ERROR: Expected ";" but found "error"',
      '    at failureErrorWithLog (node_modules/esbuild/lib/main.js:1752:15)',
      'Node.js v20.20.2',
    ];
    expect(lastComplaint(lines)).to.equal('gateway/main.ts:109:7: ERROR: Expected ";" but found "error"');
  });

  it('is the message of a JSON line from level 50 on', () => {
    const lines = [
      '{"level":60,"msg":"could not start","err":{"message":"no store"}}',
      '{"level":30,"msg":"bye"}',
    ];
    expect(lastComplaint(lines)).to.equal('could not start: no store');
  });

  it('is its last line where nothing looks like an error', () => {
    expect(lastComplaint(['one', 'two '])).to.equal('two');
    expect(lastComplaint([])).to.equal('it said nothing');
  });
});

describe('a log file', () => {
  it('is readable by its owner only', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'parley-'));
    try {
      const log = new LogFile(join(folder, 'logs', 'nginx-access.log'));
      log.withDescriptor(() => undefined);
      expect((await stat(log.path)).mode & 0o777).to.equal(0o600);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

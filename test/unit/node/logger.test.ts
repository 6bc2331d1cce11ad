import { spawnSync } from 'node:child_process';
import { expect } from 'chai';

/** The one line that a process writes which logs like this. */
function logged(code: string): Record<string, unknown> {
  const module = new URL('../../../shared/node/logger.ts', import.meta.url).href;
  const script = `const { createLogger } = await import(${JSON.stringify(module)});
    const logger = createLogger({ name: 'test', level: 'info' });
    ${code}`;
  const { stdout } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    { encoding: 'utf8' },
  );
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('the logger', function () {
  this.timeout(30_000);

  it('keeps of an error its kind, message, stack and code, not the commands and documents in it', () => {
    const line = logged(`
      const error = Object.assign(new Error('refused'), {
        code: 121,
        command: { name: 'publish', args: ['channel', 'a secret text'] },
        writeErrors: [{ err: { op: { u: { $set: { lastMessage: { text: 'a secret text' } } } } } }],
      });
      logger.warn({ err: error }, 'failed');`);
    expect(line['err']).to.have.all.keys('type', 'message', 'stack', 'code');
    expect(line['err']).to.include({ message: 'refused', code: 121 });
    expect(JSON.stringify(line)).to.not.include('secret');
  });

  it('writes no token, password or text, wherever it stands', () => {
    const line = logged(
      `logger.info({ token: 's3', body: { password: 's3', frame: { text: 's3' } } }, 'x');`,
    );
    expect(JSON.stringify(line)).to.not.include('s3');
  });
});

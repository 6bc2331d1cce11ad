import { expect } from 'chai';
import { createOutput, seconds, thousands } from '../../../local/output.ts';

const stream = (isTTY: boolean) => {
  const written: string[] = [];
  return { isTTY, columns: 60, written, write: (text: string) => written.push(text) };
};

describe('output', () => {
  it('is plain where there is no terminal', () => {
    const log = stream(false);
    createOutput(log, {}).line('redis', 'Redis 7');
    expect(log.written.join('')).to.equal('  redis        Redis 7\n');
  });

  it('keeps quick steps out of a log', () => {
    const log = stream(false);
    const output = createOutput(log, {});
    output.progress('redis', 'starting');
    output.line('redis', 'there');
    expect(log.written.join('')).not.to.include('starting');
  });

  it('shows progress at once on a terminal, within its width, and wipes it', () => {
    const terminal = stream(true);
    const output = createOutput(terminal, {});
    output.progress('apt', 'x'.repeat(200));
    expect(terminal.written.join('').match(/x+/)?.[0]).to.have.length.below(60);
    output.line('apt', 'done');
    expect(terminal.written.join('')).to.include('\r\x1b[2K').and.to.include('done');
  });

  it('has no colours when NO_COLOR is set', () => {
    const terminal = stream(true);
    createOutput(terminal, { NO_COLOR: '1' }).line('redis', 'x');
    expect(terminal.written.join('')).not.to.include('\x1b[3');
  });

  it('writes durations and counts as people do', () => {
    expect([seconds(3_210), seconds(125_000), thousands(36_000)]).to.deep.equal([
      '3.2 s',
      '2 min 5 s',
      '36,000',
    ]);
  });
});

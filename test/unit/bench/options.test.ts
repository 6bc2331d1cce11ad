import { expect } from 'chai';
import { commandOf, readOptions } from '../../../bench/options.ts';
import { SCENARIOS } from '../../../bench/scenarios/names.ts';

describe('options of the benchmarks', () => {
  it('run everything three times when none is given', () => {
    expect(readOptions([]))
      .to.include({ runs: 3, seconds: 6, profile: false })
      .and.have.property('only', SCENARIOS);
  });

  it('take some scenarios, in the order of the page', () => {
    expect(readOptions(['--only', 'sends, fan-out-1']).only).to.deep.equal(['fan-out-1', 'sends']);
  });

  it('name a scenario that does not exist, and those that do', () => {
    expect(() => readOptions(['--only', 'fan-out-3'])).to.throw(/fan-out-3.*fan-out-1, fan-out-2/);
  });

  for (const [name, values] of [
    ['--runs', ['0', '1.5', 'many', '26', '']],
    ['--seconds', ['0', '-1', '601']],
    ['--messages', ['0', 'all', '10000001']],
  ] as const)
    for (const value of values)
      it(`refuse ${name}=${value}`, () => {
        expect(() => readOptions([`${name}=${value}`])).to.throw(name);
      });

  it('refuse what is unknown', () => {
    expect(() => readOptions(['--quick'])).to.throw('--quick');
  });

  it('can be said again as a command that means the same', () => {
    const command = commandOf(readOptions(['--only=sends', '--runs=2', '--profile']));
    expect(command).to.equal('npm run bench -- --only sends --runs 2 --seconds 6 --profile');
  });
});

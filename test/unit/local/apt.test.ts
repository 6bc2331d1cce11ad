import { expect } from 'chai';
import { aptProgress } from '../../../local/apt.ts';

describe('apt progress', () => {
  it('is told from the machine-readable status', () => {
    expect(aptProgress('dlstatus:1:9.57:Retrieving file 1 of 2')).to.equal(
      'downloading: 9 %  Retrieving file 1 of 2',
    );
    expect(aptProgress('pmstatus:nginx:62.5:Unpacking nginx')).to.equal('installing: 62 %  Unpacking nginx');
  });

  it('ignores every other line', () => {
    for (const line of ['', 'Reading package lists...', 'Setting up nginx (1.22) ...', 'E: no'])
      expect(aptProgress(line)).to.equal(undefined);
  });
});

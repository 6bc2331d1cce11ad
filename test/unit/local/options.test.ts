import { expect } from 'chai';
import { SetupError } from '../../../local/errors.ts';
import { parseRestart, parseScale, parseStart } from '../../../local/options.ts';

describe('options of npm start', () => {
  it('have defaults', () => {
    expect(parseStart([])).to.deep.equal({
      api: 2,
      gateways: 2,
      port: 8443,
      httpPort: 8080,
      data: '.data',
      demo: false,
      dev: false,
    });
  });

  it('are taken as given', () => {
    const given = parseStart([
      '--api',
      '3',
      '--gateways=4',
      '--port',
      '9443',
      '--http-port',
      '9080',
      '--data',
      'x',
      '--demo',
    ]);
    expect(given).to.include({ api: 3, gateways: 4, port: 9443, httpPort: 9080, data: 'x', demo: true });
  });

  it('ask for help', () => {
    expect(parseStart(['--help'])).to.equal('help');
    expect(parseScale(['-h'])).to.equal('help');
  });

  for (const argv of [
    ['--nonsense'],
    ['stray'],
    ['--api', '0'],
    ['--api', 'two'],
    ['--api', '1e1'],
    ['--gateways', '65'],
    ['--port', '65536'],
    ['--port', ''],
    ['--data', ''],
    ['--port', '8080'],
    ['--demo=yes'],
  ])
    it(`refuse ${argv.join(' ')} in one line`, () => {
      expect(() => parseStart(argv))
        .to.throw(SetupError)
        .with.property('message')
        .that.matches(/^[^\n]{5,120}$/);
    });
});

describe('options of npm run scale', () => {
  it('leave what is not named as it is', () => {
    expect(parseScale(['--gateways', '4'])).to.deep.equal({ api: undefined, gateways: 4, data: '.data' });
  });

  it('name at least one count', () => {
    expect(() => parseScale([])).to.throw(SetupError, 'say how many');
  });
});

describe('options of npm run restart', () => {
  it('are the data folder', () => {
    expect(parseRestart([])).to.deep.equal({ data: '.data' });
    expect(parseRestart(['--data', '/tmp/x'])).to.deep.equal({ data: '/tmp/x' });
    expect(parseRestart(['--help'])).to.equal('help');
  });

  it('are nothing else', () => {
    expect(() => parseRestart(['--api', '2'])).to.throw(SetupError, "Unknown option '--api'");
  });
});

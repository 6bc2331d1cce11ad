import { expect } from 'chai';
import { UsageError } from '../../../load/errors.ts';
import { LOAD_HELP, parseOptions, type LoadOptions } from '../../../load/options.ts';

const parse = (line: string): LoadOptions => {
  const options = parseOptions(line === '' ? [] : line.split(' '));
  if (options === 'help') throw new Error('help');
  return options;
};
const complaint = (line: string): string => {
  try {
    parse(line);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  return '';
};

describe('the options of the load tester', () => {
  it('have sensible defaults', () => {
    expect(parse('')).to.include({
      ...{
        url: 'https://localhost:8443',
        mix: 'chat',
        connections: 1_000,
        users: 20,
        rooms: 20,
        roomsEach: 1,
      },
      ...{ rate: 100, duration: 30, ramp: 1_000, limitErrors: 1, limitP99: undefined, findMax: false },
    });
  });

  it('take what is given', () => {
    const line = '--url https://chat.example.org/x --connections 10000 --rooms 200 --rate 2000 --duration 60';
    expect(parse(`${line} --mix dms --source 10.0.0.1,10.0.0.2 --limit-p99 250`)).to.deep.include({
      ...{ url: 'https://chat.example.org', connections: 10_000, rooms: 200, rate: 2_000, duration: 60 },
      ...{ mix: 'dms', sources: ['10.0.0.1', '10.0.0.2'], limitP99: 250, users: 200 },
    });
  });

  it('make an idle crowd silent, in five rooms each', () => {
    expect(parse('--mix idle')).to.include({ rate: 0, roomsEach: 5 });
  });

  it('search with a limit of half a second unless told otherwise', () => {
    expect(parse('--find-max')).to.include({ findMax: true, limitP99: 500 });
    expect(parse('--find-max --limit-p99 90')).to.include({ limitP99: 90 });
  });

  it('are refused with one sentence that names the option', () => {
    expect(complaint('--rate fast')).to.match(/^--rate must be a number from 0\.1 to .*, not "fast"$/);
    expect(complaint('--connections 0')).to.match(/^--connections must be a number from 1/);
    expect(complaint('--mix party')).to.match(/^--mix must be one of chat, huge, dms, storm, idle/);
    expect(complaint('--url chat')).to.match(/^--url must be like https:/);
    expect(complaint('--url ftp://x')).to.match(/^--url must be like/);
    expect(complaint('--nothing')).to.match(/--nothing.*see --help/);
    expect(complaint('stray')).to.match(/see --help/);
    expect(complaint('--mix idle --find-max')).to.match(/^--find-max needs a mix that sends/);
    expect(complaint('--users 20 --connections 10')).to.match(/^--users must not be more than --connections/);
    expect(complaint('--rate -1')).to.match(/--rate/);
  });

  it('all stand in the help', () => {
    const names = [...LOAD_HELP.matchAll(/^ {2}--([a-z0-9-]+)/gm)].map((match) => match[1] ?? '');
    const flags = new Set(['help', 'insecure', 'fresh', 'find-max']);
    const odd: Record<string, string> = {
      url: 'https://x',
      mix: 'chat',
      'limit-errors': '1',
      'rooms-each': '1',
    };
    for (const name of names) {
      if (name === 'help') continue;
      const value = odd[name] ?? '100';
      expect(complaint(flags.has(name) ? `--${name}` : `--${name} ${value}`), name).to.equal('');
    }
    expect(names).to.have.length.above(20);
  });
});

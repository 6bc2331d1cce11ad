import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { CloseCode, isFinal, LIMITS, SUBPROTOCOL } from '../../../shared/wire/protocol.ts';
import { ERROR_STATUS } from '../../../shared/wire/rest.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const DOCS = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => /\.(md|yaml)$/.test(name))
    .map((name) => `docs/${name}`),
];

/** The frame types of a union in protocol.ts, by the source: `type: '…'` of each interface the union names. */
function framesOf(union: 'ClientFrame' | 'ServerFrame'): string[] {
  const source = read('shared/wire/protocol.ts');
  const types = new Map(
    [...source.matchAll(/interface (\w+) [^{]*\{\s*readonly type: '([^']+)'/g)].map((m) => [m[1], m[2]]),
  );
  const members = new RegExp(`type ${union} =([^;]+);`).exec(source)?.[1] ?? '';
  return [...members.matchAll(/\w+/g)].map(([name]) => types.get(name) ?? `unknown ${name}`);
}

/** The lines of a Markdown file below the heading `## title`, up to the next of its rank. */
function section(path: string, title: string): string {
  const text = read(path);
  const start = text.indexOf(`\n## ${title}\n`);
  expect(start, `${path} has a section "${title}"`).to.be.greaterThan(-1);
  const end = text.indexOf('\n## ', start + 1);
  return text.slice(start, end === -1 ? undefined : end);
}

/** The cells of a section's table rows, without the head. */
function rows(path: string, title: string): string[][] {
  const lines = section(path, title)
    .split('\n')
    .filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const number = (text: string | undefined): number => Number((text ?? '').replaceAll(',', ''));

describe('docs/protocol.md', () => {
  const headings = (title: string): string[] =>
    [...section('docs/protocol.md', title).matchAll(/^### `([^`]+)`$/gm)].map((m) => m[1] ?? '');

  it('has one section for each frame of a client', () => {
    expect(headings('Client → gateway')).to.have.members(framesOf('ClientFrame'));
  });

  it('has one section for each frame of a gateway', () => {
    expect(headings('Gateway → client')).to.have.members(framesOf('ServerFrame'));
  });

  it('names every close code with its meaning for the client', () => {
    const codes = rows('docs/protocol.md', 'Close codes');
    expect(Object.fromEntries(codes.map(([code, name]) => [name, number(code)]))).to.deep.equal(CloseCode);
    for (const [code, , then] of codes) expect(then).to.equal(isFinal(number(code)) ? 'stop' : 'reconnect');
  });

  it('names the library codes that are final', () => {
    const prose = section('docs/protocol.md', 'Close codes');
    const named = /Beside these, ([\d, and]+)/.exec(prose)?.[1]?.match(/\d+/g)?.map(Number) ?? [];
    expect(named).to.have.length.greaterThan(0);
    const known = new Set<number>(Object.values(CloseCode));
    const final = Array.from({ length: 5_000 }, (_, code) => code).filter((c) => isFinal(c) && !known.has(c));
    expect(named).to.have.members(final);
  });

  it('gives every limit its value', () => {
    const limits = rows('docs/protocol.md', 'Limits');
    expect(Object.fromEntries(limits.map(([name, value]) => [name, number(value)]))).to.deep.equal(LIMITS);
  });

  it('gives every error code its status', () => {
    const errors = rows('docs/protocol.md', 'Error codes');
    expect(Object.fromEntries(errors.map(([code, status]) => [code, number(status)]))).to.deep.equal(
      ERROR_STATUS,
    );
  });

  it('shows a client of less than 80 lines that speaks the subprotocol', () => {
    const code = /```js\n([\s\S]*?)```/.exec(section('docs/protocol.md', 'Write your own client'))?.[1] ?? '';
    expect(code).to.include(`'${SUBPROTOCOL}'`);
    expect(code.trimEnd().split('\n')).to.have.length.below(80);
  });
});

// The file keeps to a plain style (two spaces, one key a line), so that lines tell what a YAML parser would.
describe('docs/asyncapi.yaml', () => {
  const source = read('docs/asyncapi.yaml');
  const block = (text: string, key: string, indent: number): string => {
    const pad = ' '.repeat(indent);
    const start = text.search(new RegExp(`^${pad}${key}:$`, 'm'));
    expect(start, key).to.be.greaterThan(-1);
    const rest = text.slice(start + indent + key.length + 2);
    const end = rest.search(new RegExp(`^ {0,${indent}}\\S`, 'm'));
    return end === -1 ? rest : rest.slice(0, end);
  };
  const messages = block(block(source, 'components', 0), 'messages', 2);
  const names = new Map(
    [...messages.matchAll(/^ {4}([\w.]+):\n {6}name: (\S+)$/gm)].map((m) => [m[1] ?? '', m[2] ?? '']),
  );
  const sent = (operation: string): string[] => {
    const text = block(block(source, 'operations', 0), operation, 2);
    return [...text.matchAll(/socket\/messages\/([\w.]+)'/g)].map((m) => names.get(m[1] ?? '') ?? 'unknown');
  };

  it('is AsyncAPI 3.1 for this subprotocol', () => {
    expect(source).to.match(/^asyncapi: 3\.1\.0$/m);
    expect(source).to.match(new RegExp(`^ {2}version: ${SUBPROTOCOL.replace('.', '\\.')}$`, 'm'));
  });

  it('receives the frames of a client and sends those of a gateway', () => {
    expect(sent('fromClient')).to.have.members(framesOf('ClientFrame'));
    expect(sent('toClient')).to.have.members(framesOf('ServerFrame'));
  });

  it('has no message that no operation uses', () => {
    expect(names).to.have.property('size', sent('fromClient').length + sent('toClient').length);
  });

  it('gives each message the type it is named after', () => {
    const types = [...messages.matchAll(/^ +type: \{ type: string, const: (\S+) \}$/gm)].map((m) => m[1]);
    expect(types).to.deep.equal([...names.values()]);
  });

  it('refers only to what is there', () => {
    for (const [, kind = '', name = ''] of source.matchAll(/#\/components\/(\w+)\/([\w.]+)'/g)) {
      const within = block(block(source, 'components', 0), kind, 2);
      expect(within).to.match(new RegExp(`^ {4}${name.replace('.', '\\.')}:$`, 'm'));
    }
  });
});

describe('the variables of shared/node/config.ts', () => {
  const variables = [...read('shared/node/config.ts').matchAll(/^ {2}([A-Z][A-Z_]+):/gm)].map(
    (m) => m[1] ?? '',
  );

  it('are found in the source', () => {
    expect(variables).to.include.members(['NODE_ENV', 'MONGODB_URL', 'API_NODES']);
  });

  it('all stand in .env.example', () => {
    const example = read('.env.example');
    const lacking = variables.filter((name) => !new RegExp(`^#? ?${name}=`, 'm').test(example));
    expect(lacking).to.deep.equal([]);
  });

  it('all stand in the README or in docs/operations.md', () => {
    const text = read('README.md') + read('docs/operations.md');
    expect(variables.filter((name) => !text.includes(`\`${name}\``))).to.deep.equal([]);
  });
});

describe('the documents', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const builtIn = new Set(['ci', 'install', 'run']);

  for (const path of DOCS) {
    const text = read(path);

    it(`${path} names only npm scripts that exist`, () => {
      const short = [...text.matchAll(/\bnpm (start|test)\b/g)].map((m) => m[1] ?? '');
      const run = [...text.matchAll(/\bnpm run ([\w:]+)/g)].map((m) => m[1] ?? '');
      expect([...short, ...run].filter((name) => !(name in scripts))).to.deep.equal([]);
      const other = [...text.matchAll(/\bnpm ([a-z]+)/g)].map((m) => m[1] ?? '');
      expect(other.filter((name) => !builtIn.has(name) && !['start', 'test'].includes(name))).to.deep.equal(
        [],
      );
    });

    it(`${path} names no path of the machine it was written on`, () => {
      expect(text).not.to.match(/(^|[\s`'"(])\/(work|root|home|tmp)\//m);
    });

    it(`${path} links only to files that exist`, () => {
      const links = [...text.matchAll(/\]\(([^)\s]+)\)|src(?:set)?="([^"]+)"/g)].map(
        (m) => m[1] ?? m[2] ?? '',
      );
      const local = links
        .filter((link) => !/^(https?:|#)/.test(link))
        .map((link) => link.split('#', 1)[0] ?? '');
      const gone = local.filter((link) => !existsSync(join(ROOT, dirname(path), link)));
      expect(gone).to.deep.equal([]);
    });
  }
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { CHECKS } from '../../../conformance/checks/index.ts';
import { FrameContract } from '../../../conformance/contract/frames.ts';
import { readOptions } from '../../../conformance/options.ts';
import type { ServerFrame } from '../../../shared/wire/protocol.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const page = readFileSync(join(ROOT, 'docs', 'protocol.md'), 'utf8');

/** As GitHub makes them: the first of two equal headings keeps the plain one. */
const anchors = new Set(
  [...page.matchAll(/^#{2,3} (.+)$/gm)].map((m) =>
    (m[1] ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  ),
);

describe('the conformance checks', () => {
  it('are more than a hundred, each with a title of its own', () => {
    expect(CHECKS.length).to.be.greaterThan(100);
    expect(new Set(CHECKS.map(({ title }) => title)).size).to.equal(CHECKS.length);
  });

  it('each refer to a section that docs/protocol.md has', () => {
    const sections = [...new Set(CHECKS.map(({ section }) => section))];
    expect(sections.filter((name) => !anchors.has(name))).to.deep.equal([]);
  });

  it('share no code with Parley', () => {
    const sources = [
      'context.ts',
      'runner.ts',
      'suite.ts',
      'client/socket.ts',
      'client/user.ts',
      'client/http.ts',
    ];
    for (const source of sources) {
      const text = readFileSync(join(ROOT, 'conformance', source), 'utf8');
      expect(text, source).not.to.match(/from '[./]*\/(shared|api|gateway|client\/src|test)\//);
    }
  });
});

describe('the options of the conformance suite', () => {
  it('take a wss URL, of which the origin counts', () => {
    expect(readOptions(['--url', 'wss://chat.example:9443/ws']).url).to.equal('wss://chat.example:9443');
  });

  it('refuse what is no socket’s URL, and jobs out of range', () => {
    for (const url of ['https://chat.example', 'chat.example', ''])
      expect(() => readOptions(['--url', url]), url).to.throw('--url');
    expect(() => readOptions([])).to.throw('--url is required');
    for (const jobs of ['0', '33', 'x', '1.5'])
      expect(() => readOptions(['--url', 'wss://a.example', '--jobs', jobs]), jobs).to.throw('--jobs');
  });
});

describe('the frames of docs/asyncapi.yaml', () => {
  const contract = new FrameContract();
  const frame: ServerFrame = { type: 'gap', room: 'a'.repeat(24), from: 1, to: 2 };

  it('take a frame that is exactly as it should be', () => {
    expect(contract.complaints('toClient', frame)).to.deep.equal([]);
  });

  it('refuse a field too many, one too few, and one of another type', () => {
    const { to: _, ...short } = frame;
    for (const bad of [{ ...frame, more: 1 }, short, { ...frame, to: '2' }])
      expect(contract.complaints('toClient', bad)).to.have.length(1);
  });

  it('refuse a type that goes the other way, and what is no frame', () => {
    for (const bad of [{ type: 'ping' }, {}, null, 'ping', []])
      expect(contract.complaints('toClient', bad)).to.have.length(1);
  });

  it('say nothing that is not checked', () => {
    const source = readFileSync(join(ROOT, 'docs', 'asyncapi.yaml'), 'utf8');
    expect(() => new FrameContract(source.replace('minItems: 3', 'contains: 3'))).to.throw('contains');
    expect(() => new FrameContract(source.replace("schemas/Time' }", "schemas/Tide' }"))).to.throw('Tide');
  });
});
